import type { Table } from './codec/table.ts';

/** A list that holds numbers alone, in half the memory of an array that may hold anything. */
class Numbers {
  #values = new Float64Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  /** Shares its memory with the list. */
  toArray(): Float64Array {
    return this.#values.subarray(0, this.length);
  }
}

/** A key that comes up under ever new names must not fill the memory: beyond this, new ones are not kept. */
const MAX_KEYS = 8_192;

/** The samples of one metric as they come, a column for each key. */
export class Rows {
  readonly #times = new Numbers();
  readonly #columns = new Map<string, Numbers>();
  /** Keys that there was no room for. */
  refused = 0;

  get length(): number {
    return this.#times.length;
  }

  get firstAt(): number {
    return this.#times.toArray()[0] ?? Number.POSITIVE_INFINITY;
  }

  get lastAt(): number {
    return this.#times.toArray().at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** Adds a row: `fill` puts its numbers, each under its key. */
  add(at: number, fill: (put: (key: string, value: number) => void) => void): void {
    const row = this.#times.length;
    this.#times.push(at);
    fill((key, value) => {
      const column = this.#columns.get(key) ?? this.#begin(key);
      // Two members of one name: the first counts.
      if (!column || column.length > row) return;
      while (column.length < row) column.push(Number.NaN);
      column.push(value);
    });
  }

  /** What was added so far; valid until more is. A column may be shorter than the times: the rest of it is absent. */
  column(key: string): Float64Array | null {
    return this.#columns.get(key)?.toArray() ?? null;
  }

  get times(): Float64Array {
    return this.#times.toArray();
  }

  get keys(): readonly string[] {
    return [...this.#columns.keys()];
  }

  /** A copy of all of it. */
  toTable(): Table {
    const rows = this.length;
    const columns = new Map<string, readonly Float64Array[]>();
    for (const [key, column] of this.#columns) {
      const whole = new Float64Array(rows).fill(Number.NaN);
      whole.set(column.toArray());
      columns.set(key, [whole]);
    }
    return { times: this.times.slice(), columns };
  }

  #begin(key: string): Numbers | null {
    if (this.#columns.size >= MAX_KEYS) {
      this.refused++;
      return null;
    }
    const column = new Numbers();
    this.#columns.set(key, column);
    return column;
  }
}
