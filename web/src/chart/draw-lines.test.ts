import { describe, expect, it } from 'vitest';
import { eachStretch } from './draw-lines.ts';

function stretches(times: readonly number[], values: readonly number[], from = 0, wide = false): [number, number][] {
  const found: [number, number][] = [];
  const column = Float64Array.from(values);
  const bounds = wide ? column : null;
  const points = { stepMs: 1_000, times: Float64Array.from(times), values: column, low: bounds, high: bounds };
  eachStretch(points, from, (first, last) => found.push([first, last]));
  return found;
}

describe('a line', () => {
  it('is drawn through points that follow each other', () => {
    expect(stretches([1_000, 2_000, 3_000], [1, 2, 3])).toEqual([[0, 2]]);
  });

  it('breaks where a value is missing', () => {
    expect(stretches([1_000, 2_000, 3_000], [1, Number.NaN, 3])).toEqual([
      [0, 0],
      [2, 2],
    ]);
  });

  it('breaks where nothing was recorded for more than two paces', () => {
    expect(stretches([1_000, 3_400, 6_000], [1, 2, 3])).toEqual([
      [0, 1],
      [2, 2],
    ]);
  });

  it('breaks where a single step of many samples is missing', () => {
    expect(stretches([1_000, 3_000], [1, 2])).toEqual([[0, 1]]);
    expect(stretches([1_000, 3_000], [1, 2], 0, true)).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it('leaves out what is not in sight', () => {
    expect(stretches([1_000, 2_000, 3_000], [1, 2, 3], 2_000)).toEqual([[1, 2]]);
  });

  it('is nothing without points', () => {
    expect(stretches([], [])).toEqual([]);
  });
});
