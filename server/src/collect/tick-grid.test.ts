import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { TickGrid } from './tick-grid.ts';

const DAY = 86_400_000;

/** The wall clock at each tick of the base pace. */
function ticks(base: number, driftPpm: number, forMs: number, startAt = 1_800_000_000_137): number[] {
  const clock = new FakeClock(startAt, driftPpm);
  const grid = new TickGrid(base, clock);
  grid.begin();
  const found = [clock.now()];
  while (clock.monotonic() < forMs) {
    clock.stall(grid.nextMultiple(base) - grid.now());
    found.push(clock.now());
    grid.follow();
  }
  return found;
}

describe('the tick grid', () => {
  it('begins at once, and its first interval is a whole one', () => {
    const [first = 0, second = 0] = ticks(1_000, 0, 1_000);
    expect(first).toBe(1_800_000_000_137);
    expect(second - first).toBe(1_000);
  });

  it('puts exactly one tick into every step of a history, from the first on and wherever in a step it began', () => {
    // Begun on the very end of a step, a clock that drifts back makes two ticks of the first one, and no harm.
    const phase = fc.integer({ min: 3, max: 998 });
    fc.assert(
      fc.property(phase, fc.constantFrom(-100, 0, 100), (start, ppm) => {
        const steps = ticks(1_000, ppm, 600_000, 1_800_000_000_000 + start).map((at) => Math.ceil(at / 1_000));
        expect(steps).toEqual(steps.map((_, i) => (steps[0] as number) + i));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [1_000, 100],
    [1_000, -100],
    [1_000, 500],
    [60_000, 100],
    [60_000, -250],
  ])('of %d ms stays away from the ends of the steps when the wall clock drifts by %d ppm for a day', (base, ppm) => {
    const all = ticks(base, ppm, DAY);
    expect(all.length).toBeGreaterThanOrEqual(DAY / base - 100);
    const settled = all.slice(all.length / 2).map((at) => Math.abs((at % base) - base / 2));
    expect(settled.reduce((a, b) => Math.max(a, b), 0)).toBeLessThan(base / 10);
  });

  it('follows a wall clock that was set, little by little', () => {
    const clock = new FakeClock(1_800_000_000_000);
    const grid = new TickGrid(1_000, clock);
    clock.jump(3_600_300);
    const before = grid.now();
    clock.stall(1_000);
    grid.follow();
    expect(Math.abs(grid.now() - before - 1_000)).toBeLessThanOrEqual(2);
    for (let i = 0; i < 300; i++) {
      clock.stall(1_000);
      grid.follow();
    }
    clock.stall(grid.nextMultiple(1_000) - grid.now());
    expect(Math.abs((clock.now() % 1_000) - 500)).toBeLessThanOrEqual(2);
  });

  it('finds the next tick at least half a pace ahead', () => {
    const clock = new FakeClock(1_800_000_000_500);
    const grid = new TickGrid(1_000, clock);
    for (const [after, next] of [
      [0, 1_000],
      [400, 1_000],
      [200, 2_000],
      [399, 2_000],
    ] as const) {
      clock.stall(after);
      expect(grid.nextMultiple(1_000)).toBe(next);
    }
  });
});
