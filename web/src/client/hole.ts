/** What of a metric event says which time it is of. */
interface Interval {
  readonly at: number;
  readonly elapsedMs: number | null;
}

/**
 * What a gap may have hidden. The newest event of each metric follows a gap, and covers a whole interval: where that
 * reaches back to the beginning of the gap, nothing of the metric lies between. So it is with most streams that begin
 * where history ends and read a metric that nobody read before, of which alone the gap (`idle`) speaks.
 */
export class Hole {
  readonly from: number;
  readonly #looked = new Set<string>();

  /** `from`: of the last event before the gap, epoch ms. */
  constructor(from: number) {
    this.from = from;
  }

  /** Whether something of a metric was missed, by the first of its events that follows; of later ones `false`. */
  missed(metric: string, { at, elapsedMs }: Interval): boolean {
    if (this.#looked.has(metric)) return false;
    this.#looked.add(metric);
    // Events of one tick are some ms apart. Without an interval there was nothing before.
    return elapsedMs !== null && at - 1.5 * elapsedMs > this.from;
  }
}
