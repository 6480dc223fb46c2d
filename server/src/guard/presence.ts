import type { MetricName } from '@telltale/shared';
import type { Clock } from '../clock.ts';
import type { Visitor } from '../visitor.ts';
import type { Keyring } from './keyring.ts';

/** How often it is looked whether those who are here may still be. What a revocation takes is this and what a look takes. */
const LOOK_MS = 500;

/** Somebody who reads the stream. */
interface Present {
  readonly visitor: Visitor;
  readonly metrics: readonly MetricName[];
  readonly since: number;
  /** Sends it away. */
  readonly dismiss: () => void;
}

/** Who reads the stream now, for whoever may know; and who may no longer, which ends it. Bounded by the subscribers. */
export class Presence {
  readonly #present = new Set<Present>();
  readonly #keyring: Keyring;
  readonly #clock: Pick<Clock, 'now' | 'after'>;
  #cancelLook: (() => void) | null = null;

  constructor(keyring: Keyring, clock: Pick<Clock, 'now' | 'after'>) {
    this.#keyring = keyring;
    this.#clock = clock;
  }

  /** Notes one; the answer is to be called when it has gone. */
  enter(visitor: Visitor, metrics: readonly MetricName[], dismiss: () => void): () => void {
    const present = { visitor, metrics, since: this.#clock.now(), dismiss };
    this.#present.add(present);
    this.#watch();
    return () => void this.#present.delete(present);
  }

  list(): readonly Omit<Present, 'dismiss'>[] {
    return [...this.#present];
  }

  /** Looks now: something was just taken away. */
  look(): void {
    for (const present of this.#present) {
      if (present.visitor.isStillLetIn()) continue;
      this.#present.delete(present);
      present.dismiss();
    }
  }

  /** Looks for as long as somebody is here because of what can be taken away. */
  #watch(): void {
    const isNeeded = [...this.#present].some(({ visitor }) => visitor.tokenId !== null);
    if (!isNeeded || this.#cancelLook) return;
    this.#cancelLook = this.#clock.after(LOOK_MS, () => {
      const lookAndGoOn = () => {
        this.look();
        this.#cancelLook = null;
        this.#watch();
      };
      this.#keyring.refresh().then(lookAndGoOn, lookAndGoOn);
    });
  }
}
