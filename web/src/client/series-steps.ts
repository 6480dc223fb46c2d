import type { Cursor, HistoryColumns } from '@telltale/shared';

/**
 * How many steps of a series are held, whatever they cover: 720 are more than a chart has pixels for on most screens,
 * and one is running.
 */
export const MAX_STEPS = 721;
/** Room behind the newest step, so that the columns are moved only now and then. */
const SLACK = 79;

/**
 * A row of steps as columns of equal length, oldest first; `values` is `NaN` where it is known that there was nothing.
 * A time is the middle of its step, which for the finest steps is when the sample was taken.
 */
export interface Points {
  readonly stepMs: number;
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** The least and the largest of each step, where a step holds more than one sample. */
  readonly low: Float64Array | null;
  readonly high: Float64Array | null;
}

/** What an answer says of one series. */
export interface Recorded {
  readonly stepMs: number;
  /** The ends of the steps. */
  readonly times: readonly number[];
  readonly columns: HistoryColumns;
  /** How far the answer reaches: the last step may not be over. */
  readonly to: number;
  /** Everything up to here is in it. */
  readonly floor: Cursor | null;
}

/**
 * The newest steps of one series: samples are folded into the step that they fall into, as the server does it, so that
 * what comes live and what was recorded are of one density. Steps without anything have no place here. The columns are
 * always contiguous, so that a chart reads them without a copy.
 */
export class SeriesSteps {
  readonly #stepMs: number;
  /** Times, averages, and for wide steps the least and the largest. */
  readonly #columns: readonly Float64Array[];
  #start = 0;
  #end = 0;
  #newest = Number.NEGATIVE_INFINITY;
  #foldedAt = Number.NEGATIVE_INFINITY;
  #sum = 0;
  #count = 0;
  /** How much of the newest step came from history, which tells its average but not of how many samples. */
  #recordedMs = 0;
  /** Samples up to this position are in here already. */
  readonly floor: Cursor | null;

  /** `wide`: a step holds more than one sample. */
  constructor(stepMs: number, wide: boolean, floor: Cursor | null = null) {
    this.#stepMs = stepMs;
    this.#columns = Array.from({ length: wide ? 4 : 2 }, () => new Float64Array(MAX_STEPS + SLACK));
    this.floor = floor;
  }

  /** What was recorded, and where that has nothing what `kept` has; what `kept` has beyond the answer is left out. */
  static from({ stepMs, times, columns, to, floor }: Recorded, kept: SeriesSteps | null = null): SeriesSteps {
    const { avg, min = avg, max = avg } = columns;
    const steps = new SeriesSteps(stepMs, columns.min !== undefined, floor);
    const old = kept?.stepMs === stepMs ? kept.points() : null;
    let j = 0;
    const keep = () => {
      if (old) steps.#append((old.times[j] as number) + stepMs / 2, old.values[j], old.low?.[j], old.high?.[j]);
      j++;
    };
    times.forEach((end, i) => {
      const middle = end - stepMs / 2;
      while (old && (old.times[j] as number) < middle) keep();
      const value = avg[i] ?? null;
      if (value !== null) {
        steps.#append(end, value, min[i] ?? value, max[i] ?? value);
        if (old?.times[j] === middle) j++;
      } else if (old?.times[j] === middle) keep();
    });
    steps.#recordedMs = Math.max(0, Math.min(to, steps.#newest) - (steps.#newest - stepMs));
    return steps;
  }

  get stepMs(): number {
    return this.#stepMs;
  }

  /** When the first of its steps begins, or `null`. */
  get begin(): number | null {
    const [times] = this.#columns as [Float64Array];
    return this.#start === this.#end ? null : (times[this.#start] as number) - this.#stepMs / 2;
  }

  /**
   * Takes in a sample of `at`, one of those that come `paceMs` apart. One that is no newer than the last is dropped, as
   * is one of a step that is over: time only goes on.
   */
  fold(at: number, value: number | null, paceMs: number): void {
    const end = Math.ceil(at / this.#stepMs) * this.#stepMs;
    if (end < this.#newest || at <= this.#foldedAt) return;
    this.#foldedAt = at;
    if (end > this.#newest) {
      this.#append(end);
      this.#sum = 0;
      this.#count = 0;
      this.#recordedMs = 0;
    }
    if (value === null) return;
    const i = this.#end - 1;
    const [, values, low, high] = this.#columns as [Float64Array, Float64Array, Float64Array?, Float64Array?];
    const before = values[i] as number;
    if (this.#recordedMs > 0 && !Number.isNaN(before)) {
      // Exact unless samples are missing in this very step; then it errs by their weight until the step is over.
      this.#count = Math.max(1, Math.round(this.#recordedMs / paceMs));
      this.#sum = before * this.#count;
    }
    this.#recordedMs = 0;
    this.#sum += value;
    this.#count++;
    values[i] = this.#sum / this.#count;
    if (!low || !high) return;
    low[i] = Number.isNaN(before) ? value : Math.min(low[i] as number, value);
    high[i] = Number.isNaN(before) ? value : Math.max(high[i] as number, value);
  }

  /** The steps as they are now; valid until the next change. */
  points(): Points {
    const [times, values, low = null, high = null] = this.#columns.map((column) =>
      column.subarray(this.#start, this.#end),
    ) as [Float64Array, Float64Array, Float64Array?, Float64Array?];
    return { stepMs: this.#stepMs, times, values, low, high };
  }

  #append(end: number, value = Number.NaN, low = value, high = value): void {
    const [first] = this.#columns as [Float64Array];
    if (this.#end === first.length) {
      for (const column of this.#columns) column.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    const row = [end - this.#stepMs / 2, value, low, high];
    this.#columns.forEach((column, i) => {
      column[this.#end] = row[i] as number;
    });
    this.#newest = end;
    this.#end++;
    if (this.#end - this.#start > MAX_STEPS) this.#start++;
  }
}
