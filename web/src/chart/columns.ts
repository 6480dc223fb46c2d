/** Points as a chart draws them: two columns of equal length, oldest first; `NaN` where nothing was recorded. */
export interface Points {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** One line of a chart, or one layer of a stack. */
export interface ChartLine {
  /** Anything a canvas takes as a colour. */
  readonly color: string;
  /** Tells lines apart without colour; empty for a full line. */
  readonly dash: readonly number[];
  readonly points: Points;
}

export const NO_POINTS: Points = { times: new Float64Array(), values: new Float64Array() };

/** The index of the point nearest to a time, or `null` when none is within `reach` ms. */
export function nearestIndex(times: Float64Array, time: number, reach: number): number | null {
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
  return Math.abs((times[nearest] as number) - time) <= reach ? nearest : null;
}

/** A line's value at a moment, or `null` where it has none. */
export function valueAt(points: Points, time: number, reach: number): number | null {
  const index = nearestIndex(points.times, time, reach);
  const value = index === null ? Number.NaN : (points.values[index] as number);
  return Number.isNaN(value) ? null : value;
}

/** The largest value from a moment on, 0 without any. */
export function largest(rows: readonly Points[], since: number): number {
  let most = 0;
  for (const { times, values } of rows) {
    for (let i = times.length - 1; i >= 0 && (times[i] as number) >= since; i--) {
      const value = values[i] as number;
      if (value > most) most = value;
    }
  }
  return most;
}

/**
 * Adds layers up. The first one's times are the stack's; a layer without a point at one of them leaves a hole there,
 * since a sum that lacks a part would be a wrong number.
 */
export function stack(layers: readonly Points[]): Points[] {
  const times = layers[0]?.times ?? NO_POINTS.times;
  const sums = new Float64Array(times.length);
  return layers.map((layer) => {
    let j = 0;
    for (let i = 0; i < times.length; i++) {
      while (j < layer.times.length && (layer.times[j] as number) < (times[i] as number)) j++;
      const value = layer.times[j] === times[i] ? (layer.values[j] as number) : Number.NaN;
      sums[i] = (sums[i] as number) + value;
    }
    return { times, values: sums.slice() };
  });
}
