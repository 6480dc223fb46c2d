import { parseDuration } from '@telltale/shared';
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { isLive, type Needs, pageWindow, type Span, sameSpan } from '../../client/index.ts';
import { TelltaleSpanEvent } from '../base/events.ts';
import { formatSpan } from '../base/moment.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';
import { problemOf } from './span-problem.ts';
import { timeRangeStyles } from './time-range.styles.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What is one click away. */
const PRESETS = [
  ['15 min', 15 * MINUTE],
  ['1 h', HOUR],
  ['6 h', 6 * HOUR],
  ['24 h', DAY],
  ['7 d', 7 * DAY],
  ['30 d', 30 * DAY],
] as const;
const UNITS = [
  ['minutes', MINUTE],
  ['hours', HOUR],
  ['days', DAY],
] as const;
const ZOOM = 2;

/**
 * One time for every chart of the page: what they show, and whether they go on with the time.
 *
 * @element telltale-time-range
 * @attr last - What the page shows to begin with, like `15m` or `24h`. Defaults to a quarter of an hour.
 * @fires telltale-span - Somebody chose something else.
 * @slot - More buttons about time, behind its own.
 * @csspart base - The whole.
 * @csspart choices - The windows that are one click away.
 * @csspart buttons - Stopping, zooming and going back.
 */
export class TelltaleTimeRange extends TelltaleElement {
  static override styles = [theme, timeRangeStyles];

  /** Whether the fields for a window of one's own are there. */
  @state() private open = false;
  @state() private problem: string | null = null;
  /** What the fields of a range begin with; it must not move while somebody fills them in. */
  #openedAt = 0;
  #unsubscribe: (() => void) | null = null;

  @property() last: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    // Before charts ask for what it shows.
    if (this.last === null) pageWindow.begin();
    else this.#showLast();
    this.#unsubscribe = pageWindow.subscribe(() => {
      this.problem = null;
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
  }

  /** It asks for nothing: the clock of the server that others look at is enough. */
  override needs(): Needs {
    return { metrics: [], series: [] };
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('last') && this.hasUpdated) this.#showLast();
  }

  #showLast(): void {
    const lastMs = this.last === null ? null : parseDuration(this.last);
    if (lastMs !== null && problemOf({ lastMs }) === null) pageWindow.show({ lastMs });
  }

  override render(): TemplateResult {
    const { span } = pageWindow;
    const preset = PRESETS.some(([, lastMs]) => sameSpan(span, { lastMs }));
    return html`
      <div part="base" class="base">
        <fieldset>
          <legend>Charts show the last</legend>
          <div part="choices" class="choices">
            ${PRESETS.map(
              ([text, lastMs]) => html`
                <label>
                  <input
                    type="radio"
                    name="window"
                    .checked=${!this.open && sameSpan(span, { lastMs })}
                    @change=${() => this.#choose({ lastMs })}
                  />
                  <span>${text}</span>
                </label>
              `,
            )}
            <label>
              <input
                type="radio"
                name="window"
                .checked=${this.open || !preset}
                @change=${this.#unfold}
                @click=${this.#unfold}
              />
              <span>Custom</span>
            </label>
          </div>
        </fieldset>
        ${this.open ? this.#formTemplate(span) : ''} ${this.#buttonsTemplate(span)}
      </div>
    `;
  }

  #buttonsTemplate(span: Span): TemplateResult {
    const live = isLive(span);
    const toggle = () => (live ? pageWindow.pause(this.#now()) : pageWindow.resume());
    return html`<div part="buttons" class="buttons" role="group" aria-label="Time">
      <button @click=${() => this.#turn(toggle)}>${live ? 'Pause' : 'Live'}</button>
      <button aria-label="Zoom in" @click=${() => this.#turn(() => pageWindow.scale(1 / ZOOM, this.#now()))}>+</button>
      <button aria-label="Zoom out" @click=${() => this.#turn(() => pageWindow.scale(ZOOM, this.#now()))}>−</button>
      <button aria-label="Earlier" @click=${() => this.#turn(() => pageWindow.move(-0.5, this.#now()))}>‹</button>
      <button aria-label="Later" ?disabled=${live} @click=${() => this.#turn(() => pageWindow.move(0.5, this.#now()))}>
        ›
      </button>
      <slot></slot>
      ${
        pageWindow.away
          ? html`<button @click=${() => this.#turn(() => pageWindow.reset())}>Back</button>
              <span class="muted shown">${formatSpan(span)}</span>`
          : ''
      }
    </div>`;
  }

  #formTemplate(span: Span): TemplateResult {
    const lastMs = isLive(span) ? span.lastMs : HOUR;
    const [, unitMs] = UNITS.findLast(([, size]) => lastMs % size === 0) ?? UNITS[0];
    const [from, to] = isLive(span) ? [this.#openedAt - HOUR, this.#openedAt] : [span.from, span.to];
    return html`
      <div class="custom">
        <form @submit=${this.#submitLast}>
          <label>Last <input name="count" type="number" min="1" required .value=${`${lastMs / unitMs}`} /></label>
          <select name="unit" aria-label="Unit">
            ${UNITS.map(([text, size]) => html`<option value=${size} ?selected=${size === unitMs}>${text}</option>`)}
          </select>
          <button>Show</button>
        </form>
        <form @submit=${this.#submitRange}>
          <label>From <input name="from" type="datetime-local" required .value=${toLocal(from)} /></label>
          <label>to <input name="to" type="datetime-local" required .value=${toLocal(to)} /></label>
          <button>Show</button>
        </form>
        <p class="problem" role="alert">${this.problem ?? ''}</p>
      </div>
    `;
  }

  readonly #unfold = () => {
    if (!this.open) this.#openedAt = Date.now();
    this.open = true;
  };

  readonly #submitLast = (event: SubmitEvent) => {
    const fields = fieldsOf(event);
    this.#choose({ lastMs: Number(fields.get('count')) * Number(fields.get('unit')) });
  };

  readonly #submitRange = (event: SubmitEvent) => {
    const fields = fieldsOf(event);
    this.#choose({ from: Date.parse(`${fields.get('from')}`), to: Date.parse(`${fields.get('to')}`) });
  };

  #choose(span: Span): void {
    this.problem = problemOf(span);
    if (this.problem !== null) return;
    this.open = false;
    this.#turn(() => pageWindow.show(span));
  }

  #turn(change: () => void): void {
    const before = pageWindow.span;
    change();
    if (pageWindow.span !== before) this.dispatchEvent(new TelltaleSpanEvent(pageWindow.span));
    this.requestUpdate();
  }

  /** As the server has it, where one is known. */
  #now(): number {
    return this.data.source?.now ?? Date.now();
  }
}

function fieldsOf(event: SubmitEvent): FormData {
  event.preventDefault();
  return new FormData(event.target as HTMLFormElement);
}

/** A moment as a `datetime-local` field takes it, in the time of this device. */
function toLocal(at: number): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
}
