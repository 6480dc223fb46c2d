import { formatDuration, formatText, type Host } from '@telltale/shared';
import { html, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { Needs } from '../../client/index.ts';
import type { Recorder } from '../../client/recorder.ts';
import { platformWorld } from '../../client/world.ts';
import { TelltaleElement } from '../../elements/base/telltale-element.ts';
import { theme } from '../../elements/base/theme.ts';
import { buttonStyle } from '../button-style.ts';
import { recordingsStyles } from './recordings.styles.ts';
import type { TelltaleReplay } from './replay-bar.ts';

const FULL =
  'The recording is full and has ended: a page keeps no more. Save it; longer ones are made by telltale export --live.';

/** How often the page says how long and how large a recording is. */
const PROGRESS_MS = 1_000;

/**
 * Records what the dashboard around it is sent, and shows recordings in it. What does the work is loaded when it is
 * first needed.
 *
 * @element telltale-recordings
 * @csspart base - The whole.
 */
export class TelltaleRecordings extends TelltaleElement {
  static override styles = [theme, buttonStyle, recordingsStyles];

  @state() private recorder: Recorder | null = null;
  /** What is going on that takes a moment. */
  @state() private busy = '';
  @state() private wrong = '';
  @state() private over = false;
  @query('input') private readonly input!: HTMLInputElement;
  #replay: TelltaleReplay | null = null;
  #progress: ReturnType<typeof setInterval> | undefined;
  /** Counts openings: only the last one is of interest. */
  #openings = 0;
  #unlisten: (() => void) | null = null;

  override needs(): Needs {
    return { metrics: ['cpu'], series: [] };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const abort = new AbortController();
    const { signal } = abort;
    const files = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') === true;
    addEventListener(
      'dragover',
      (event) => {
        if (!files(event)) return;
        event.preventDefault();
        this.over = true;
      },
      { signal },
    );
    addEventListener(
      'dragleave',
      ({ relatedTarget }) => {
        if (relatedTarget === null) this.over = false;
      },
      { signal },
    );
    addEventListener(
      'drop',
      (event) => {
        this.over = false;
        if (!files(event)) return;
        // Without this the browser would go to the file, and the page be gone.
        event.preventDefault();
        void this.#open(event.dataTransfer?.files[0]);
      },
      { signal },
    );
    this.#unlisten = () => abort.abort();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unlisten?.();
    clearInterval(this.#progress);
    this.recorder?.discard();
    this.recorder = null;
    removeEventListener('beforeunload', askBefore);
  }

  override render(): TemplateResult {
    const played = this.data.source?.host?.telltale.recording;
    return html`
      <div part="base" class="base">
        <div class="line">
          ${this.recorder ? this.#recording(this.recorder) : html`<button @click=${this.#record}>Record</button>`}
          <button aria-label="Open a recording" @click=${() => this.input.click()}>
            Open<span class="more"> a recording</span>
          </button>
          <input type="file" hidden aria-hidden="true" tabindex="-1" @change=${this.#choose} />
        </div>
        ${played ? html`<p class="muted">${playedNote(played)}</p>` : ''}
        ${this.recorder?.full ? html`<p role="alert" class="wrong">${FULL}</p>` : ''}
        <p role="status" class="muted" ?hidden=${this.busy === ''}>${this.busy}</p>
        <p role="alert" class="wrong" ?hidden=${this.wrong === ''}>${this.wrong}</p>
        ${this.over ? html`<div class="drop">Drop a recording here to replay it</div>` : ''}
      </div>
    `;
  }

  #recording(recorder: Recorder): TemplateResult {
    const { startedAt, text, full } = recorder;
    const progress = `${formatDuration(Date.now() - startedAt)}, ${formatText(text, 'bytes')}`;
    return html`
      <button class=${full ? '' : 'recording'} @click=${this.#save}>${full ? 'Save' : 'Stop and save'}</button>
      <span>${full ? `${formatText(text, 'bytes')} recorded` : `Recording: ${progress}`}</span>
    `;
  }

  async #record(): Promise<void> {
    this.wrong = '';
    const { Recorder } = await import('../../client/recorder.ts');
    // Only now: a page that listens for this is not kept by browsers for who comes back.
    addEventListener('beforeunload', askBefore);
    this.recorder ??= new Recorder({ base: new URL('./', document.baseURI).href, token: this.token }, platformWorld);
    clearInterval(this.#progress);
    this.#progress = setInterval(() => this.requestUpdate(), PROGRESS_MS);
  }

  async #save(): Promise<void> {
    const recorder = this.recorder;
    if (!recorder) return;
    this.recorder = null;
    removeEventListener('beforeunload', askBefore);
    clearInterval(this.#progress);
    const { name, blob } = await recorder.finish(this.data.source?.host ?? null);
    const url = URL.createObjectURL(blob);
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    // The browser has to have begun to read it.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  #choose(): void {
    const [file] = this.input.files ?? [];
    void this.#open(file);
    // The same file may be chosen again.
    this.input.value = '';
  }

  async #open(file: File | undefined): Promise<void> {
    if (!file) return;
    const opening = ++this.#openings;
    this.wrong = '';
    this.busy = `Reading ${file.name}`;
    try {
      const { openReplay } = await import('./replay-bar.ts');
      const replay = await openReplay(file);
      if (opening === this.#openings) this.#show(replay);
      else replay.close();
    } catch (error) {
      if (opening === this.#openings) this.wrong = `${file.name} ${error instanceof Error ? error.message : error}`;
    } finally {
      if (opening === this.#openings) this.busy = '';
    }
  }

  /** Turns the dashboard to a recording, until it is closed. */
  #show(replay: TelltaleReplay): void {
    this.#replay?.close();
    this.#replay = replay;
    const dashboard = this.closest('telltale-dashboard');
    if (!dashboard) return;
    const turn = () => {
      dashboard.src = replay.base;
    };
    replay.slot = 'banner';
    replay.addEventListener('telltale-jump', turn);
    replay.addEventListener('telltale-close', () => {
      if (this.#replay !== replay) return;
      this.#replay = null;
      dashboard.src = null;
    });
    dashboard.append(replay);
    turn();
    replay.focus();
  }
}

/** What was recorded and not saved would be lost. */
const askBefore = (event: Event) => event.preventDefault();

/** What a server that plays a recording is showing. */
function playedNote({ recordedAt, speed }: NonNullable<Host['telltale']['recording']>): string {
  const pace = speed === 1 ? '' : `, at ${speed} times its speed`;
  return `This server plays a recording of ${new Date(recordedAt).toLocaleString()}${pace}: nothing here is live.`;
}
