import { formatDuration, formatText, type Host } from '@telltale/shared';
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { isLive, type Needs, ownBase, pageWindow } from '../client/index.ts';
import { formatSpan, historyNote } from '../elements/base/moment.ts';
import { TelltaleElement } from '../elements/base/telltale-element.ts';
import { theme } from '../elements/base/theme.ts';
import { followAddress } from './address.ts';
import { pageBoard } from './board/board-store.ts';
import { buttonStyle } from './button-style.ts';
import { keepChoices } from './choices-store.ts';
import type { TelltaleCommandPalette } from './commands/command-palette.ts';
import { commandsOf } from './commands/dashboard-commands.ts';
import type { TelltaleKeyHelp } from './commands/key-help.ts';
import { listenKeys } from './commands/keyboard.ts';
import { followKiosk } from './kiosk.ts';
import { momentsOf } from './moments.ts';
import { overviewStyles } from './overview.styles.ts';
import type { TelltaleEmbedDialog } from './panels/embed-dialog.ts';
import type { TelltalePanelEvent } from './panels/panel-events.ts';
import { markupOf, type PanelSpec } from './panels/panel-spec.ts';
import type { TelltaleSection } from './panels/section.ts';
import { OVERVIEW_CHARTS, OVERVIEW_COUNT, sectionOf } from './panels/sections.ts';
import { followPrinting } from './printing.ts';
import { UnusualWatch } from './summary/unusual.ts';
import { vitalsOf } from './summary/vitals.ts';
import { View } from './view.ts';

/** Of the first screen all is known before it is drawn. */
const OVERVIEW_SERIES = [
  ...UnusualWatch.series,
  ...OVERVIEW_CHARTS.slice(0, OVERVIEW_COUNT).flatMap(({ series }) => series.split(',')),
];

/** Less than this share of the window is not missed. */
const NOTE_SHARE = 0.03;

/**
 * The frame of the dashboard: who the machine is, the way to every section, the time of all charts, and what is looked at.
 *
 * @element telltale-overview
 * @attr page - That it is the page: its title says how the machine is doing, and its address what is looked at.
 * @slot banner - Above everything.
 * @slot tools - Beside how the connection is doing.
 * @csspart header - Who the machine is.
 * @csspart window - What the charts show.
 * @csspart main - What is looked at.
 */
export class TelltaleOverview extends TelltaleElement {
  static override styles = [theme, buttonStyle, overviewStyles];

  @query('telltale-embed-dialog') private readonly dialog!: TelltaleEmbedDialog | null;
  @query('telltale-command-palette') private readonly palette!: TelltaleCommandPalette | null;
  @query('telltale-section') private readonly section!: TelltaleSection | null;
  @query('telltale-key-help') private readonly keyHelp!: TelltaleKeyHelp | null;

  @property({ type: Boolean }) page = false;
  readonly #view = new View();
  readonly #board = pageBoard();
  /** Whether what opens over the page is there. */
  @state() private opens = false;
  /** What became of the last thing that somebody did. */
  @state() private said = '';
  /** Which time a page of paper shows; written when somebody prints, since the first words about time are slow. */
  @state() private printed = '';
  #ends: (() => void)[] = [];
  /** Whether others may be able to read what the page shows: who they are is asked after the first screen. */
  #isShared = false;
  /** What the page was loaded from. */
  #version: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    // Before anything is asked for: nothing is loaded that is not shown.
    if (this.page) {
      const keys = listenKeys(window, this.#commands);
      this.#ends.push(keepChoices(), followAddress(this.#view), followKiosk(this.#view, this), keys);
      this.#ends.push(followPrinting(this, this.#print));
    }
    pageWindow.begin();
    // Some of what is within chooses a window while it is being put here: after that.
    const update = () => void this.updateComplete.then(() => this.requestUpdate());
    this.#ends.push(this.#view.subscribe(update), this.#board.subscribe(update), pageWindow.subscribe(update));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  /** Nothing is drawn before the first answers, or it would be drawn twice: they are on their way already (index.html). */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) {
      this.data.hostUpdate();
      await this.data.source?.hushed;
    }
    await super.scheduleUpdate();
  }

  override willUpdate(): void {
    this.#version ??= this.data.source?.version ?? null;
    // Once the server of the page has said something, be it no; a recording that is shown in it says nothing of that.
    const heard = this.page && this.src === null && this.data.status.state !== 'connecting';
    this.#isShared ||= heard && !isPrivate(this.data.source?.host ?? null);
  }

  override needs(): Needs {
    const { section, board } = this.#view.state;
    if (section !== '' || board !== null) return { metrics: ['self'], series: [], more: true };
    return { metrics: ['self'], series: [...vitalsOf(null).map(({ series }) => series), ...OVERVIEW_SERIES] };
  }

  override render(): TemplateResult {
    const { source } = this.data;
    const { src, token } = this;
    const host = source?.host ?? null;
    const { section, kiosk } = this.#view.state;
    this.toggleAttribute('kiosk', kiosk);
    return html`
      ${this.#isShared ? html`<telltale-banner></telltale-banner>` : ''}
      <slot name="banner"></slot>
      ${this.#newVersionTemplate()}
      <header part="header">
        <div class="who">
          <h1>${host ? (host.name ?? 'Unnamed machine') : 'This machine'}</h1>
          <p>${host ? describe(host) : 'Asking who it is'}${host ? this.#upFor(host) : ''}</p>
          ${this.printed === '' ? '' : html`<p class="printed">${this.printed}</p>`}
        </div>
        <div class="tools">
          <telltale-status .src=${src} .token=${token}></telltale-status>
          <slot name="tools"></slot>
          <button aria-keyshortcuts="Control+K Meta+K" @click=${() => this.#open(() => this.palette?.show())}>Find</button>
          <telltale-choices></telltale-choices>
        </div>
      </header>
      ${kiosk ? html`<button class="leave" @click=${() => this.#view.show({ kiosk: false })}>Leave</button>` : ''}
      <div class="body">
        <telltale-sidebar .view=${this.#view} .src=${src} .token=${token}></telltale-sidebar>
        <main part="main" @telltale-embed=${this.#embed} @telltale-pin=${this.#pin}>
          <div part="window" class="window">
            <telltale-time-range .src=${src} .token=${token}>
              <button
                title="Every chart with the period just before, dashed"
                aria-pressed=${pageWindow.comparing ? 'true' : 'false'}
                @click=${() => pageWindow.compare(!pageWindow.comparing)}
              >
                Compare
              </button>
            </telltale-time-range>
            ${this.#windowNote()}
          </div>
          ${this.#content(section)}
        </main>
      </div>
      ${
        this.opens
          ? html`<telltale-embed-dialog></telltale-embed-dialog>
              <telltale-command-palette .commands=${this.#commands}></telltale-command-palette>
              <telltale-key-help .commands=${this.#commands}></telltale-key-help>`
          : ''
      }
      ${this.said === '' ? '' : html`<p role="alert">${this.said}</p>`}
      <footer>${host ? `Telltale ${host.telltale.version}` : ''}${this.#costText()}</footer>
    `;
  }

  #content(id: string): TemplateResult {
    const { src, token } = this;
    const section = sectionOf(id);
    if (id === 'board' || this.#view.state.board !== null) {
      return html`<telltale-board .store=${this.#board} .src=${src} .token=${token}></telltale-board>`;
    }
    if (section) {
      return html`
        <h2 class="title">${section.title}</h2>
        <telltale-section .panels=${section.panels} .pinned=${this.#pinned} .src=${src} .token=${token}>
        </telltale-section>
      `;
    }
    if (id !== '') return html`<p role="alert">There is no section called ${id}.</p>`;
    return html`
      <telltale-summary .src=${src} .token=${token}></telltale-summary>
      <telltale-section
        dense
        .panels=${OVERVIEW_CHARTS}
        .most=${OVERVIEW_COUNT}
        .pinned=${this.#pinned}
        .src=${src}
        .token=${token}
      ></telltale-section>
    `;
  }

  /** A page that stays open for weeks must not go on with what was loaded from a server that is no more. */
  #newVersionTemplate(): TemplateResult | '' {
    const now = this.data.source?.version ?? null;
    if (!this.page || now === null || this.#version === null || now === this.#version) return '';
    return html`<p class="update" role="status">
      Telltale was changed from ${this.#version} to ${now} while this page was open.
      <button @click=${() => location.reload()}>Reload</button>
    </p>`;
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

  readonly #print = () => {
    const { source } = this.data;
    this.printed = source ? momentsOf(source) : '';
    this.performUpdate();
  };

  readonly #pinned = (panel: PanelSpec) => this.#board.has(panel);

  readonly #embed = ({ spec }: TelltalePanelEvent) =>
    this.#open(() => void this.dialog?.show(markupOf(spec), this.#base));

  readonly #pin = ({ spec }: TelltalePanelEvent) => {
    const wrong = this.#board.toggle(spec);
    this.said = wrong?.message ?? '';
  };

  readonly #commands = () =>
    commandsOf({
      view: this.#view,
      now: () => this.data.source?.now ?? Date.now(),
      reveal: (panel) => void this.#reveal(panel),
      openPalette: () => this.#open(() => this.palette?.show()),
      openHelp: () => this.#open(() => this.keyHelp?.show()),
    });

  /** What opens over the page is made when it is first wanted, and stays. */
  #open(show: () => void): void {
    this.opens = true;
    void this.updateComplete.then(show);
  }

  /** Another section is there when a turn has passed. */
  async #reveal(panel: PanelSpec): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    await this.updateComplete;
    await this.section?.reveal(panel);
  }

  get #base(): string {
    return this.src === null ? ownBase() : new URL(this.src, document.baseURI).href;
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
    return bootAt === null || now === null ? '' : ` · Up for ${formatDuration(now - bootAt)}`;
  }

  /** A monitor that hides what it costs is not to be trusted with the rest. */
  #costText(): string {
    const self = this.data.source?.latest('self');
    if (!self || self.cpuMsPerSecond === null) return '';
    const share = formatText(self.cpuMsPerSecond / 10, 'percent');
    return ` · costs ${share} of a processor and ${formatText(self.residentBytes, 'bytes')}`;
  }
}

/** Whether nobody else can read along, and nobody had to sign in: then there is nothing to ask, or to say. */
function isPrivate(host: Host | null): boolean {
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);
  return host?.telltale.access === 'open' && (isHere || location.protocol === 'https:');
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
