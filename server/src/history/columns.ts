import type { HistoryColumns } from '@telltale/shared';
import type { Grid } from './grid.ts';

/** Gathers one series into the steps of a grid, from samples or from what was rolled up of them. */
export class Columns {
  readonly #sum: Float64Array;
  readonly #count: Float64Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #last: Float64Array;

  constructor({ length }: Grid) {
    this.#sum = new Float64Array(length);
    this.#count = new Float64Array(length);
    this.#min = new Float64Array(length).fill(Number.POSITIVE_INFINITY);
    this.#max = new Float64Array(length).fill(Number.NEGATIVE_INFINITY);
    this.#last = new Float64Array(length);
  }

  /** Adds what a step holds; in the order in which it was recorded, which decides what is last. */
  add(step: number, sum: number, count: number, min: number, max: number, last: number): void {
    this.#sum[step] = (this.#sum[step] as number) + sum;
    this.#count[step] = (this.#count[step] as number) + count;
    if (min < (this.#min[step] as number)) this.#min[step] = min;
    if (max > (this.#max[step] as number)) this.#max[step] = max;
    this.#last[step] = last;
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

/** Averages of values that were rounded when sampled need no more than four digits after the point. */
const rounded = (value: number) => (Number.isInteger(value) ? value : Math.round(value * 1e4) / 1e4);
