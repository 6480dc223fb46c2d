/** Who leads: the later term before the earlier; of one term whoever leads longer, so that newcomers change nothing. */
export interface Leader {
  readonly tab: string;
  /** Grows with every leader that took over. */
  readonly term: number;
  /** When it began, by the clock that all tabs share. */
  readonly since: number;
}

/** After this long without a word of the leader it is asked, and after this long without an answer it is dead. */
const ASK_MS = 1_000;
const ANSWER_MS = 900;
/** Nobody sees a hidden tab, so it lets others go first. */
const HIDDEN_MS = 1_000;
/**
 * A browser fires the timers of a hidden page once a minute at worst, and a leader needs timers to notice a lost
 * connection. A tab that is seen takes over from a leader that was hidden for this long.
 */
const OUT_OF_SIGHT_MS = 10_000;

function outranks(a: Leader, b: Leader): boolean {
  if (a.term !== b.term) return a.term > b.term;
  if (a.since !== b.since) return a.since < b.since;
  return a.tab < b.tab;
}

/**
 * What one tab knows of who leads. Web Locks would elect a leader, but exist in secure contexts only, which
 * `http://nas:7411` is none of. Silence alone proves nothing, since timers of hidden pages hardly run: a leader is dead
 * when it was asked and did not answer. Two may lead for a moment; the lower in rank steps down as soon as it hears the
 * other, and nothing is lost, because every tab knows its own position.
 */
export class Election {
  readonly #tab: string;
  #leader: Leader | null = null;
  #term = 0;
  #heardAt = 0;
  #askedAt: number | null = null;
  #hiddenAt: number | null = null;

  constructor(tab: string) {
    this.#tab = tab;
  }

  get leader(): Leader | null {
    return this.#leader;
  }

  get leads(): boolean {
    return this.#leader?.tab === this.#tab;
  }

  /** Hears somebody who leads. Answers whether it is the one to listen to. */
  heard(leader: Leader, now: number): boolean {
    this.#term = Math.max(this.#term, leader.term);
    if (this.#leader?.tab !== leader.tab) {
      if (this.#leader && !outranks(leader, this.#leader)) return false;
      this.#hiddenAt = null;
    }
    this.#leader = leader;
    this.#heardAt = now;
    this.#askedAt = null;
    return true;
  }

  /** The leader said whether it can be seen. */
  seen(hidden: boolean, now: number): void {
    this.#hiddenAt = hidden ? (this.#hiddenAt ?? now) : null;
  }

  claim(now: number): Leader {
    this.#leader = { tab: this.#tab, term: ++this.#term, since: now };
    return this.#leader;
  }

  /** Answers whether that was the leader. */
  resigned(tab: string): boolean {
    if (this.#leader?.tab !== tab) return false;
    this.#leader = null;
    return true;
  }

  /** What was asked long ago says nothing: this tab has slept meanwhile. */
  wake(): void {
    this.#askedAt = null;
  }

  /** To be called twice a second: what there is to be done about the leader. */
  check(now: number, hidden: boolean): 'ask' | 'claim' | null {
    if (this.leads) return null;
    if (this.#leader && !hidden && this.#hiddenAt !== null && now - this.#hiddenAt >= OUT_OF_SIGHT_MS) return 'claim';
    if (this.#askedAt !== null) {
      return now - this.#askedAt >= ANSWER_MS + (hidden ? HIDDEN_MS : 0) ? 'claim' : null;
    }
    if (this.#leader && now - this.#heardAt < ASK_MS) return null;
    this.#askedAt = now;
    return 'ask';
  }
}
