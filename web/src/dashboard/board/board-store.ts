import { ownBase } from '../../client/index.ts';
import type { PanelSpec } from '../panels/panel-spec.ts';
import { addPanel, type Board, EMPTY_BOARD, indexIn, parseBoard, removePanel, toFile } from './board.ts';

/** What is asked of `localStorage`. */
export type BoardStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** Where the board of a server is kept: pages of several servers may share an origin. */
export const storageKey = (base: string): string => `telltale.board ${base}`;

const UNREADABLE = 'The board that was kept here cannot be read, and is set aside';
const NOT_KEPT = 'This browser does not keep the board: it is gone with this page. Save it as a file';

/**
 * The board that somebody has put together, kept in this browser. Where nothing can be kept it is there as long as the
 * page, and says so.
 */
export class BoardStore {
  readonly #key: string;
  /** Even asking for it throws where it is blocked. */
  readonly #storage: () => BoardStorage;
  readonly #listeners = new Set<() => void>();
  #board = EMPTY_BOARD;
  #before: Board | null = null;
  /** What is kept, as far as is known here. */
  #kept: string | null = null;
  /** What is kept and cannot be read: not written over before it is set aside. */
  #damaged: string | null = null;
  #problem = '';

  constructor(key: string, storage: () => BoardStorage) {
    this.#key = key;
    this.#storage = storage;
    try {
      this.#take(storage().getItem(key));
    } catch {
      // Nothing was kept, and nobody has lost anything yet.
    }
  }

  get board(): Board {
    return this.#board;
  }

  /** What somebody should know, in words; empty while all is well. */
  get problem(): string {
    return this.#problem;
  }

  /** Whether {@link undo} does something. */
  get canUndo(): boolean {
    return this.#before !== null;
  }

  has(spec: PanelSpec): boolean {
    return indexIn(this.#board, spec) >= 0;
  }

  /** Changes the board, or answers what is wrong. A change that another tab made since is in what is changed. */
  change(change: (board: Board) => Board | Error): Error | null {
    this.#catchUp();
    const next = change(this.#board);
    if (next instanceof Error) return next;
    if (next === this.#board) return null;
    this.#before = this.#board;
    this.#board = next;
    this.#keep();
    this.#tell();
    return null;
  }

  /** Takes a panel in, or out if it is there. */
  toggle(spec: PanelSpec): Error | null {
    return this.change((board) => {
      const index = indexIn(board, spec);
      return index < 0 ? addPanel(board, spec) : removePanel(board, index);
    });
  }

  /** Takes the last change back; a second time it makes it again. */
  undo(): void {
    const before = this.#before;
    if (before) this.change(() => before);
  }

  /** Takes what another tab has kept, as a `storage` event tells it. */
  heard({ key, newValue }: Pick<StorageEvent, 'key' | 'newValue'>): void {
    // `null`: everything was cleared.
    if (key !== this.#key && key !== null) return;
    this.#take(key === null ? null : newValue);
    this.#tell();
  }

  /** Calls after each change; the answer ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #take(text: string | null): void {
    this.#kept = text;
    this.#damaged = null;
    this.#problem = '';
    if (text === null) {
      this.#before = null;
      this.#board = EMPTY_BOARD;
      return;
    }
    const board = parseBoard(text);
    if (board instanceof Error) {
      this.#damaged = text;
      this.#problem = `${UNREADABLE}. ${board.message}`;
      return;
    }
    this.#before = null;
    this.#board = board;
  }

  /** A page that slept has not heard of what other tabs did. */
  #catchUp(): void {
    try {
      const text = this.#storage().getItem(this.#key);
      // What could not be kept is here alone, and must not be given up for what is older.
      if (text !== this.#kept && this.#problem !== NOT_KEPT) this.#take(text);
    } catch {
      // It is said when keeping fails.
    }
  }

  #keep(): void {
    const text = toFile(this.#board);
    try {
      const storage = this.#storage();
      if (this.#damaged !== null) storage.setItem(`${this.#key} unreadable`, this.#damaged);
      storage.setItem(this.#key, text);
      this.#kept = text;
      this.#damaged = null;
      this.#problem = '';
    } catch {
      // Blocked, or full.
      this.#problem = NOT_KEPT;
    }
  }
}

let own: BoardStore | null = null;

/** The page's own: the same for all who ask, and for the other tabs. */
export function pageBoard(): BoardStore {
  if (own) return own;
  const store = new BoardStore(storageKey(ownBase()), () => localStorage);
  addEventListener('storage', (event) => {
    if (event.storageArea === null || isLocal(event.storageArea)) store.heard(event);
  });
  own = store;
  return store;
}

function isLocal(area: Storage): boolean {
  try {
    return area === localStorage;
  } catch {
    return false;
  }
}
