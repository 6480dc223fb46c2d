import { describe, expect, it } from 'vitest';
import { formatLength, formatMoment, remarks } from './replay-words.ts';

const CLEAN = { broken: 0, unknown: 0, cut: false, full: false };

describe('what is said of a recording', () => {
  it('is nothing where all is well', () => {
    expect(remarks(CLEAN, false)).toEqual([]);
  });

  it('is a sentence for each thing that is not as it should be', () => {
    expect(remarks({ broken: 1, unknown: 2, cut: true, full: true }, true)).toHaveLength(5);
    expect(remarks({ ...CLEAN, broken: 1 }, false)).toEqual(['1 line cannot be read and is passed over.']);
    expect(remarks({ ...CLEAN, broken: 2 }, false)).toEqual(['2 lines cannot be read and are passed over.']);
  });

  it.each([
    [0, '0:00'],
    [5_999, '0:05'],
    [754_000, '12:34'],
    [3_723_000, '1:02:03'],
    [360_000_000, '100:00:00'],
  ])('has lengths as players show them: %i is %s', (ms, text) => {
    expect(formatLength(ms)).toBe(text);
  });

  it.each([Number.NaN, 9e15, -9e15, Number.POSITIVE_INFINITY])('bears a time that there is not: %d', (at) => {
    expect(formatMoment(at)).toBe('at no time that there is');
  });
});
