import { css, html, LitElement, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { pagePreferences } from '../../client/index.ts';
import { theme } from '../../elements/base/theme.ts';
import { KEY_HELP } from '../../elements/base/time-gestures.ts';
import { buttonStyle } from '../button-style.ts';
import { dialogStyle } from '../dialog-style.ts';
import { type Command, groupCommands } from './commands.ts';
import { keyCapStyles, keyCapsTemplate } from './key-caps.ts';

/** One line for each thing that keys do on a chart, of the sentence that screen readers are told. */
const CHART_KEYS = KEY_HELP.replace(/\.$/, '')
  .split(', ')
  .map((part) => `${part[0]?.toUpperCase()}${part.slice(1)}`);

/**
 * Lists the keys: those of commands by their groups, and those of a chart that has the focus.
 *
 * @element telltale-key-help
 */
export class TelltaleKeyHelp extends LitElement {
  static override styles = [
    theme,
    buttonStyle,
    dialogStyle,
    keyCapStyles,
    css`
      dialog {
        max-width: 880px;
        overflow: auto;
        padding: 18px 20px;
      }
      .columns {
        display: grid;
        gap: 4px 32px;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr));
      }
      h3 {
        color: var(--_muted);
        font-size: 12px;
        margin: 14px 0 4px;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        align-items: baseline;
        display: flex;
        gap: 12px;
        justify-content: space-between;
        padding: 2px 0;
      }
      .foot {
        align-items: center;
        display: flex;
        font-size: 13px;
        gap: 12px;
        justify-content: space-between;
        margin-top: 14px;
      }
    `,
  ];

  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @property({ attribute: false }) commands: () => readonly Command[] = () => [];
  @state() private shown: readonly Command[] = [];

  show(): void {
    if (this.dialog?.open) return;
    this.shown = this.commands().filter(({ keys }) => keys);
    void this.updateComplete.then(() => {
      if (!this.isConnected || this.dialog.open) return;
      this.dialog.showModal();
      // The first that takes the focus is at its end.
      this.dialog.scrollTop = 0;
    });
  }

  override render(): TemplateResult {
    return html`
      <dialog aria-label="Keys" @click=${this.#onBackdrop}>
        <h2>Keys</h2>
        <div class="columns">
          ${[...groupCommands(this.shown)].map(
            ([group, commands]) => html`<section>
              <h3>${group}</h3>
              <ul>
                ${commands.map(({ title, keys = '' }) => html`<li><span>${title}</span>${keyCapsTemplate(keys)}</li>`)}
              </ul>
            </section>`,
          )}
          <section>
            <h3>On a chart that has the focus</h3>
            <ul>
              ${CHART_KEYS.map((line) => html`<li>${line}</li>`)}
            </ul>
          </section>
        </div>
        <div class="foot">
          <label>
            <input
              type="checkbox"
              .checked=${pagePreferences.choices.keys}
              @change=${({ target }: Event) => pagePreferences.choose({ keys: (target as HTMLInputElement).checked })}
            />
            Single keys do what they say here
          </label>
          <button @click=${() => this.dialog.close()}>Close</button>
        </div>
      </dialog>
    `;
  }

  #onBackdrop({ target }: Event): void {
    if (target === this.dialog) this.dialog.close();
  }
}
