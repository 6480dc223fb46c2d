import { formatDuration, formatText, type Host, type MetricName } from '@telltale/shared';
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { isLive, type Needs, ownBase } from '../client/index.ts';
import { formatSpan, historyNote } from '../elements/base/moment.ts';
import { TelltaleElement } from '../elements/base/telltale-element.ts';
import { theme } from '../elements/base/theme.ts';
import { followAddress } from './address.ts';
import type { TelltaleEmbedDialog } from './embed-dialog.ts';
import { overviewStyles } from './overview.styles.ts';
import { shortNote, UnusualWatch } from './unusual.ts';
import { type Vital, vitalsOf } from './vitals.ts';

/** Less than this share of the window is not missed. */
const NOTE_SHARE = 0.03;

/**
 * What the dashboard shows: who the machine is, how it is doing, and the charts.
 *
 * @element telltale-overview
 * @attr page - That it is the page: its title says how the machine is doing, and its address what the charts show.
 * @slot banner - Above everything.
 * @slot tools - Beside how the connection is doing.
 * @csspart header - Who the machine is.
 * @csspart summary - The numbers at the top.
 * @csspart unusual - What goes beyond what this machine does most of the time.
 * @csspart window - What the charts show.
 * @csspart grid - The charts.
 */
export class TelltaleOverview extends TelltaleElement {
  static override styles = [theme, overviewStyles];

  @query('telltale-embed-dialog') private readonly dialog!: TelltaleEmbedDialog;

  @property({ type: Boolean }) page = false;
  #leaveAddress: (() => void) | null = null;
  readonly #watch = new UnusualWatch(() => this.requestUpdate());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leaveAddress?.();
    this.#leaveAddress = null;
  }

  /** Before anything is asked for: nothing is loaded that is not shown. */
  override willUpdate(): void {
    if (this.page && this.isConnected) this.#leaveAddress ??= followAddress();
    // After the first screen: what is usual may come a moment later.
    const { source, status } = this.data;
    if (source && status.state === 'live') this.#watch.follow(source);
  }

  override needs(): Needs {
    return {
      metrics: ['cpu', 'memory', 'network', 'disk', 'pressure', 'filesystem', 'sensor', 'gpu'],
      series: UnusualWatch.series,
    };
  }

  override render(): TemplateResult {
    const source = this.data.source;
    const host = source?.host ?? null;
    const { src, token } = this;
    return html`
      <slot name="banner"></slot>
      <header part="header">
        <div>
          <h1>${host ? (host.name ?? 'Unnamed machine') : 'This machine'}</h1>
          <p>${host ? describe(host) : 'Asking who it is'}</p>
          <p>${host ? this.#upFor(host) : ''}</p>
        </div>
        <div class="tools">
          <telltale-status .src=${src} .token=${token}></telltale-status>
          <slot name="tools"></slot>
        </div>
      </header>
      <main>
        <div part="summary" class="summary">${vitalsOf(source).map((each) => this.#vitalTemplate(each))}</div>
        ${this.#unusualTemplate()}
        <div part="window" class="window">
          <telltale-time-range .src=${src} .token=${token}></telltale-time-range>
          ${this.#windowNote()}
        </div>
        <div part="grid" class="grid">${this.#cells()}</div>
      </main>
      <telltale-embed-dialog></telltale-embed-dialog>
      <footer>${host ? `Telltale ${host.telltale.version}` : ''}</footer>
    `;
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
    const quiet = usual === null ? '' : shortNote(usual) || 'Nothing unusual: all is as most of the last week.';
    return html`<section part="unusual" class="unusual" aria-label="Unusual now">
      ${found.length === 0 ? html`<p class="muted">${quiet}</p>` : ''}
      <ul role="status">
        ${found.map(({ title, text }) => html`<li><strong>${title}</strong> <span aria-live="off">${text}</span></li>`)}
      </ul>
    </section>`;
  }

  /** What there is to say of the window: that it stands still, and what is missing of it. */
  #windowNote(): TemplateResult {
    const { source } = this.data;
    const loading = source?.history.state === 'loading';
    const note = source ? historyNote(source, NOTE_SHARE) : '';
    const fixed = source !== null && !isLive(source.span);
    return html`
      <p class="note muted ${loading ? 'loading' : ''}" role="status">${loading ? 'Loading history' : note}</p>
      ${fixed ? html`<p class="note">Charts stand still: ${formatSpan(source.span)}. Numbers are live.</p>` : ''}
    `;
  }

  /** What not every machine has comes after what each has. */
  #cells(): TemplateResult[] {
    const { src, token } = this;
    const source = this.data.source;
    const has = (metric: MetricName) => source?.latest(metric) != null;
    const { temperatures = [], fans = [], batteries = [] } = source?.latest('sensor') ?? {};
    const load = 'cpu.load1,cpu.load5,cpu.load15';
    const cell = (markup: string, element: TemplateResult) => html`<div class="cell">
      ${element}
      <button class="embed" aria-label="Embed ${markup.split(' ')[0]}" @click=${() => this.#embed(markup)}>Embed</button>
    </div>`;
    return [
      cell('telltale-cpu', html`<telltale-cpu .src=${src} .token=${token}></telltale-cpu>`),
      cell('telltale-memory', html`<telltale-memory .src=${src} .token=${token}></telltale-memory>`),
      cell('telltale-network', html`<telltale-network .src=${src} .token=${token}></telltale-network>`),
      cell(
        `telltale-chart heading="Load" series="${load}"`,
        html`<section class="card">
          <telltale-chart .src=${src} .token=${token} heading="Load" series=${load}></telltale-chart>
        </section>`,
      ),
      cell('telltale-cores', html`<telltale-cores .src=${src} .token=${token}></telltale-cores>`),
      has('disk') && cell('telltale-disk', html`<telltale-disk .src=${src} .token=${token}></telltale-disk>`),
      has('pressure') &&
        cell('telltale-pressure', html`<telltale-pressure .src=${src} .token=${token}></telltale-pressure>`),
      has('filesystem') &&
        cell('telltale-filesystem', html`<telltale-filesystem .src=${src} .token=${token}></telltale-filesystem>`),
      cell('telltale-processes', html`<telltale-processes .src=${src} .token=${token}></telltale-processes>`),
      temperatures.length + fans.length + batteries.length > 0 &&
        cell('telltale-sensors', html`<telltale-sensors .src=${src} .token=${token}></telltale-sensors>`),
      (source?.latest('gpu')?.cards.length ?? 0) > 0 &&
        cell('telltale-gpu', html`<telltale-gpu .src=${src} .token=${token}></telltale-gpu>`),
    ].filter((each) => each !== false);
  }

  get #base(): string {
    return this.src === null ? ownBase() : new URL(this.src, document.baseURI).href;
  }

  #embed(markup: string): void {
    void this.dialog.show(markup, this.#base);
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    if (!this.page) return;
    const host = this.data.source?.host ?? null;
    const name = host?.name ?? 'this machine';
    const state = this.data.stale ? '(not live) ' : host?.telltale.recording ? '(recording) ' : '';
    const title = `${state}${name}`;
    if (document.title !== `${title} · Telltale`) document.title = `${title} · Telltale`;
  }

  #upFor({ bootAt }: Host): string {
    const now = this.data.source?.now ?? null;
    return bootAt === null || now === null ? '' : `Up for ${formatDuration(now - bootAt)}`;
  }
}

/** The machine in one line, without what it does not tell. */
function describe({ os, cpu, memory }: Host): string {
  const system = [os.name, os.version].filter(Boolean).join(' ');
  const kernel = os.kernel === null ? null : `Linux ${os.kernel}`;
  const processor = cpu.model && `${cpu.model}, ${cpu.threads ?? '?'} processors`;
  const total = memory.totalBytes === null ? null : formatText(memory.totalBytes, 'bytes');
  return [system, os.name?.includes('Linux') ? kernel : os.kernel, os.arch, processor, total]
    .filter(Boolean)
    .join(' · ');
}
