/** A row of points as two columns of equal length, oldest first; `NaN` where nothing was recorded. */
export interface Points {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/**
 * The newest points of one series. Both columns are always contiguous, so that a chart reads them without a copy:
 * they live in buffers of twice the capacity, and are moved to the front when the end is reached.
 */
export class SeriesRing {
  readonly #capacity: number;
  readonly #times: Float64Array;
  readonly #values: Float64Array;
  #start = 0;
  #end = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#times = new Float64Array(capacity * 2);
    this.#values = new Float64Array(capacity * 2);
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** Adds the newest point. One that is not newer than the last is dropped: time only goes on. */
  push(time: number, value: number | null): void {
    if (this.length > 0 && time <= (this.#times[this.#end - 1] as number)) return;
    if (this.#end === this.#times.length) this.#moveToFront();
    this.#times[this.#end] = time;
    this.#values[this.#end] = value ?? Number.NaN;
    this.#end++;
    if (this.length > this.#capacity) this.#start++;
  }

  /** Puts older points before those that are here; what is not older than the first is dropped, as is what has no room. */
  prepend(times: readonly number[], values: readonly (number | null)[]): void {
    const kept = this.points();
    const first = kept.times[0] ?? Number.POSITIVE_INFINITY;
    const older = times.findLastIndex((time) => time < first) + 1;
    const room = this.#capacity - kept.times.length;
    const from = Math.max(0, older - room);
    const newerTimes = kept.times.slice();
    const newerValues = kept.values.slice();
    this.#start = 0;
    this.#end = 0;
    for (let i = from; i < older; i++) this.push(times[i] as number, values[i] ?? null);
    newerTimes.forEach((time, i) => void this.push(time, newerValues[i] as number));
  }

  /** The points as they are now; valid until the next change. */
  points(): Points {
    return {
      times: this.#times.subarray(this.#start, this.#end),
      values: this.#values.subarray(this.#start, this.#end),
    };
  }

  #moveToFront(): void {
    this.#times.copyWithin(0, this.#start, this.#end);
    this.#values.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
  }
}
