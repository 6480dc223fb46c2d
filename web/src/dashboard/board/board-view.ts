import { html, LitElement, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { theme } from '../../elements/base/theme.ts';
import { buttonStyle } from '../button-style.ts';
import { download, fileName } from '../panels/export.ts';
import type { TelltaleMenuButton } from '../panels/menu-button.ts';
import type { TelltalePanelEvent } from '../panels/panel-events.ts';
import { panelTemplate } from '../panels/panel-template.ts';
import { type Board, type BoardPanel, movePanel, nameOf, parseBoard, removePanel, toFile } from './board.ts';
import { boardIn, linkTo, withoutBoard } from './board-link.ts';
import { type BoardStore, pageBoard } from './board-store.ts';
import { boardViewStyles } from './board-view.styles.ts';
import { arrangeItems, type Change, moved, removed } from './board-words.ts';
import { PanelDrag } from './panel-drag.ts';

/** More than this is no board, and not even read. */
const MAX_FILE = 1024 * 1024;

/**
 * The panels that somebody has pinned, arranged as they like: by dragging, or by the menu of each. A board that came by a
 * link is shown in place of theirs, which stays as it is until they say otherwise.
 *
 * Longer than most files: what it consists of is elsewhere, and here is who says what to whom.
 *
 * @element telltale-board
 * @attr src - The server, handed on to what is on the board.
 * @attr token - An embed token, handed on as well.
 * @csspart grid - The panels.
 */
export class TelltaleBoard extends LitElement {
  static override styles = [theme, buttonStyle, boardViewStyles];

  @query('input[type=file]') private readonly file!: HTMLInputElement;
  @query('.link') private readonly field!: HTMLInputElement | null;
  @property() src: string | null = null;
  @property() token: string | null = null;
  @property({ attribute: false }) store: BoardStore = pageBoard();
  /** The board that came by a link. */
  @state() private guest: Board | null = null;
  @state() private wrong = '';
  @state() private said = '';
  /** A link to be copied by hand, where there is no clipboard. */
  @state() private link = '';
  #unsubscribe: (() => void) | null = null;
  readonly #drag = new PanelDrag({
    boxes: () => this.#panels.map((panel) => panel.getBoundingClientRect()),
    drop: (from, to) => this.#change({ change: (board) => movePanel(board, from, to), to, words: moved }, from),
    update: () => this.requestUpdate(),
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.store.subscribe(() => this.requestUpdate());
    addEventListener('hashchange', this.#readAddress);
    this.#readAddress();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    removeEventListener('hashchange', this.#readAddress);
    this.#drag.cancel();
  }

  readonly #readAddress = () => {
    const found = boardIn(location.hash);
    this.guest = found instanceof Error ? null : found;
    this.wrong = found instanceof Error ? `${found.message}. Your own board is shown.` : '';
  };

  override render(): TemplateResult {
    const board = this.guest ?? this.store.board;
    const { problem, canUndo } = this.store;
    return html`
      <div class="wide">
        <div class="bar">
          <h2>${this.guest ? 'A board from a link' : 'My board'}</h2>
          <button aria-disabled=${canUndo ? 'false' : 'true'} @click=${this.#undo}>Undo</button>
          <button @click=${() => this.file.click()}>Open a file</button>
          ${
            board.length === 0
              ? ''
              : html`<button @click=${this.#save}>Save as file</button>
                  <button @click=${this.#copyLink}>Copy link</button>`
          }
          <input type="file" accept=".json,application/json" hidden aria-hidden="true" tabindex="-1" @change=${this.#choose} />
        </div>
        <p role="alert" class="wrong">${this.wrong || problem}</p>
        ${
          this.link === ''
            ? ''
            : html`<input class="link" readonly aria-label="Link to this board" .value=${this.link} @focus=${this.#select} />`
        }
        ${this.guest ? this.#guestTemplate(this.guest) : ''}
        ${board.length === 0 ? this.#nothingTemplate() : this.#gridTemplate(board)}
        <p class="spoken" role="status">${this.said}</p>
      </div>
    `;
  }

  #guestTemplate(guest: Board): TemplateResult {
    const { length } = this.store.board;
    return html`<div class="guest" role="group" aria-label="A board from a link">
      <p>
        This board came by a link and is not kept.
        ${length === 0 ? '' : `Yours, with ${length === 1 ? '1 panel' : `${length} panels`}, is as you left it.`}
      </p>
      <button @click=${() => this.#keepGuest(guest)}>${length === 0 ? 'Keep it' : 'Keep it in place of mine'}</button>
      <button @click=${this.#leaveGuest}>Back to mine</button>
    </div>`;
  }

  #nothingTemplate(): TemplateResult {
    return html`<div class="nothing">
      <p>Nothing is pinned yet.</p>
      <p>“Pin to board”, in the menu ⋯ of any chart, puts the chart here. It stays in this browser.</p>
    </div>`;
  }

  #gridTemplate(board: Board): TemplateResult {
    return html`<div
      part="grid"
      class="grid ${this.#drag.from === null ? '' : 'dragging'}"
      @telltale-pin=${this.#onPin}
    >
      ${board.map((panel, index) => this.#panelTemplate(panel, index, board.length))}
    </div>`;
  }

  #panelTemplate(panel: BoardPanel, index: number, count: number): TemplateResult {
    const { src, token } = this;
    const { spec, width, height } = panel;
    const { from, drop } = this.#drag;
    const mark = drop?.near !== index ? '' : drop.after ? 'after' : 'before';
    const items = () => arrangeItems(panel, index, count, (change) => this.#change(change, index));
    return html`<div
      class="panel w${width} h${height} ${from === index ? 'dragged' : ''} ${mark}"
      role="group"
      aria-label="${nameOf(panel)}, ${index + 1} of ${count}"
    >
      ${panelTemplate(spec, { src, token })}
      <div class="tools">
        <telltale-panel-menu
          .src=${src}
          .token=${token}
          .spec=${spec}
          .panel=${() => this.#panels[index] ?? null}
          ?pinned=${this.store.has(spec)}
        ></telltale-panel-menu>
        ${
          this.guest
            ? ''
            : html`<telltale-menu-button
                class="handle"
                symbol="✥"
                label="Arrange ${nameOf(panel)}: drag, or press for a menu"
                .items=${items}
                @pointerdown=${(event: PointerEvent) => this.#drag.down(event, index)}
              ></telltale-menu-button>`
        }
      </div>
    </div>`;
  }

  get #panels(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.panel')];
  }

  /** Changes what is kept, says so, and leaves the focus with what was changed. */
  #change({ change, to, words }: Change, index: number): void {
    const panel = this.store.board[index];
    const wrong = this.store.change(change);
    this.wrong = wrong?.message ?? '';
    if (!panel || wrong) return;
    const after = this.store.board;
    this.said = words(nameOf(panel), after[to] ?? panel, to, after.length);
    void this.updateComplete.then(() => {
      const handles = this.renderRoot.querySelectorAll<TelltaleMenuButton>('.handle');
      (handles[Math.min(to, handles.length - 1)] ?? this.renderRoot.querySelector('button'))?.focus();
    });
  }

  #onPin(event: TelltalePanelEvent): void {
    event.stopPropagation();
    const pinned = this.store.has(event.spec);
    const index = this.store.board.findIndex(({ spec }) => spec === event.spec);
    if (!this.guest && pinned && index >= 0) {
      this.#change({ change: (board) => removePanel(board, index), to: index, words: removed }, index);
      return;
    }
    const wrong = this.store.toggle(event.spec);
    this.wrong = wrong?.message ?? '';
    if (!wrong) this.said = pinned ? 'Taken off your board' : 'Pinned to your board';
  }

  #undo(): void {
    if (!this.store.canUndo) return;
    this.store.undo();
    this.said = `Undone. ${countOf(this.store.board)}`;
  }

  #keepGuest(guest: Board): void {
    const wrong = this.store.change(() => guest);
    this.wrong = wrong?.message ?? '';
    this.#leaveGuest();
    this.said = 'Kept. Undo brings yours back';
  }

  #leaveGuest(): void {
    // Whoever follows the address is told.
    location.replace(`#${withoutBoard(location.hash)}`);
    this.guest = null;
    this.link = '';
    this.said = `My board. ${countOf(this.store.board)}`;
    void this.updateComplete.then(() => this.renderRoot.querySelector('button')?.focus());
  }

  #save(): void {
    const text = toFile(this.guest ?? this.store.board);
    download(fileName(null, 'board', Date.now(), 'json'), new Blob([text], { type: 'application/json' }));
    this.said = 'Saved as a file';
  }

  async #choose(): Promise<void> {
    const [file] = this.file.files ?? [];
    // The same file may be chosen again.
    this.file.value = '';
    if (!file) return;
    this.wrong = '';
    const board = file.size > MAX_FILE ? new Error('This is no board: it is too long') : parseBoard(await file.text());
    const wrong = board instanceof Error ? board : this.store.change(() => board);
    if (wrong) {
      this.wrong = `${file.name}: ${wrong.message}. Nothing was changed.`;
      return;
    }
    if (this.guest) this.#leaveGuest();
    this.said = `Opened ${file.name}. ${countOf(this.store.board)}. Undo brings back what was here`;
  }

  async #copyLink(): Promise<void> {
    const link = linkTo(this.guest ?? this.store.board, location.href);
    this.wrong = link instanceof Error ? link.message : '';
    if (link instanceof Error) return;
    try {
      // Over plain HTTP away from loopback there is no clipboard.
      await navigator.clipboard.writeText(link);
      this.link = '';
      this.said = 'Link copied';
    } catch {
      this.link = link;
      await this.updateComplete;
      this.field?.focus();
    }
  }

  #select(): void {
    this.field?.select();
  }
}

const countOf = ({ length }: Board) => (length === 1 ? '1 panel' : `${length} panels`);
