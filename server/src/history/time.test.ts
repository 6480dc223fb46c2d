import { describe, expect, it } from 'vitest';
import { parseMoment } from './time.ts';

const NOW = 1_800_000_000_000;

describe('a moment', () => {
  it.each([
    ['now', NOW],
    ['0', 0],
    ['1800000000000', NOW],
    ['-15m', NOW - 900_000],
    ['-250ms', NOW - 250],
    ['-7d', NOW - 604_800_000],
    ['2027-01-15T08:00:00Z', NOW],
    ['2027-01-15T08:00Z', NOW],
    ['2027-01-15T08:00:00.000Z', NOW],
    ['2027-01-15T09:00:00+01:00', NOW],
    ['2027-01-15T09:00:00 01:00', NOW],
    ['2027-01-15T00:00:00-08:00', NOW],
  ])('is read from %s', (text, at) => expect(parseMoment(text, NOW)).toBe(at));

  it.each([
    ...[
      '',
      ' ',
      'NOW',
      'yesterday',
      '1e12',
      '1.5',
      '+5',
      '-5',
      '5m',
      '- 5m',
      '-5w',
      '--5m',
      '0x10',
      '٥',
      'NaN',
      'Infinity',
    ],
    ...[
      '9999999999999999',
      '99999999999999999',
      '-999999999d',
      '2027-01-15',
      '2027-01-15T08:00:00',
      '2027-13-15T08:00:00Z',
    ],
    ...[
      '2027-01-15T25:00:00Z',
      '2027-01-15T08:61:00Z',
      '2027-1-5T08:00:00Z',
      'Fri, 15 Jan 2027 08:00:00 GMT',
      '2027-01-15T08:00:00Zx',
    ],
  ])('is not read from %j', (text) => expect(parseMoment(text, NOW)).toBeNull());
});
