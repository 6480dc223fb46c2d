import type { HistoryColumns } from '@telltale/shared';
import { type Grid, indexOf } from './grid.ts';

/** Gathers the samples of one series into the steps of a grid. */
export class Columns {
  readonly #grid: Grid;
  readonly #sum: Float64Array;
  readonly #count: Uint32Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #last: Float64Array;

  constructor(grid: Grid) {
    this.#grid = grid;
    this.#sum = new Float64Array(grid.length);
    this.#count = new Uint32Array(grid.length);
    this.#min = new Float64Array(grid.length).fill(Number.POSITIVE_INFINITY);
    this.#max = new Float64Array(grid.length).fill(Number.NEGATIVE_INFINITY);
    this.#last = new Float64Array(grid.length);
  }

  /** Adds a sample; they come in the order of time. */
  add(at: number, value: number | null): void {
    const i = indexOf(this.#grid, at);
    if (i === null || value === null) return;
    this.#sum[i] = (this.#sum[i] as number) + value;
    this.#count[i] = (this.#count[i] as number) + 1;
    this.#min[i] = Math.min(this.#min[i] as number, value);
    this.#max[i] = Math.max(this.#max[i] as number, value);
    this.#last[i] = value;
  }

  /** Steps without a sample are `null`. A step of one sample has nothing but its average to tell. */
  toColumns(wide: boolean): HistoryColumns {
    const pick = (of: (i: number) => number) => Array.from(this.#count, (samples, i) => (samples === 0 ? null : of(i)));
    const avg = pick((i) => rounded((this.#sum[i] as number) / (this.#count[i] as number)));
    if (!wide) return { avg };
    return {
      avg,
      min: pick((i) => this.#min[i] as number),
      max: pick((i) => this.#max[i] as number),
      last: pick((i) => this.#last[i] as number),
    };
  }
}

/** Averages of values that were rounded when sampled need no more than six digits that count below one. */
const rounded = (value: number) => (Number.isInteger(value) ? value : Math.round(value * 1e4) / 1e4);
