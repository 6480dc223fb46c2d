/** What of a dashboard is looked at; what its charts show of the past is the page's time. */
export interface ViewState {
  /** A section's id, `board` for the reader's own, or empty for the first screen. */
  readonly section: string;
  /** On a wall: charts without what one needs hands for. */
  readonly kiosk: boolean;
  /** A board that came with the address, as the address writes it. */
  readonly board: string | null;
}

export const FIRST_SCREEN: ViewState = { section: '', kiosk: false, board: null };

/** One dashboard's view: whoever offers a choice changes it, whoever shows it listens. */
export class View {
  readonly #listeners = new Set<() => void>();
  #state = FIRST_SCREEN;

  get state(): ViewState {
    return this.#state;
  }

  show(some: Partial<ViewState>): void {
    const next = { ...this.#state, ...some };
    if (next.section === this.#state.section && next.kiosk === this.#state.kiosk && next.board === this.#state.board) {
      return;
    }
    this.#state = next;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls after each change; the answer ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
