import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { theme } from '../../elements/base/theme.ts';
import { dialogStyle } from '../dialog-style.ts';
import { commandPaletteStyles } from './command-palette.styles.ts';
import { type Command, groupCommands, MAX_RESULTS, rankCommands } from './commands.ts';
import { keyCapStyles, keyCapsTemplate } from './key-caps.ts';

const PAGE = 8;

/**
 * Finds what can be done, and does it: a field above a list, as the combobox of ARIA's authoring practices.
 *
 * @element telltale-command-palette
 */
export class TelltaleCommandPalette extends LitElement {
  static override styles = [theme, dialogStyle, keyCapStyles, commandPaletteStyles];

  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('input') private readonly input!: HTMLInputElement;
  @query('.list') private readonly list!: HTMLElement;
  /** Asked once, when it is opened: what somebody reads through does not move away. */
  @property({ attribute: false }) commands: () => readonly Command[] = () => [];
  @state() private all: readonly Command[] = [];
  @state() private query = '';
  @state() private active = 0;
  /** By group, in the order in which they stand and arrows walk. */
  #groups = new Map<string, readonly Command[]>();
  #found: readonly Command[] = [];

  show(): void {
    if (this.dialog?.open) return;
    this.all = this.commands();
    this.query = '';
    this.active = 0;
    void this.updateComplete.then(() => {
      this.input.value = '';
      if (this.isConnected && !this.dialog.open) this.dialog.showModal();
    });
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has('all') && !changed.has('query')) return;
    this.#groups = groupCommands(rankCommands(this.all, this.query));
    this.#found = [...this.#groups.values()].flat();
  }

  override render(): TemplateResult {
    const found = this.#found;
    const none = found.length === 0;
    return html`
      <dialog aria-label="Commands" @click=${this.#onBackdrop} @close=${this.#onClose}>
        <div class="base">
          <input
            type="text"
            role="combobox"
            aria-label="Find a command, a chart or a series"
            aria-autocomplete="list"
            aria-expanded=${none ? 'false' : 'true'}
            aria-controls="list"
            aria-activedescendant=${none ? '' : `option-${this.active}`}
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            maxlength="200"
            placeholder="Find a command, a chart or a series"
            @input=${this.#onInput}
            @keydown=${this.#onKey}
          />
          <div id="list" class="list" role="listbox" aria-label="Commands" ?hidden=${none}>${this.#groupTemplates()}</div>
          ${none ? html`<p class="none muted">${this.#emptyText()}</p>` : ''}
          <span class="spoken" role="status">${this.#countText()}</span>
        </div>
      </dialog>
    `;
  }

  #groupTemplates(): TemplateResult[] {
    let index = 0;
    return [...this.#groups].map(
      ([group, commands]) => html`<div role="group" aria-label=${group}>
        <div class="group" aria-hidden="true">${group}</div>
        ${commands.map((command) => this.#optionTemplate(command, index++))}
      </div>`,
    );
  }

  #optionTemplate(command: Command, index: number): TemplateResult {
    const { title, detail = '', keys } = command;
    return html`<div
      id="option-${index}"
      role="option"
      aria-selected=${index === this.active ? 'true' : 'false'}
      @pointermove=${() => {
        this.active = index;
      }}
      @click=${() => this.#run(command)}
    >
      <span class="title">${title}</span><span class="detail">${detail}</span>${keys ? keyCapsTemplate(keys) : ''}
    </div>`;
  }

  #emptyText(): string {
    return this.all.length === 0 ? 'There is nothing to do here yet' : 'Nothing here has all of these words';
  }

  #countText(): string {
    const { length } = this.#found;
    if (length === 0) return this.#emptyText();
    if (length === MAX_RESULTS && this.all.length > length) return `The first ${length} of more`;
    return length === 1 ? '1 found' : `${length} found`;
  }

  #onInput(): void {
    this.query = this.input.value;
    this.active = 0;
    this.list.scrollTop = 0;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      this.dialog.close();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const last = this.#found.length - 1;
    const to = {
      ArrowDown: this.active === last ? 0 : this.active + 1,
      ArrowUp: this.active === 0 ? last : this.active - 1,
      PageDown: Math.min(last, this.active + PAGE),
      PageUp: Math.max(0, this.active - PAGE),
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === 'Enter') {
      const command = this.#found[this.active];
      if (command) this.#run(command);
    } else if (to === undefined || last < 0) return;
    else void this.#go(to);
    event.preventDefault();
  }

  async #go(index: number): Promise<void> {
    this.active = index;
    await this.updateComplete;
    // The name of the first group is above the first of all.
    if (index === 0) this.list.scrollTop = 0;
    this.renderRoot.querySelector(`#option-${index}`)?.scrollIntoView({ block: 'nearest' });
  }

  /** Closed first: the focus goes back to where it was, and the command may lead it elsewhere. */
  #run(command: Command): void {
    this.dialog.close();
    command.run();
  }

  #onBackdrop({ target }: Event): void {
    if (target === this.dialog) this.dialog.close();
  }

  /** Nothing of it is kept while nobody sees it. */
  #onClose(): void {
    this.all = [];
  }
}
