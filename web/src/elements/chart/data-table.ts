import { css, html, type TemplateResult } from 'lit';
import { NO_POINTS, type Points, valueAt } from '../../chart/index.ts';
import type { Edges } from '../../client/index.ts';
import { type Display, displayText } from '../base/display.ts';
import { formatMoment } from '../base/moment.ts';
import { type Line, stepOf } from './lines.ts';

/** What a person reads through; the chart itself shows more. */
const MAX_ROWS = 30;

export interface DataTable {
  readonly caption: string;
  readonly labels: readonly string[];
  readonly rows: readonly { readonly clock: string; readonly values: readonly string[] }[];
}

export const dataTableStyles = css`
  .data summary {
    color: var(--_muted);
    cursor: pointer;
    font-size: 11px;
    width: max-content;
  }
  .data summary:focus-visible,
  .data .scroll:focus-visible {
    outline: 2px solid var(--_series-1);
    outline-offset: 2px;
  }
  .data .scroll {
    margin-top: 6px;
    max-height: 260px;
    overflow: auto;
  }
  .data table {
    border-collapse: collapse;
    font-size: 12px;
    width: 100%;
  }
  .data caption {
    color: var(--_muted);
    padding-bottom: 4px;
    text-align: left;
  }
  .data th,
  .data td {
    border-top: 1px solid var(--_rule);
    font-weight: 400;
    padding: 2px 12px 2px 0;
    text-align: right;
    white-space: nowrap;
  }
  .data th:first-child {
    text-align: left;
  }
`;

/**
 * The same numbers as rows, newest first, as they are at this moment: a table that moves on cannot be read. With what they
 * were in the period before beside them, where somebody compares.
 */
export function toTable(
  lines: readonly Line[],
  { from, to }: Edges,
  display: Display,
  caption: string,
  before: ReadonlyMap<string, Points> | null,
): DataTable {
  const step = stepOf(lines);
  // Whole steps, so that every row is one that was recorded.
  const every = Math.max(1, Math.ceil((to - from) / step / MAX_ROWS)) * step;
  const dated = to - from > 86_400_000;
  const last = lines.reduce((newest, { points }) => Math.max(newest, points.times.at(-1) ?? from), from);
  const count = Math.min(MAX_ROWS, Math.floor((last - from) / every) + 1);
  const rows = Array.from({ length: count }, (_, i) => {
    const at = last - i * every;
    const values = lines.flatMap(({ name, points }) =>
      (before ? [points, before.get(name) ?? NO_POINTS] : [points]).map((each) =>
        displayText(valueAt(each, at), display),
      ),
    );
    return { clock: formatMoment(at, dated, every < 60_000), values };
  });
  const labels = lines.flatMap(({ label }) => (before ? [label, `${label}, before`] : [label]));
  return { caption, labels, rows };
}

/** A view of the same data for whoever does not see the chart, or wants the figures. */
export function dataTableTemplate(table: DataTable | null, toggle: (open: boolean) => void): TemplateResult {
  const onToggle = (event: Event) => toggle((event.target as HTMLDetailsElement).open);
  return html`<details part="table" class="data" @toggle=${onToggle}>
    <summary>Table</summary>
    ${
      table === null
        ? ''
        : html`<div class="scroll" tabindex="0" role="group" aria-label=${table.caption}>
            <table>
              <caption>
                ${table.caption}
              </caption>
              <thead>
                <tr>
                  <th scope="col">Time</th>
                  ${table.labels.map((label) => html`<th scope="col">${label}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${table.rows.map(
                  ({ clock, values }) => html`<tr>
                    <th scope="row">${clock}</th>
                    ${values.map((value) => html`<td>${value}</td>`)}
                  </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
  </details>`;
}
