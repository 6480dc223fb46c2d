/** Steps as a chart draws them: columns of equal length, oldest first; `NaN` where nothing was recorded. */
export interface Points {
  /** How far apart points are that follow each other. */
  readonly stepMs: number;
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** The least and the largest of each step, where a step is of more than one sample. */
  readonly low: Float64Array | null;
  readonly high: Float64Array | null;
}

/** One line of a chart, or one layer of a stack. */
export interface ChartLine {
  /** Anything a canvas takes as a colour. */
  readonly color: string;
  /** Tells lines apart without colour; empty for a full line. */
  readonly dash: readonly number[];
  /** Steps back behind another that somebody points at. */
  readonly faint: boolean;
  readonly points: Points;
}

const NOTHING = new Float64Array();
export const NO_POINTS: Points = { stepMs: 1, times: NOTHING, values: NOTHING, low: null, high: null };

/**
 * Points further apart than this are not joined. A single sample may be late by a step; that a wide step is empty means
 * that nothing was recorded for all of it.
 */
export const breakOf = ({ stepMs, low }: Points): number => (low ? 1.5 : 2.5) * stepMs;

/** The index of the point nearest to a time, or `null` when none is so near that it belongs there. */
function nearestIndex({ times, stepMs }: Points, time: number): number | null {
  if (times.length === 0) return null;
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  const before = Math.max(0, low - 1);
  const nearest = Math.abs((times[before] as number) - time) < Math.abs((times[low] as number) - time) ? before : low;
  return Math.abs((times[nearest] as number) - time) <= stepMs ? nearest : null;
}

/** A line's value at a moment, or `null` where it has none. */
export function valueAt(points: Points, time: number): number | null {
  const index = nearestIndex(points, time);
  const value = index === null ? Number.NaN : (points.values[index] as number);
  return Number.isNaN(value) ? null : value;
}

/** The largest value between two moments, 0 without any. */
export function largest(rows: readonly Points[], from: number, to: number): number {
  let most = 0;
  for (const { times, values, high } of rows) {
    const column = high ?? values;
    for (let i = times.length - 1; i >= 0 && (times[i] as number) >= from; i--) {
      const value = column[i] as number;
      if (value > most && (times[i] as number) <= to) most = value;
    }
  }
  return most;
}

/**
 * Adds layers up. The first one's times are the stack's; a layer without a point at one of them leaves a hole there,
 * since a sum that lacks a part would be a wrong number. The least and largest of a sum are not those of its parts.
 */
export function stack(layers: readonly Points[]): Points[] {
  const { times } = layers[0] ?? NO_POINTS;
  const sums = new Float64Array(times.length);
  return layers.map((layer) => {
    let j = 0;
    for (let i = 0; i < times.length; i++) {
      while (j < layer.times.length && (layer.times[j] as number) < (times[i] as number)) j++;
      const value = layer.times[j] === times[i] ? (layer.values[j] as number) : Number.NaN;
      sums[i] = (sums[i] as number) + value;
    }
    return { ...layer, times, values: sums.slice(), high: null };
  });
}
