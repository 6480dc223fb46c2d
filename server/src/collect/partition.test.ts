import fc from 'fast-check';
import { expect, it } from 'vitest';
import { partition } from './partition.ts';

const bytes = fc.integer({ min: -(2 ** 40), max: 2 ** 48 });

it('splits a total into parts that add up to it, and none is negative, whatever they claim', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 40), fc.array(bytes, { maxLength: 8 }), (total, claims) => {
      const { parts, rest } = partition(total, claims);
      expect(parts.reduce((a, b) => a + b, rest)).toBe(total);
      expect(Math.min(rest, ...parts)).toBeGreaterThanOrEqual(0);
      expect(parts).toHaveLength(claims.length);
    }),
  );
});

it('gives each what it claims, as far as there is any left', () => {
  expect(partition(100, [30, 20])).toEqual({ parts: [30, 20], rest: 50 });
  expect(partition(100, [70, -5, 50, 10])).toEqual({ parts: [70, 0, 30, 0], rest: 0 });
});
