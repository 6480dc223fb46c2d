import { describe, expect, it } from 'vitest';
import type { Points } from './columns.ts';
import { toColumns } from './heat-map.ts';

const row = (times: number[], values: number[], stepMs = 1_000, high: number[] | null = null): Points => ({
  stepMs,
  times: Float64Array.from(times),
  values: Float64Array.from(values),
  low: null,
  high: high && Float64Array.from(high),
});
const columns = (points: Points, from: number, to: number, count: number) => {
  const into = new Float64Array(count);
  toColumns(points, { from, to }, into);
  return [...into];
};
const NONE = Number.NaN;

describe('the columns of a heat map', () => {
  it('hold what was recorded in them, and nothing where nothing was', () => {
    expect(columns(row([500, 1_500, 3_500], [1, 2, 4]), 0, 4_000, 4)).toEqual([1, 2, NONE, 4]);
  });

  it('hold the largest of what falls together: what burns for a moment is seen', () => {
    expect(columns(row([500, 1_500, 2_500, 3_500], [1, 90, 2, NONE]), 0, 4_000, 2)).toEqual([90, 2]);
  });

  it('show the largest within a step that was rolled up', () => {
    expect(columns(row([1_000], [5], 2_000, [80]), 0, 4_000, 4)).toEqual([80, 80, NONE, NONE]);
  });

  it('are cut off at the edges', () => {
    expect(columns(row([-500, 500, 9_500], [7, 1, 8]), 0, 2_000, 2)).toEqual([1, NONE]);
  });
});
