import type { Events } from '@telltale/shared';

/** What could not be read, and why. */
export type Fault = Events['fault'];

/** A server that finds ever new things to complain of must not fill the memory: the oldest is forgotten. */
const MAX_FAULTS = 64;

/** What a server cannot read at present. */
export class FaultList {
  readonly #faults = new Map<string, Fault>();

  of(metric: string): Fault[] {
    return [...this.#faults.values()].filter((fault) => fault.metric === metric);
  }

  note(fault: Fault): void {
    const key = JSON.stringify([fault.metric, fault.fields]);
    this.#faults.delete(key);
    if (!fault.cleared) this.#faults.set(key, fault);
    const [oldest] = this.#faults.keys();
    if (this.#faults.size > MAX_FAULTS && oldest !== undefined) this.#faults.delete(oldest);
  }

  clear(): void {
    this.#faults.clear();
  }
}
