import { NotARecording, type Skipped } from '@telltale/shared';
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { type LoadedRecording, loadRecording } from '../client/loaded-recording.ts';
import { Replay } from '../client/replay.ts';
import { platformWorld } from '../client/world.ts';
import { define } from '../elements/base/define.ts';
import { theme } from '../elements/base/theme.ts';
import { buttonStyle } from './button-style.ts';

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
  static override styles = [
    theme,
    buttonStyle,
    css`
      :host {
        margin-bottom: 18px;
        position: sticky;
        top: 0;
        z-index: 1;
      }
      .base {
        background: var(--_paper);
        border: 2px solid var(--_signal);
        border-radius: 6px;
        display: grid;
        gap: 8px;
        padding: 10px 14px;
      }
      .line {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 6px 12px;
      }
      h2 {
        flex: 1 1 9em;
        font-size: 14px;
        overflow-wrap: anywhere;
      }
      h2 strong {
        color: var(--_signal);
      }
      input {
        accent-color: var(--_signal);
        flex: 1 1 10em;
        margin: 0;
        min-width: 0;
      }
      .at {
        white-space: nowrap;
      }
      .play {
        min-width: 5.5em;
      }
      p {
        font-size: 13px;
        margin: 0;
        overflow-wrap: anywhere;
      }
      details {
        font-size: 13px;
      }
      @media (max-width: 480px) {
        .base {
          gap: 4px;
          padding: 6px 10px;
        }
        .line {
          gap: 4px 8px;
        }
        .line,
        h2 {
          font-size: 12px;
        }
      }
      summary {
        cursor: pointer;
      }
    `,
  ];

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

/** What a reader should know of a recording that is not as it should be. */
function remarks({ broken, unknown, cut, full }: Skipped, newer: boolean): string[] {
  const lines = (count: number) => (count === 1 ? '1 line' : `${count} lines`);
  return [
    newer ? 'A newer version wrote it: some of it may not be shown.' : '',
    broken > 0 ? `${lines(broken)} cannot be read and ${broken === 1 ? 'is' : 'are'} passed over.` : '',
    unknown > 0
      ? `${lines(unknown)} of a kind that is not known here ${unknown === 1 ? 'is' : 'are'} passed over.`
      : '',
    cut ? 'Its end is missing: it was cut off.' : '',
    full ? 'Its end is not shown: a page holds no more. telltale play shows all of it.' : '',
  ].filter(Boolean);
}

/** As players show it: 0:05, 12:34, 1:02:03. */
function formatLength(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const two = (number: number) => String(number).padStart(2, '0');
  const head = hours > 0 ? `${hours}:${two(minutes)}` : `${minutes}`;
  return `${head}:${two(seconds % 60)}`;
}

const momentFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** Times in a file may be anything. */
function formatMoment(at: number): string {
  try {
    return momentFormat.format(at);
  } catch {
    return 'at no time that there is';
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
