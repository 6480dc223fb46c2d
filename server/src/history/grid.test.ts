import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseGrid, indexOf, timesOf } from './grid.ts';

const DAY = 86_400_000;
const anyRange = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 41 }), fc.integer({ min: 1, max: 2 ** 38 }))
  .map(([from, length]) => ({ from, to: from + length }));
const anyPace = fc.constantFrom(100, 1_000, 5_000, 60_000);

describe('the grid of a history', () => {
  it('never has more steps than were asked for and never finer ones than were sampled, for all ranges', () => {
    fc.assert(
      fc.property(anyRange, fc.integer({ min: 2, max: 2_000 }), anyPace, ({ from, to }, points, pace) => {
        const grid = chooseGrid(from, to, points, pace);
        expect(grid.length).toBeLessThanOrEqual(points);
        expect(grid.length).toBeGreaterThan(0);
        expect(grid.stepMs).toBeGreaterThanOrEqual(pace);
        expect(grid.firstEnd % grid.stepMs).toBe(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has exactly one step for every moment of the range', () => {
    fc.assert(
      fc.property(
        anyRange,
        fc.integer({ min: 2, max: 2_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ from, to }, points, share) => {
          const grid = chooseGrid(from, to, points, 100);
          const at = Math.min(to, Math.floor(from + share * (to - from)) + 1);
          const holding = timesOf(grid).filter((end) => at > end - grid.stepMs && at <= end);
          expect(holding).toHaveLength(1);
          expect(timesOf(grid)[indexOf(grid, at) ?? -1]).toBe(holding[0]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('has nothing for what lies outside', () => {
    const grid = chooseGrid(1_000, 5_000, 10, 1_000);
    expect(timesOf(grid)).toEqual([2_000, 3_000, 4_000, 5_000]);
    expect([1_000, 5_001].map((at) => indexOf(grid, at))).toEqual([null, null]);
    expect([1_001, 2_000, 2_001, 5_000].map((at) => timesOf(grid)[indexOf(grid, at) ?? -1])).toEqual([
      2_000, 2_000, 3_000, 5_000,
    ]);
  });

  it.each([
    [900_000, 600, 1_000, 2_000],
    [600_000, 600, 1_000, 1_000],
    [60_000, 600, 1_000, 1_000],
    [DAY, 600, 1_000, 300_000],
    [30 * DAY, 600, 1_000, 7_200_000],
    [400 * DAY, 2, 1_000, 58 * 7 * DAY],
  ])('of %d ms in %d points at a pace of %d has steps of %d', (length, points, pace, stepMs) => {
    const from = 2_000 * 7 * DAY;
    expect(chooseGrid(from, from + length, points, pace).stepMs).toBe(stepMs);
  });
});
