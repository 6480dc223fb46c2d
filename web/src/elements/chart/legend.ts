import { formatText, type Unit } from '@telltale/shared';
import { css, html, type TemplateResult } from 'lit';

/** How many hues there are; further lines begin again, dashed. */
export const HUES = 8;

export interface LegendItem {
  readonly name: string;
  readonly label: string;
  readonly definition: string;
  /** 1 to {@link HUES}. */
  readonly hue: number;
  readonly dashed: boolean;
  readonly value: number | null;
}

export const legendStyles = css`
  .legend {
    display: flex;
    flex-wrap: wrap;
    font-size: 12px;
    gap: 2px 16px;
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .legend li {
    align-items: baseline;
    display: inline-flex;
    gap: 6px;
  }
  .swatch {
    border-top: 3px solid currentColor;
    /* Hues are what tells the lines apart, in forced colours too. */
    forced-color-adjust: none;
    display: inline-block;
    position: relative;
    top: -0.25em;
    width: 12px;
  }
  .dashed {
    border-top-style: dotted;
  }
  .legend .live {
    min-width: 4.5em;
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

/** What each line is, and its value now or under the cursor. */
export function legendTemplate(items: readonly LegendItem[], unit: Unit): TemplateResult {
  return html`<ul part="legend" class="legend">
    ${items.map(
      ({ label, definition, hue, dashed, value }) => html`
        <li title=${definition}>
          <span class="swatch hue-${hue} ${dashed ? 'dashed' : ''}"></span>
          <span class="muted">${label}</span>
          <span class="live">${formatText(value, unit)}</span>
        </li>
      `,
    )}
  </ul>`;
}
