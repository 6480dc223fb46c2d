import { SYSTEM_CLOCK } from '@telltale/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeTicks } from './time-axis.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = new Date(2026, 10, 28, 14, 7, 31).getTime();
const last = (ms: number, width: number) => timeTicks(NOW - ms, NOW, true, width, SYSTEM_CLOCK);
const clockOf = (at: number) => {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()];
};

describe('the time axis', () => {
  it('counts back from now where the window is short, so that it stands still', () => {
    expect(last(5 * MINUTE, 600).map(({ text }) => text)).toEqual([
      ...['−5 min', '−4 min', '−3 min', '−2 min', '−1 min', 'now'],
    ]);
    expect(last(90_000, 600).map(({ text }) => text)).toEqual(['−90 s', '−1 min', '−30 s', 'now']);
  });

  it('has room for its ends only where it is narrow', () => {
    expect(last(15 * MINUTE, 240).map(({ text }) => text)).toEqual(['−15 min', 'now']);
  });

  it('marks round hours of the local clock where the window is long, and names the day at midnight', () => {
    const ticks = last(DAY, 620);
    expect(ticks.map(({ at }) => clockOf(at))).toEqual([
      [15, 0, 0],
      ...[18, 21, 0, 3, 6, 9, 12].map((hour) => [hour, 0, 0]),
    ]);
    const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
    expect(ticks.filter(({ at, text }) => text === date.format(at)).map(({ at }) => clockOf(at))).toEqual([[0, 0, 0]]);
  });

  it('marks days where the window is of weeks', () => {
    for (const { at, text } of last(30 * DAY, 600)) {
      expect(clockOf(at)).toEqual([0, 0, 0]);
      expect(text).toMatch(/\d/);
    }
    expect(last(30 * DAY, 240).length).toBeGreaterThanOrEqual(2);
  });

  it('tells a range in the past by the clock, however short it is', () => {
    const from = new Date(2026, 1, 3, 10, 0, 0).getTime();
    expect(timeTicks(from, from + 2 * MINUTE, false, 300, SYSTEM_CLOCK).map(({ at }) => clockOf(at))).toEqual([
      ...[0, 30].map((second) => [10, 0, second]),
      ...[0, 30].map((second) => [10, 1, second]),
      [10, 2, 0],
    ]);
  });

  it('never has more marks than there is room for, has them in order, and does not move them as time goes on', () => {
    const anySpan = fc.integer({ min: MINUTE, max: 4_000 * DAY });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 * NOW }),
        anySpan,
        fc.integer({ min: 80, max: 1_600 }),
        (from, ms, width) => {
          const ticks = timeTicks(from, from + ms, false, width, SYSTEM_CLOCK);
          expect(ticks.length).toBeLessThanOrEqual(Math.floor(width / 74) + 2);
          ticks.forEach(({ at }, i) => {
            expect(at).toBeGreaterThan(ticks[i - 1]?.at ?? from - 1);
            expect(at).toBeLessThanOrEqual(from + ms);
          });
          const later = timeTicks(from + ms / 7, from + ms / 7 + ms, false, width, SYSTEM_CLOCK).map(({ at }) => at);
          const stayed = ticks.map(({ at }) => at).filter((at) => at >= from + ms / 7);
          expect(later.slice(0, stayed.length)).toEqual(stayed);
        },
      ),
    );
  });

  it('marks the hours and days of UTC, and writes as many hours as were chosen', () => {
    const utc = { utc: true, hours: 24 } as const;
    const noon = Date.UTC(2026, 10, 28, 12, 0, 0);
    const day = timeTicks(noon - DAY, noon, false, 620, utc);
    expect(day.every(({ at }) => at % (3 * HOUR) === 0)).toBe(true);
    expect(day.map(({ text }) => text)).toContain('15:00');
    const week = timeTicks(noon - 7 * DAY, noon, false, 620, utc);
    expect(week.every(({ at }) => at % DAY === 0)).toBe(true);
    const twelve = timeTicks(noon, noon + 6 * HOUR, false, 620, { utc: true, hours: 12 });
    expect(twelve.map(({ text }) => text).join()).toMatch(/03:00.PM/);
  });
});
