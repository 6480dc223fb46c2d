import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatText, formatValue, niceCeiling, type Unit } from './unit.ts';

const SCALED: readonly Unit[] = ['bytes', 'bytesPerSecond', 'bitsPerSecond', 'perSecond'];
const NBSP = '\u00a0';

describe('formatText', () => {
  it.each<[number | null, Unit, string]>([
    [null, 'percent', '–'],
    [null, 'bytes', '–'],
    [Number.NaN, 'count', '–'],
    [Number.POSITIVE_INFINITY, 'bytes', '–'],
    [0, 'bytes', '0 B'],
    [0, 'percent', '0.0 %'],
    [100, 'percent', '100.0 %'],
    [1, 'bytes', '1 B'],
    [1_023, 'bytes', '1023 B'],
    [1_024, 'bytes', '1 KiB'],
    [1_536, 'bytes', '1.50 KiB'],
    [1_023.4 * 1_024, 'bytes', '1023 KiB'],
    [1_023.9 * 1_024, 'bytes', '1.00 MiB'],
    [15.26 * 1_024 ** 3, 'bytes', '15.3 GiB'],
    [5e18, 'bytes', '4441 PiB'],
    [999.4, 'bytesPerSecond', '999 B/s'],
    [999.6, 'bytesPerSecond', '1.00 kB/s'],
    [999_600, 'bytesPerSecond', '1.00 MB/s'],
    [2.5e9, 'bitsPerSecond', '2.50 Gbit/s'],
    [1_000, 'perSecond', '1 k/s'],
    [12.34, 'perSecond', '12.3 /s'],
    [3, 'count', '3'],
    [9_999, 'count', '9999'],
    [12_345, 'count', '12\u202f345'],
    [1_234_567, 'count', '1\u202f234\u202f567'],
    [0.5, 'load', '0.50'],
    [2, 'cores', '2 cores'],
    [12.5, 'ms', '12.5 ms'],
    [1_540, 'ms', '1.54 s'],
    [90_000, 'ms', '90 s'],
  ])('writes %j %s as %s', (value, unit, expected) => {
    expect(formatText(value, unit).replaceAll(NBSP, ' ')).toBe(expected);
  });

  it('never breaks between a number and its symbol', () => {
    expect(formatText(5, 'bytes')).toBe(`5${NBSP}B`);
  });
});

describe('formatValue', () => {
  it('never writes as much as the next symbol would be for, at any size', () => {
    const value = fc.double({ min: 0, max: 9e11, noNaN: true });
    fc.assert(
      fc.property(value, fc.constantFrom(...SCALED), (given, unit) => {
        expect(Number(formatValue(given, unit).text)).toBeLessThan(unit === 'bytes' ? 1_024 : 1_000);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('niceCeiling', () => {
  it.each<[number, Unit, number]>([
    [0, 'bytes', 1],
    [-5, 'count', 1],
    [Number.NaN, 'count', 1],
    [1, 'bytes', 1],
    [3, 'bytes', 5],
    [900, 'bytes', 1_000],
    [1_500, 'bytes', 2_048],
    [2.1 * 1_024 ** 2, 'bytes', 2.5 * 1_024 ** 2],
    [1_500, 'bytesPerSecond', 2_000],
    [99, 'perSecond', 100],
  ])('rounds %d %s up to %d', (value, unit, expected) => expect(niceCeiling(value, unit)).toBeCloseTo(expected, 6));

  it('is never below the value and never ten times above it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e15, noNaN: true }), fc.constantFrom(...SCALED), (value, unit) => {
        const top = niceCeiling(value, unit);
        expect(top).toBeGreaterThanOrEqual(value * (1 - 1e-12));
        expect(top).toBeLessThanOrEqual(value * 10);
      }),
    );
  });
});
