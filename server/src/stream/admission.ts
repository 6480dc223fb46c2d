/** How many may listen: in all, and from one address. */
export interface SubscriberLimits {
  readonly total: number;
  readonly perAddress: number;
}

/** Counts subscribers by address; the map is bounded by the total. */
export class Admission {
  readonly #limits: SubscriberLimits;
  readonly #byAddress = new Map<string, number>();
  #total = 0;

  constructor(limits: SubscriberLimits) {
    this.#limits = limits;
  }

  /** Takes a place and answers how to give it back, or why there is none. */
  enter(address: string): (() => void) | string {
    const here = this.#byAddress.get(address) ?? 0;
    if (this.#total >= this.#limits.total) return `all ${this.#limits.total} places are taken (--max-subscribers)`;
    if (here >= this.#limits.perAddress) {
      return `all ${this.#limits.perAddress} places for one address are taken (--max-subscribers-per-address)`;
    }
    this.#total++;
    this.#byAddress.set(address, here + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#total--;
      const now = (this.#byAddress.get(address) ?? 1) - 1;
      if (now === 0) this.#byAddress.delete(address);
      else this.#byAddress.set(address, now);
    };
  }
}
