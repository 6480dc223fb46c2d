import { formatDuration, formatText, type Host, type MetricName } from '@telltale/shared';
import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { isLive, type Needs, ownBase } from '../client/index.ts';
import { formatSpan, historyNote } from '../elements/base/moment.ts';
import { TelltaleElement } from '../elements/base/telltale-element.ts';
import { theme } from '../elements/base/theme.ts';
import { followAddress } from './address.ts';
import type { TelltaleEmbedDialog } from './embed-dialog.ts';
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
  static override styles = [
    theme,
    css`
      :host {
        margin: 0 auto;
        max-width: 1480px;
        padding: 18px 20px 32px;
      }
      header {
        align-items: flex-start;
        display: flex;
        flex-wrap: wrap;
        gap: 8px 24px;
        justify-content: space-between;
        margin-bottom: 18px;
        min-height: 52px;
      }
      h1 {
        font-size: 22px;
        font-weight: 600;
        letter-spacing: -0.01em;
        line-height: 1.2;
        margin: 0;
        overflow-wrap: anywhere;
      }
      header p {
        color: var(--_muted);
        font-size: 13px;
        margin: 4px 0 0;
      }
      .tools {
        align-items: flex-end;
        display: grid;
        gap: 8px;
        justify-items: end;
      }
      .summary {
        border-block: 1px solid var(--_rule);
        display: grid;
        gap: 12px 24px;
        grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
        margin-bottom: 10px;
        padding: 12px 0 10px;
      }
      .vital {
        display: grid;
        font-size: 12px;
        gap: 3px;
        min-width: 0;
      }
      .headroom {
        min-height: 1.4em;
        overflow-wrap: anywhere;
      }
      .unusual {
        font-size: 13px;
        margin-bottom: 12px;
        min-height: 1.4em;
      }
      .unusual p,
      .unusual ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      .unusual li {
        border-left: 3px solid var(--_signal);
        margin-bottom: 4px;
        padding-left: 8px;
      }
      .window {
        align-items: baseline;
        display: flex;
        flex-wrap: wrap;
        font-size: 13px;
        gap: 6px 18px;
        margin-bottom: 14px;
      }
      .note {
        margin: 0;
      }
      .note:empty {
        display: none;
      }
      /* An answer that comes at once needs no announcement. */
      .loading {
        animation: appear 0s 0.4s both;
      }
      @keyframes appear {
        from {
          visibility: hidden;
        }
      }
      .grid {
        --telltale-chart-notes: none;
        --telltale-notices: none;
        display: grid;
        gap: 16px;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 520px), 1fr));
      }
      .cell {
        /* What is far below is laid out when somebody comes near. */
        contain-intrinsic-size: auto 380px;
        content-visibility: auto;
        display: grid;
        min-width: 0;
        position: relative;
      }
      /* There for whoever looks for it, and out of the way of everybody else. */
      .embed {
        background: var(--_paper);
        border: 1px solid var(--_rule);
        border-radius: 4px;
        bottom: 6px;
        color: var(--_muted);
        cursor: pointer;
        font: inherit;
        font-size: 11px;
        opacity: 0;
        padding: 1px 8px;
        position: absolute;
        right: 8px;
      }
      .cell:hover .embed,
      .cell:focus-within .embed,
      .embed:focus-visible {
        opacity: 1;
      }
      .embed:focus-visible {
        outline: 2px solid var(--_series-1);
      }
      @media (hover: none) {
        .embed {
          opacity: 1;
        }
      }
      footer {
        color: var(--_muted);
        font-size: 12px;
        margin-top: 20px;
      }
      @media (max-width: 480px) {
        :host {
          padding: 12px 12px 24px;
        }
        .tools {
          justify-items: start;
        }
        .summary {
          gap: 8px 16px;
          grid-template-columns: 1fr 1fr;
        }
        .grid {
          gap: 12px;
        }
      }
    `,
  ];

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
