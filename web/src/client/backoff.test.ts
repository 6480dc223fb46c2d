import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, retryAfterMs } from './backoff.ts';

describe('R7: the wait before another attempt', () => {
  it('is anywhere from nothing to a bound that doubles and ends at 30 s', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => backoffMs(attempt, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    expect(backoffMs(7, 0)).toBe(0);
  });

  it('is never negative, fractional or above 30 s', () => {
    const anything = fc.tuple(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat());
    fc.assert(
      fc.property(anything, ([attempt, random, first]) => {
        const wait = backoffMs(attempt, random, first);
        expect(Number.isInteger(wait) && wait >= 0 && wait <= 30_000).toBe(true);
      }),
    );
  });

  it('spreads 500 readers of a server that is away for a minute: no tenth of a second sees a tenth of them', () => {
    // Each was sent a time of its own by the server that went, and tries until the new one is there.
    let state = 1;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const back = new Map<number, number>();
    for (let reader = 0; reader < 500; reader++) {
      const retryMs = 1_000 + Math.floor(random() * 2_000);
      let at = retryMs;
      for (let attempt = 0; at < 60_000; attempt++) at += backoffMs(attempt, random(), retryMs);
      const bucket = Math.floor(at / 100);
      back.set(bucket, (back.get(bucket) ?? 0) + 1);
    }
    expect(Math.max(...back.values())).toBeLessThan(50);
  });

  it.each([
    ['5', 5_000],
    ['0', 0],
    ['99999', 300_000],
    ['Wed, 21 Oct 2026 07:28:00 GMT', null],
    ['-1', null],
    ['', null],
    [null, null],
  ])('reads Retry-After %j as %j', (header, expected) => {
    expect(retryAfterMs(header)).toBe(expected);
  });
});
