import { html, LitElement, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { isLive, pageWindow, type Span, sameSpan } from '../client/index.ts';
import { theme } from '../elements/base/theme.ts';
import { pickerStyles } from './window-picker.styles.ts';
import { fromHash, problemOf, toHash } from './window-url.ts';

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

/**
 * Chooses what the charts of the page show, and keeps the choice in the address.
 *
 * @element telltale-window-picker
 */
export class TelltaleWindowPicker extends LitElement {
  static override styles = [theme, pickerStyles];

  @state() private span: Span = fromHash(location.hash);
  /** Whether the fields for a window of one's own are there. */
  @state() private open = false;
  @state() private problem: string | null = null;
  /** What the fields of a range begin with; it must not move while somebody fills them in. */
  #openedAt = 0;
  #unsubscribe: (() => void) | null = null;

  readonly #readAddress = () => pageWindow.show(fromHash(location.hash));

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = pageWindow.subscribe(() => this.#follow());
    addEventListener('hashchange', this.#readAddress);
    this.#readAddress();
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    removeEventListener('hashchange', this.#readAddress);
  }

  override render(): TemplateResult {
    const preset = PRESETS.some(([, lastMs]) => sameSpan(this.span, { lastMs }));
    return html`
      <fieldset>
        <legend>Charts show the last</legend>
        <div class="choices">
          ${PRESETS.map(
            ([text, lastMs]) => html`
              <label>
                <input
                  type="radio"
                  name="window"
                  .checked=${!this.open && sameSpan(this.span, { lastMs })}
                  @change=${() => this.#choose({ lastMs })}
                />
                <span>${text}</span>
              </label>
            `,
          )}
          <label>
            <input type="radio" name="window" .checked=${this.open || !preset} @change=${this.#unfold} @click=${this.#unfold} />
            <span>Custom</span>
          </label>
        </div>
      </fieldset>
      ${this.open ? this.#formTemplate() : ''}
    `;
  }

  #formTemplate(): TemplateResult {
    const { span } = this;
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

  /** Shows a window, and puts it into the address: "back" leads to the one before. */
  #choose(span: Span): void {
    this.problem = problemOf(span);
    if (this.problem !== null) return;
    this.open = false;
    const hash = toHash(span);
    if (hash !== location.hash) history.pushState(null, '', hash || location.pathname + location.search);
    pageWindow.show(span);
  }

  #follow(): void {
    this.span = pageWindow.span;
    this.problem = null;
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
