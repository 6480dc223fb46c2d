import { css, html, type TemplateResult } from 'lit';
import { type Display, displayText } from '../base/display.ts';
import { type LegendItem, swatchTemplate } from './legend.ts';

/** As many as fit beside a chart; with few there is room to say what they are. */
const MAX_ROWS = 12;
const MAX_DEFINITIONS = 3;

export const tooltipStyles = css`
  .tooltip {
    background: var(--_paper);
    border: 1px solid var(--_rule);
    border-radius: 4px;
    box-shadow: 0 2px 10px rgb(0 0 0 / 0.12);
    font-size: 12px;
    max-width: min(280px, 70%);
    padding: 6px 8px;
    pointer-events: none;
    position: absolute;
    top: 6px;
    width: max-content;
    z-index: 2;
  }
  .tooltip.left {
    left: calc(11px * 5.6 + 8px);
  }
  .tooltip.right {
    right: 8px;
  }
  .tooltip dl {
    display: grid;
    gap: 1px 8px;
    grid-template-columns: auto minmax(0, 1fr) auto;
    margin: 2px 0 0;
  }
  /* Two numbers for each line need the room that words have otherwise. */
  .tooltip.compared {
    box-sizing: border-box;
    max-width: min(340px, calc(100% - 16px));
  }
  .tooltip.compared.left {
    left: 8px;
  }
  .tooltip.compared dl {
    grid-template-columns: auto minmax(0, 1fr) auto auto;
  }
  .tooltip.compared dd {
    white-space: nowrap;
  }
  .tooltip .column {
    grid-column: 4;
  }
  .tooltip dt {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .tooltip dd {
    margin: 0;
    text-align: right;
  }
  .tooltip .definition {
    font-size: 11px;
    grid-column: 2 / -1;
    text-align: left;
  }
`;

/** What the lines are at the instant under the pointer, and how their numbers are defined; on the side away from that. */
export function tooltipTemplate(
  items: readonly LegendItem[],
  display: Display,
  clock: string,
  side: 'left' | 'right',
  compared: boolean,
): TemplateResult {
  const rows = items.filter(({ hidden }) => !hidden);
  const more = rows.length - MAX_ROWS;
  return html`<div part="tooltip" class="tooltip ${side} ${compared ? 'compared' : ''}" aria-hidden="true">
    <span class="muted">${clock}</span>
    <dl>
      ${compared ? html`<dd class="column muted">before</dd>` : ''}
      ${rows.slice(0, MAX_ROWS).map(
        (item) => html`
          <span>${swatchTemplate(item)}</span>
          <dt>${item.label}</dt>
          <dd>${displayText(item.value, display)}</dd>
          ${compared ? html`<dd class="muted">${displayText(item.before, display)}</dd>` : ''}
          ${rows.length <= MAX_DEFINITIONS && !compared ? html`<dd class="definition muted">${item.definition}</dd>` : ''}
        `,
      )}
    </dl>
    ${more > 0 ? html`<span class="muted">and ${more} more</span>` : ''}
  </div>`;
}
