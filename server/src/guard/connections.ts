/** How many connections are borne: in all, and from one address. */
export interface ConnectionLimits {
  readonly total: number;
  readonly perAddress: number;
}

/**
 * Counts connections, whatever comes of them: one that sends nothing costs a descriptor for as long as it is borne. An
 * address that speaks for many, as a trusted proxy does, counts in the total alone.
 */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #isMany: (address: string) => boolean;
  readonly #byAddress = new Map<string, number>();
  #total = 0;

  constructor(limits: ConnectionLimits, isMany: (address: string) => boolean) {
    this.#limits = limits;
    this.#isMany = isMany;
  }

  /** Takes a place and answers how to give it back; `null` when there is none. */
  enter(address: string): (() => void) | null {
    const here = this.#byAddress.get(address) ?? 0;
    if (this.#total >= this.#limits.total) return null;
    if (here >= this.#limits.perAddress && !this.#isMany(address)) return null;
    this.#total++;
    this.#byAddress.set(address, here + 1);
    return () => {
      this.#total--;
      const left = (this.#byAddress.get(address) ?? 1) - 1;
      if (left === 0) this.#byAddress.delete(address);
      else this.#byAddress.set(address, left);
    };
  }
}
