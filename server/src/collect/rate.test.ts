import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { happeningsPerSecond, perSecond, round, sum } from './rate.ts';

const counter = fc.option(fc.nat(Number.MAX_SAFE_INTEGER), { nil: null });

it.each([
  [1, 10_000, 0.1],
  [24, 10_003, 2.4],
  [123, 10_000, 12.3],
  [12_345, 10_000, 1_235],
])('%d happenings in %d ms are %d a second', (count, ms, rate) => {
  expect(happeningsPerSecond(count + 7, 7, ms)).toBe(rate);
});

describe('perSecond', () => {
  it('is what was counted, divided by the time that was measured', () => {
    expect(perSecond(300, 100, 2_000)).toBe(100);
    expect(perSecond(101, 100, 3_000, 2)).toBe(0.33);
  });

  it.each([
    ['no earlier reading', 5, null, 1_000],
    ['no reading', undefined, 5, 1_000],
    ['no interval', 5, 1, null],
    ['an interval of nothing', 5, 1, 0],
    ['an interval backwards', 5, 1, -10],
    ['a counter that went back', 4, 5, 1_000],
  ])('is null with %s', (_, now, before, elapsed) => {
    expect(perSecond(now, before, elapsed)).toBeNull();
  });

  it('is null or a number that is not negative, for all readings', () => {
    fc.assert(
      fc.property(counter, counter, fc.option(fc.double({ noNaN: true, min: -1e9, max: 1e9 })), (now, before, ms) => {
        const rate = perSecond(now, before, ms);
        expect(rate === null || rate >= 0).toBe(true);
      }),
    );
  });
});

describe('sum', () => {
  it('adds up', () => expect(sum([1, 2, 3.5])).toBe(6.5));
  it('is null when a part is unknown', () => expect(sum([1, null, 3])).toBeNull());
  it('is null for nothing at all', () => expect(sum([])).toBeNull());
});

it('rounds to so many decimals', () => {
  expect([round(1.005, 1), round(2.25, 1), round(1_234.5, 0)]).toEqual([1, 2.3, 1_235]);
});
