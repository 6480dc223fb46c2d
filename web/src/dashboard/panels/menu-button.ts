import { html, LitElement, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { theme } from '../../elements/base/theme.ts';
import { menuButtonStyles } from './menu-button.styles.ts';

export interface MenuItem {
  readonly title: string;
  /** Why it cannot be done at present; said instead of doing it. */
  readonly not?: string | null;
  run(): void;
}

/** Between the menu and the edges of the window, in pixels. */
const MARGIN = 8;

/**
 * A button with a menu, as the menu button of ARIA's authoring practices.
 *
 * @element telltale-menu-button
 * @attr label - What the menu is of.
 * @attr symbol - What stands on the button.
 * @cssproperty --telltale-menu-opacity - How much of the button is seen while nobody uses it. Defaults to 1.
 */
export class TelltaleMenuButton extends LitElement {
  static override styles = [theme, menuButtonStyles];

  @query('.button') private readonly button!: HTMLButtonElement;
  @query('.menu') private readonly menu!: HTMLElement | null;
  @property() label = 'More';
  @property() symbol = '⋯';
  /** Asked when it is opened. */
  @property({ attribute: false }) items: () => readonly MenuItem[] = () => [];
  @state() private shown: readonly MenuItem[] | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listen(false);
    this.shown = null;
  }

  override focus(): void {
    this.button?.focus();
  }

  override render(): TemplateResult {
    const open = this.shown !== null;
    return html`
      <button
        class="button"
        aria-haspopup="menu"
        aria-expanded=${open ? 'true' : 'false'}
        aria-label=${this.label}
        title=${this.label}
        @click=${() => (open ? this.#close(true) : this.#open(0))}
        @keydown=${this.#onButtonKey}
      >
        ${this.symbol}
      </button>
      ${
        this.shown === null
          ? ''
          : html`<div class="menu" role="menu" aria-label=${this.label} .popover=${'manual'} @keydown=${this.#onKey} @focusout=${this.#onLeave}>
              ${this.shown.map(
                (item) => html`<button
                  role="menuitem"
                  tabindex="-1"
                  aria-disabled=${item.not ? 'true' : 'false'}
                  title=${item.not ?? ''}
                  @click=${() => this.#run(item)}
                >
                  ${item.title}
                </button>`,
              )}
            </div>`
      }
    `;
  }

  async #open(index: number): Promise<void> {
    this.shown = this.items();
    await this.updateComplete;
    const { menu } = this;
    if (!menu) return;
    if ('popover' in menu) {
      menu.showPopover();
      this.#place(menu);
    }
    this.#items.at(index)?.focus();
    // A scroll on the way to the button is told before the next frame, and is none that leads away from it.
    requestAnimationFrame(() => this.#listen(this.shown !== null));
  }

  /** Below the button, with its right edge there; above where there is no room, and never beyond the window. */
  #place(menu: HTMLElement): void {
    const button = this.button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = menu;
    const below = button.bottom + 4;
    const top = below + height + MARGIN <= innerHeight ? below : Math.max(MARGIN, button.top - 4 - height);
    menu.style.setProperty('--_top', `${top}px`);
    menu.style.setProperty('--_left', `${Math.max(MARGIN, button.right - width)}px`);
  }

  get #items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  #run(item: MenuItem): void {
    if (item.not) return;
    this.#close(true);
    item.run();
  }

  #close(refocus: boolean): void {
    this.#listen(false);
    this.shown = null;
    if (refocus) this.focus();
  }

  #onButtonKey(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    void this.#open(event.key === 'ArrowDown' ? 0 : -1);
  }

  #onKey(event: KeyboardEvent): void {
    const items = this.#items;
    const at = items.indexOf(event.composedPath()[0] as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    // The focus leaves by itself with Tab, from where the button stands.
    if (event.key === 'Tab' || event.key === 'Escape') this.#close(true);
    if (event.key === 'Tab') return;
    if (step !== undefined) items.at((at + step) % items.length)?.focus();
    else if (event.key === 'Home') items[0]?.focus();
    else if (event.key === 'End') items.at(-1)?.focus();
    else if (event.key !== 'Escape') {
      if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey || event.altKey) return;
      const letter = event.key.toLowerCase();
      const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
      after.find((item) => item.textContent?.trim().toLowerCase().startsWith(letter))?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #onLeave({ relatedTarget }: FocusEvent): void {
    if (this.shown && !(relatedTarget instanceof Node && this.renderRoot.contains(relatedTarget))) this.#close(false);
  }

  /** It would stay where it is while the page moves on below it. */
  readonly #onAway = (event: Event) => {
    if (event.type === 'pointerdown' && event.composedPath().includes(this)) return;
    this.#close(false);
  };

  #listen(on: boolean): void {
    for (const type of ['scroll', 'resize', 'pointerdown']) {
      if (on) addEventListener(type, this.#onAway, { capture: true, passive: true });
      else removeEventListener(type, this.#onAway, { capture: true });
    }
  }
}
