import { NotARecording } from '@telltale/shared';
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { type LoadedRecording, loadRecording } from '../../client/loaded-recording.ts';
import { Replay } from '../../client/replay.ts';
import { platformWorld } from '../../client/world.ts';
import { define } from '../../elements/base/define.ts';
import { theme } from '../../elements/base/theme.ts';
import { buttonStyle } from '../button-style.ts';
import { replayBarStyles } from './replay-bar.styles.ts';
import { formatLength, formatMoment, remarks } from './replay-words.ts';

const SPEEDS = [0.5, 1, 2, 5, 10, 30, 60, 300];
/** The slider's keys move a second, or in a long recording a thousandth of it. */
const LEAST_STEP_MS = 1_000;
const MOST_STEPS = 1_000;

/**
 * Says that a recording is shown and not the machine as it is now, and plays it.
 *
 * @element telltale-replay
 * @fires telltale-jump - Elements find it elsewhere now, at `base`.
 * @fires telltale-close - Somebody wants to see the machine again.
 * @csspart base - The whole.
 */
export class TelltaleReplay extends LitElement {
  static override styles = [theme, buttonStyle, replayBarStyles];

  readonly #replay: Replay;
  #base: string;

  constructor(replay: Replay) {
    super();
    this.#replay = replay;
    this.#base = replay.base;
    replay.subscribe(() => {
      this.requestUpdate();
      if (replay.base === this.#base) return;
      this.#base = replay.base;
      this.dispatchEvent(new Event('telltale-jump'));
    });
  }

  /** What elements take for their `src`. */
  get base(): string {
    return this.#base;
  }

  close(): void {
    this.dispatchEvent(new Event('telltale-close'));
    this.remove();
    // Elements let go of it in the same frame.
    setTimeout(() => this.#replay.close());
  }

  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.play')?.focus());
  }

  get #stepMs(): number {
    return Math.max(LEAST_STEP_MS, Math.ceil(this.#replay.recording.durationMs / MOST_STEPS));
  }

  /** So many that the last reaches the end, which seldom is a whole number of steps away. */
  get #steps(): number {
    return Math.ceil(this.#replay.recording.durationMs / this.#stepMs);
  }

  override render(): TemplateResult {
    const replay = this.#replay;
    const { head, durationMs, skipped, newer } = replay.recording;
    const at = formatMoment(replay.at);
    const offset = `${formatLength(replay.offset)} of ${formatLength(durationMs)}`;
    return html`
      <section part="base" class="base" aria-label="Recording">
        <div class="line">
          <h2><strong>Recording</strong> of ${head.host.name ?? 'an unnamed machine'}, not live</h2>
          <button @click=${this.close}>Back to live</button>
        </div>
        <div class="line">
          <button class="play" @click=${this.#toggle}>${replay.playing ? 'Pause' : 'Play'}</button>
          <input
            type="range"
            aria-label="Position"
            aria-valuetext="${at}, ${offset}"
            min="0"
            max=${this.#steps * this.#stepMs}
            step=${this.#stepMs}
            @input=${this.#seek}
          />
          <span class="at">${at}</span>
          <span class="muted">${replay.ended && !replay.playing ? `${formatLength(durationMs)}, ended` : offset}</span>
          <label>
            Speed
            <select @change=${this.#setSpeed}>
              ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === replay.speed}>${speed}×</option>`)}
            </select>
          </label>
        </div>
        ${remarks(skipped, newer).map((remark) => html`<p class="muted">${remark}</p>`)}
        ${
          head.absent.length > 0
            ? html`<details>
                <summary>Made from history: ${head.absent.length} things are not in it</summary>
                <p class="muted">${head.absent.slice(0, 200).join(', ')}</p>
              </details>`
            : ''
        }
      </section>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const slider = this.renderRoot.querySelector('input');
    // By hand, since a value that was set before its maximum would be cut off.
    if (slider)
      slider.value =
        this.#replay.offset >= this.#replay.recording.durationMs ? slider.max : String(this.#replay.offset);
  }

  #toggle(): void {
    if (this.#replay.playing) this.#replay.pause();
    else this.#replay.play();
  }

  #seek({ target }: Event): void {
    this.#replay.seek(Number((target as HTMLInputElement).value));
  }

  #setSpeed({ target }: Event): void {
    this.#replay.setSpeed(Number((target as HTMLSelectElement).value));
  }
}

/** Reads a file and begins to play it. Throws an error whose message follows the name of the file. */
export async function openReplay(file: Blob): Promise<TelltaleReplay> {
  define('telltale-replay', TelltaleReplay);
  const recording = await loadRecording(file).catch((error: unknown) => {
    if (error instanceof NotARecording) throw error;
    throw new Error('cannot be read', { cause: error });
  });
  if (isEmpty(recording)) throw new Error('is a recording in which nothing was recorded');
  const replay = new Replay(recording, platformWorld);
  replay.play();
  return new TelltaleReplay(replay);
}

const isEmpty = ({ length }: LoadedRecording) => length === 0;
