import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../elements/time-range/span-problem.ts';
import { fromHash, toHash } from './address.ts';
import { FIRST_SCREEN } from './view.ts';

const DAY = 86_400_000;
const DEFAULT = { lastMs: 900_000 };

describe('the window in the address', () => {
  it.each([
    [{ lastMs: 900_000 }, ''],
    [{ lastMs: 3_600_000 }, '#last=1h'],
    [{ lastMs: 6 * 3_600_000 }, '#last=6h'],
    [{ lastMs: DAY }, '#last=24h'],
    [{ lastMs: 30 * DAY }, '#last=30d'],
    [
      { from: Date.UTC(2026, 10, 27, 14), to: Date.UTC(2026, 10, 27, 15) },
      '#from=2026-11-27T14:00:00Z&to=2026-11-27T15:00:00Z',
    ],
  ])('of %j is "%s"', (span, hash) => {
    expect(toHash(span)).toBe(hash);
    expect(fromHash(hash).span).toEqual(span);
  });

  it('comes back as it was, whatever it is', () => {
    const last = fc.integer({ min: 60, max: 3_650 * 86_400 }).map((seconds) => ({ lastMs: seconds * 1_000 }));
    const range = fc
      .tuple(fc.integer({ min: 0, max: 4e9 }), fc.integer({ min: 60, max: 3_650 * 86_400 }))
      .map(([from, seconds]) => ({ from: from * 1_000, to: (from + seconds) * 1_000 }));
    fc.assert(
      fc.property(fc.oneof(last, range), (span) => {
        expect(fromHash(toHash(span)).span).toEqual(span);
      }),
    );
  });

  it('is that of the dashboard where it makes no sense, whatever is written there', () => {
    for (const hash of [
      '#last=',
      '#last=5',
      '#last=1s',
      '#last=99999d',
      '#from=x&to=y',
      '#from=2026-01-02&to=2026-01-01',
      '#%',
    ])
      expect(fromHash(hash).span).toEqual(DEFAULT);
    fc.assert(
      fc.property(fc.string(), (hash) => {
        expect(problemOf(fromHash(`#${hash}`).span)).toBeNull();
      }),
    );
  });

  it('holds what of the dashboard is looked at too', () => {
    const view = { section: 'disk', kiosk: true, board: 'eyJ2IjoxfQ' };
    expect(toHash({ lastMs: 3_600_000 }, view)).toBe('#section=disk&last=1h&kiosk&board=eyJ2IjoxfQ');
    expect(fromHash('#section=disk&last=1h&kiosk&board=eyJ2IjoxfQ')).toEqual({
      ...{ span: { lastMs: 3_600_000 }, view, comparing: false },
    });
    expect(toHash(DEFAULT, FIRST_SCREEN, true)).toBe('#compare');
    expect(fromHash('#compare').comparing).toBe(true);
    expect(fromHash('').view).toEqual(FIRST_SCREEN);
    fc.assert(
      fc.property(fc.string(), (section) => {
        expect(fromHash(toHash(DEFAULT, { ...FIRST_SCREEN, section })).view.section).toBe(section);
      }),
    );
  });

  it('says what is wrong with a choice', () => {
    expect(problemOf({ lastMs: Number.NaN })).toBe('How long?');
    expect(problemOf({ lastMs: 9_000 })).toBe('At least ten seconds');
    expect(problemOf({ from: Number.NaN, to: 0 })).toBe('From when, and until when?');
    expect(problemOf({ from: 1, to: 1 })).toBe('It must begin before it ends');
  });
});
