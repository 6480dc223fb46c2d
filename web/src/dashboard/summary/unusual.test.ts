import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantile, shortNote, toUsual, unusualOf } from './unusual.ts';

const STEP = 600_000;
const week = (avg: (number | null)[]) => ({ stepMs: STEP, columns: [avg] });
const steady = (value: number, count = 1_008) => Array.from({ length: count }, () => value);

describe('what is unusual', () => {
  it('is what lasts beyond the 99th percentile of the week', () => {
    const usual = toUsual(week([...steady(30, 990), ...steady(60, 18)]));
    expect(usual.limits.get('cpu.usage')).toBe(60);
    expect(unusualOf(usual, () => [95, 99, 97])).toEqual([
      {
        series: 'cpu.usage',
        title: 'CPU: Used',
        text: '97.0\u00a0%, where 99 of 100 moments of the last week stay below 60.0\u00a0%',
      },
    ]);
    expect(unusualOf(usual, () => [95, 59, 97])).toEqual([]);
  });

  it('is never what nobody would call busy, however idle the week was', () => {
    expect(unusualOf(toUsual(week(steady(0.5))), () => [3, 3])).toEqual([]);
  });

  it('is not said before a day is known, and that is said instead', () => {
    const young = toUsual(week(steady(1, 12)));
    expect(unusualOf(young, () => [100])).toEqual([]);
    expect(shortNote(young)).toBe('Too early to say what is unusual here: 2 h known of a day at least.');
    expect(shortNote(toUsual(week(steady(1))))).toBe('');
  });

  it('is not said where nothing was seen lately', () => {
    expect(unusualOf(toUsual(week(steady(1))), () => [])).toEqual([]);
  });

  it('has a limit that so many of the values stay at or below', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 100 }), (values) => {
        const limit = quantile(values, 0.99) as number;
        expect(values.filter((value) => value <= limit).length).toBeGreaterThanOrEqual(0.99 * values.length);
        expect(values.filter((value) => value < limit).length).toBeLessThan(0.99 * values.length);
      }),
    );
    expect(quantile([1, null, 2], 0.99)).toBeNull();
  });
});
