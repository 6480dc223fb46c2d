import { css, html, LitElement, type TemplateResult } from 'lit';
import { query } from 'lit/decorators.js';
import { type Choices, pagePreferences } from '../client/index.ts';
import { theme } from '../elements/base/theme.ts';
import { buttonStyle } from './button-style.ts';

interface Choice {
  readonly legend: string;
  readonly options: readonly (readonly [text: string, detail: string, choose: Partial<Choices>])[];
}

/** What a person may want otherwise; each option says what it means. */
function choicesOf({ clock }: Choices): readonly Choice[] {
  return [
    {
      legend: 'Times',
      options: [
        ['Local', 'the zone of this device', { clock: { ...clock, utc: false } }],
        ['UTC', '', { clock: { ...clock, utc: true } }],
      ],
    },
    {
      legend: 'Hours',
      options: [
        ['As the system has them', '', { clock: { ...clock, hours: null } }],
        ['12', 'with AM and PM', { clock: { ...clock, hours: 12 } }],
        ['24', '', { clock: { ...clock, hours: 24 } }],
      ],
    },
    {
      legend: 'Network rates',
      options: [
        ['Bytes', 'as files are counted: MB/s', { rates: 'bytes' }],
        ['Bits', 'as links are sold: Mbit/s', { rates: 'bits' }],
      ],
    },
    {
      legend: 'Used memory',
      options: [
        ['As free', 'total less what is available to programs', { memory: 'available' }],
        ['Programs', 'total less free, buffers, cache and shared', { memory: 'programs' }],
      ],
    },
  ];
}

/** Whether all that an option chooses is chosen. */
const isChosen = (choices: Choices, some: Partial<Choices>): boolean =>
  Object.entries(some).every(
    ([name, value]) => JSON.stringify(choices[name as keyof Choices]) === JSON.stringify(value),
  );

/**
 * How the page writes times and numbers.
 *
 * @element telltale-choices
 */
export class TelltaleChoices extends LitElement {
  static override styles = [
    theme,
    buttonStyle,
    css`
      :host {
        position: relative;
      }
      .panel {
        background: var(--_paper);
        border: 1px solid var(--_rule);
        border-radius: 8px;
        box-shadow: 0 6px 24px rgb(0 0 0 / 0.18);
        color: inherit;
        inset: 60px 16px auto auto;
        max-width: min(340px, calc(100vw - 32px));
        padding: 12px 16px 14px;
        position: fixed;
      }
      fieldset {
        border: 0;
        margin: 0 0 8px;
        padding: 0;
      }
      legend {
        color: var(--_muted);
        font-size: 12px;
        padding: 4px 0 2px;
      }
      label {
        display: block;
        font-size: 13px;
        padding: 2px 0;
      }
    `,
  ];

  @query('.panel') private readonly panel!: HTMLElement;
  #end: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = pagePreferences.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  override render(): TemplateResult {
    const { choices } = pagePreferences;
    return html`
      <button aria-haspopup="dialog" @click=${() => this.panel.togglePopover()}>Units</button>
      <div class="panel" .popover=${'auto'} role="dialog" aria-label="How times and numbers are written">
        ${choicesOf(choices).map(
          ({ legend, options }) => html`<fieldset>
            <legend>${legend}</legend>
            ${options.map(
              ([text, detail, some]) => html`<label>
                <input
                  type="radio"
                  name=${legend}
                  .checked=${isChosen(choices, some)}
                  @change=${() => pagePreferences.choose(some)}
                />
                ${text} <span class="muted">${detail}</span>
              </label>`,
            )}
          </fieldset>`,
        )}
      </div>
    `;
  }
}
