import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largest, type Points, stack, valueAt } from './columns.ts';

const points = (...pairs: readonly (readonly [number, number])[]): Points => ({
  ...{ stepMs: 1, low: null, high: null },
  times: Float64Array.from(pairs, ([time]) => time),
  values: Float64Array.from(pairs, ([, value]) => value),
});

describe('columns', () => {
  it('tells the value of the nearest point, and none where it is more than a step away', () => {
    const ascending = fc.uniqueArray(fc.integer({ min: 0, max: 1_000 }), { minLength: 1 });
    fc.assert(
      fc.property(ascending, fc.integer({ min: -100, max: 1_100 }), (unsorted, time) => {
        const times = Float64Array.from(unsorted).sort();
        const distance = Math.min(...[...times].map((each) => Math.abs(each - time)));
        const value = valueAt({ stepMs: 50, times, values: times, low: null, high: null }, time);
        if (distance > 50) expect(value).toBeNull();
        else expect(Math.abs((value as number) - time)).toBe(distance);
      }),
    );
  });

  it('has no value at a gap', () => {
    expect(valueAt(points([1, 10], [2, Number.NaN]), 2)).toBeNull();
    expect(valueAt(points([1, 10], [2, Number.NaN]), 1)).toBe(10);
  });

  it('takes the largest of what is in sight', () => {
    expect(largest([points([1, 99], [2, 5]), points([2, 7], [3, Number.NaN], [4, 99])], 2, 3)).toBe(7);
    expect(largest([], 0, 1)).toBe(0);
  });

  it('leaves room for the largest of a step, which is more than its average', () => {
    expect(largest([{ ...points([1, 5], [2, 6]), high: Float64Array.of(8, 7) }], 0, 9)).toBe(8);
  });

  it('adds layers up, and leaves a hole where one is missing', () => {
    const sums = stack([points([1, 1], [2, 2], [3, 3]), points([1, 10], [3, Number.NaN]), points([1, 100], [2, 100])]);
    expect(sums.map(({ values }) => [...values])).toEqual([
      [1, 2, 3],
      [11, Number.NaN, Number.NaN],
      [111, Number.NaN, Number.NaN],
    ]);
  });
});
