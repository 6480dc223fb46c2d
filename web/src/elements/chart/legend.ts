import { css, html, type TemplateResult } from 'lit';
import { type Display, displayText } from '../base/display.ts';

/** How many hues there are; further lines begin again, dashed. */
export const HUES = 8;

export interface LegendItem {
  readonly name: string;
  readonly label: string;
  readonly definition: string;
  /** 1 to {@link HUES}. */
  readonly hue: number;
  readonly dash: readonly number[];
  readonly value: number | null;
  /** What it was in the period before, where somebody compares. */
  readonly before: number | null;
  /** Whether its line is left out. */
  readonly hidden: boolean;
}

export const legendStyles = css`
  .legend {
    display: flex;
    flex-wrap: wrap;
    font-size: var(--telltale-legend-size, 12px);
    gap: 2px var(--telltale-legend-gap, 16px);
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .legend button {
    align-items: baseline;
    background: none;
    border: 0;
    border-radius: 3px;
    color: inherit;
    cursor: pointer;
    display: inline-flex;
    font: inherit;
    gap: 6px;
    max-width: 100%;
    padding: 1px 0;
  }
  .legend li {
    max-width: 100%;
  }
  /* A name may be of any length. */
  .legend .muted {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .legend button:focus-visible {
    outline: 2px solid var(--_series-1);
    outline-offset: 2px;
  }
  .legend [aria-pressed='false'] {
    opacity: 0.5;
    text-decoration: line-through;
  }
  .swatch {
    border-top: 3px solid currentColor;
    /* Hues are what tells the lines apart, in forced colours too. */
    forced-color-adjust: none;
    display: inline-block;
    flex: none;
    position: relative;
    top: -0.25em;
    width: 12px;
  }
  .dashed {
    border-top-style: dotted;
  }
  .legend .live {
    min-width: var(--telltale-legend-value, 4.5em);
    text-align: left;
  }
  .hue-1 {
    color: var(--_series-1);
  }
  .hue-2 {
    color: var(--_series-2);
  }
  .hue-3 {
    color: var(--_series-3);
  }
  .hue-4 {
    color: var(--_series-4);
  }
  .hue-5 {
    color: var(--_series-5);
  }
  .hue-6 {
    color: var(--_series-6);
  }
  .hue-7 {
    color: var(--_series-7);
  }
  .hue-8 {
    color: var(--_series-8);
  }
`;

export const swatchTemplate = ({ hue, dash }: Pick<LegendItem, 'hue' | 'dash'>): TemplateResult =>
  html`<span class="swatch hue-${hue} ${dash.length > 0 ? 'dashed' : ''}"></span>`;

/**
 * What each line is, and its value now or under the cursor. A click leaves the line out, or takes it in again; whoever
 * points at one sees it alone before the others, which tells lines apart where colours do not. `note` is what there is to
 * say of all of them.
 */
export function legendTemplate(
  items: readonly LegendItem[],
  display: Display,
  toggle: (name: string) => void,
  point: (name: string | null) => void,
  note: string,
): TemplateResult {
  return html`<ul part="legend" class="legend">
    ${items.map((item) => {
      const { name, label, definition, value, hidden } = item;
      return html`<li>
        <button
          title=${definition}
          aria-pressed=${hidden ? 'false' : 'true'}
          @click=${() => toggle(name)}
          @pointerenter=${() => point(name)}
          @pointerleave=${() => point(null)}
          @focus=${() => point(name)}
          @blur=${() => point(null)}
        >
          ${swatchTemplate(item)}
          <span class="muted">${label}</span>
          <span class="live">${displayText(value, display)}</span>
        </button>
      </li>`;
    })}
    ${note === '' ? '' : html`<li class="note-before muted">${note}</li>`}
  </ul>`;
}
