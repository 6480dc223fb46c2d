import { formatText, type MetricEvents } from '@telltale/shared';
import { css, html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { type Needs, pageWindow } from '../../client/index.ts';
import { cardTemplate } from '../base/card.ts';
import { CursorController } from '../base/cursor-controller.ts';
import { formatMoment } from '../base/moment.ts';
import { tableStyles } from '../base/table.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';

type Row = MetricEvents['process']['byCpu'][number];

const MINUTE_MS = 60_000;
const STATES: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'waiting for a disk',
  T: 'stopped',
  Z: 'ended',
  I: 'idle',
};

/**
 * The processes that use the processors most, or hold most memory; where somebody points at the past of a chart, those of
 * that minute. They are looked at only while this is in a page.
 *
 * @element telltale-processes
 * @attr by - What to sort by: `cpu` or `memory`. Defaults to `cpu`.
 * @attr rows - How many to show. Defaults to 10.
 * @slot heading - The title.
 * @slot - Something to add at the end.
 * @csspart base - The whole.
 * @csspart heading - The title.
 * @csspart processes - The table.
 * @csspart notice - What there is to say when values are missing or old.
 */
export class TelltaleProcesses extends TelltaleElement {
  static override styles = [
    theme,
    tableStyles,
    css`
      th button {
        background: none;
        border: 0;
        color: inherit;
        cursor: pointer;
        font: inherit;
        padding: 0;
      }
      th[aria-sort='descending'] {
        color: var(--_ink);
        font-weight: 600;
      }
      th button:focus-visible {
        outline: 2px solid var(--_series-1);
        outline-offset: 2px;
      }
    `,
  ];

  constructor() {
    super();
    new CursorController(this, this.data.update);
  }

  @property({ reflect: true }) by: 'cpu' | 'memory' = 'cpu';
  @property({ type: Number }) rows = 10;

  override needs(): Needs {
    return { metrics: ['process'], series: [] };
  }

  override render(): TemplateResult {
    const { source } = this.data;
    const { cursor } = pageWindow;
    const now = source?.latest('process') ?? null;
    // What is shown under the cursor is of that minute; of the one that runs nothing is kept yet.
    const past = cursor !== null && (source?.now ?? 0) - cursor > MINUTE_MS ? cursor : null;
    const then = past === null ? null : source?.processesAt(past);
    const shown = past === null ? now : (then ?? null);
    const rows = this.by === 'memory' ? sorted(shown?.byMemory, 'residentBytes') : sorted(shown?.byCpu, 'usage');
    const aside = past === null ? `${formatText(now?.count ?? null, 'count')} in all` : this.#minuteText(past, then);
    const body = html`
      <div class="scroll" tabindex="0" role="group" aria-label="Processes">
        <table part="processes">
          <thead>
            <tr>
              <th scope="col">Process</th>
              ${this.#column('cpu', 'CPU', '100 is one whole processor')}
              ${this.#column('memory', 'Memory', 'Resident set (RSS); what is shared counts for each')}
              <th scope="col" class="wide">User</th>
              <th scope="col" class="wide">Threads</th>
              <th scope="col" class="wide">PID</th>
            </tr>
          </thead>
          <tbody>
            ${rows.slice(0, Math.max(1, this.rows)).map(rowTemplate)}
          </tbody>
        </table>
      </div>
    `;
    return cardTemplate(this.data, 'process', html`<span class="muted">${aside}</span>`, body);
  }

  #minuteText(past: number, then: object | null | undefined): string {
    const clock = formatMoment(past, Date.now() - past > 12 * 60 * MINUTE_MS);
    if (then === undefined) return `asking about ${clock}`;
    return then === null ? `none were recorded at ${clock}` : `top five of the minute at ${clock}`;
  }

  #column(by: 'cpu' | 'memory', text: string, definition: string): TemplateResult {
    return html`<th scope="col" aria-sort=${this.by === by ? 'descending' : 'none'}>
      <button
        title=${definition}
        @click=${() => {
          this.by = by;
        }}
      >
        ${text}
      </button>
    </th>`;
  }
}

const sorted = (rows: readonly Row[] | undefined, key: 'usage' | 'residentBytes'): Row[] =>
  [...(rows ?? [])].sort((a, b) => (b[key] ?? -1) - (a[key] ?? -1));

function rowTemplate(each: Row): TemplateResult {
  return html`<tr>
    <td>
      <span class="name" title=${each.arguments ?? each.name}>${each.name}</span>
      <span class="muted">${each.state === 'D' || each.state === 'Z' || each.state === 'T' ? STATES[each.state] : ''}</span>
    </td>
    <td>${formatText(each.usage, 'percent')}</td>
    <td>${formatText(each.residentBytes, 'bytes')}</td>
    <td class="wide">${each.user ?? '–'}</td>
    <td class="wide">${formatText(each.threads, 'count')}</td>
    <td class="wide">${formatText(each.pid, 'id')}</td>
  </tr>`;
}
