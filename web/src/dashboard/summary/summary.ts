import { METRIC_NAMES, metrics } from '@telltale/shared';
import { html, type TemplateResult } from 'lit';
import type { Fault, Needs } from '../../client/index.ts';
import { TelltaleElement } from '../../elements/base/telltale-element.ts';
import { theme } from '../../elements/base/theme.ts';
import { summaryStyles } from './summary.styles.ts';
import { shortNote, UnusualWatch } from './unusual.ts';
import { type Vital, vitalsOf } from './vitals.ts';

/** More than this is no summary any more; the sections say the rest. */
const MAX_FAULTS = 3;
/** The few that explain a number; all of them have a section. */
const PROCESSES = 5;

/**
 * How the machine is doing: its vital numbers with their headroom, what is unusual, what cannot be read, and the processes
 * behind it.
 *
 * @element telltale-summary
 * @csspart vitals - The numbers at the top.
 * @csspart unusual - What goes beyond what this machine does most of the time.
 * @csspart processes - What uses it most.
 */
export class TelltaleSummary extends TelltaleElement {
  static override styles = [theme, summaryStyles];

  readonly #watch = new UnusualWatch(() => this.requestUpdate());

  override needs(): Needs {
    return {
      metrics: ['cpu', 'memory', 'network', 'disk', 'pressure', 'filesystem'],
      series: UnusualWatch.series,
    };
  }

  override willUpdate(): void {
    // After the first screen: what is usual may come a moment later.
    const { source, status } = this.data;
    if (source && status.state === 'live') this.#watch.follow(source);
  }

  override render(): TemplateResult {
    const { src, token } = this;
    return html`<div class="base">
      <div class="left">
        <div part="vitals" class="vitals">${vitalsOf(this.data.source).map((each) => this.#vitalTemplate(each))}</div>
        ${this.#unusualTemplate()}
      </div>
      <telltale-processes
        part="processes"
        rows=${PROCESSES}
        .src=${src}
        .token=${token}
      ></telltale-processes>
    </div>`;
  }

  #vitalTemplate({ label, definition, text, symbol, series, max, headroom }: Vital): TemplateResult {
    return html`<div class="vital ${this.data.stale ? 'stale' : ''}" title=${definition}>
      <span class="muted">${label}</span>
      <span class="value">${text}${symbol === '' ? '' : html`<span class="symbol">${symbol}</span>`}</span>
      <telltale-sparkline
        .src=${this.src}
        .token=${this.token}
        .max=${max}
        series=${series}
        label=${label}
      ></telltale-sparkline>
      <span class="muted headroom">${headroom}</span>
    </div>`;
  }

  /** What this machine does not do most of the time; said when it begins, and not with every number. */
  #unusualTemplate(): TemplateResult {
    const { source } = this.data;
    const { usual } = this.#watch;
    const found = source ? this.#watch.unusual(source) : [];
    const faults = METRIC_NAMES.flatMap((name) => source?.faultsOf(name) ?? []);
    const quiet = usual === null ? '' : shortNote(usual) || 'Nothing unusual, compared with the last week.';
    return html`<section part="unusual" class="unusual" aria-label="Unusual now">
      ${found.length === 0 ? html`<p class="muted">${quiet}</p>` : ''}
      <ul role="status">
        ${found.map(({ title, text }) => html`<li><strong>${title}</strong> <span aria-live="off">${text}</span></li>`)}
        ${faults.slice(0, MAX_FAULTS).map((fault) => html`<li class="fault">${faultText(fault)}</li>`)}
        ${
          faults.length > MAX_FAULTS
            ? html`<li class="fault">${faults.length - MAX_FAULTS} more that cannot be read: see the sections</li>`
            : ''
        }
      </ul>
    </section>`;
  }
}

function faultText({ metric, fields, reason }: Fault): string {
  const title = (metrics as Readonly<Record<string, { title: string }>>)[metric]?.title ?? metric;
  return `${title} cannot be read${fields.length === 0 ? '' : ` (${fields.join(', ')})`}: ${reason}`;
}
