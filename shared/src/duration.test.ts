import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['250ms', 250],
    ['5s', 5_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    ['0s', 0],
    ['999999999d', 999_999_999 * 86_400_000],
  ])('reads %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '5', 's', '-5s', '5 s', '1.5h', '5S', '5w', '5s5s', '1000000000s', '5s\n', '٥s'])('refuses %j', (text) =>
    expect(parseDuration(text)).toBeNull(),
  );
});

describe('formatDuration', () => {
  it.each([
    [-5, '0 s'],
    [999, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [3_600_000, '1 h'],
    [12_000_000, '3 h 20 min'],
    [86_399_999, '23 h 59 min'],
    [86_400_000, '1 d'],
    [532_800_000, '6 d 4 h'],
  ])('says %d ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});
