/**
 * Stands in for `@kurkle/color` in what browsers load: Chart.js mixes colours only to animate and to light up what is
 * under the pointer, and here it draws neither. It is a twentieth of the whole.
 */
export class Color {
  readonly valid = false;
}
