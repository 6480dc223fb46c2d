import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edgesOf, isLive, LEAST_SPAN_MS, lengthOf, MOST_SPAN_MS, type Span, TimeWindow } from './time-window.ts';

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

function windowAt(span: Span): TimeWindow {
  const window = new TimeWindow();
  window.show(span);
  return window;
}

describe('the time of a page', () => {
  it('zooms into a part, drawn in either direction, and leads back to what was chosen', () => {
    const window = windowAt({ lastMs: HOUR });
    window.zoom(NOW - 60_000, NOW - 120_000, NOW);
    expect(window.span).toEqual({ from: NOW - 120_000, to: NOW - 60_000 });
    expect(window.away).toBe(true);
    window.reset();
    expect(window.span).toEqual({ lastMs: HOUR });
    expect(window.away).toBe(false);
  });

  it('stands still when it is paused, and goes on as it was', () => {
    const window = windowAt({ lastMs: HOUR });
    window.pause(NOW);
    expect(window.span).toEqual({ from: NOW - HOUR, to: NOW });
    window.pause(NOW + 5_000);
    expect(window.span).toEqual({ from: NOW - HOUR, to: NOW });
    window.resume();
    expect(window.span).toEqual({ lastMs: HOUR });
  });

  it('goes on with the time from a range that was chosen, as long as that was', () => {
    const window = windowAt({ from: NOW - 2 * HOUR, to: NOW - HOUR });
    window.resume();
    expect(window.span).toEqual({ lastMs: HOUR });
  });

  it('keeps the instant under the cursor where it is while it zooms', () => {
    const window = windowAt({ from: NOW - HOUR, to: NOW });
    window.point(NOW - HOUR / 4);
    window.scale(0.5, NOW);
    expect(window.span).toEqual({ from: NOW - HOUR / 4 - (3 * HOUR) / 8, to: NOW - HOUR / 8 });
  });

  it('moves into the past, and back to what is live', () => {
    const window = windowAt({ lastMs: HOUR });
    window.move(-0.5, NOW);
    expect(window.span).toEqual({ from: NOW - 1.5 * HOUR, to: NOW - HOUR / 2 });
    window.move(0.5, NOW);
    expect(window.span).toEqual({ lastMs: HOUR });
  });

  it('tells of the cursor and of the span each to its own, and of nothing that did not change', () => {
    const window = windowAt({ lastMs: HOUR });
    const told: string[] = [];
    const ends = [window.subscribe(() => told.push('span')), window.onPoint(() => told.push('cursor'))];
    window.point(NOW);
    window.point(NOW);
    window.show({ lastMs: HOUR });
    window.zoom(NOW - HOUR, NOW - HOUR / 2, NOW);
    for (const end of ends) end();
    window.point(null);
    window.reset();
    expect(told).toEqual(['cursor', 'span']);
  });

  it('is compared with what was before until somebody has seen enough, whatever else is done to it', () => {
    const window = windowAt({ lastMs: HOUR });
    const told: boolean[] = [];
    window.subscribe(() => told.push(window.comparing));
    window.compare(true);
    window.compare(true);
    expect(window.span).toEqual({ lastMs: HOUR });
    window.move(-0.5, NOW);
    window.compare(false);
    expect(told).toEqual([true, true, false]);
  });

  it('never shows less than the least, more than the most, or what is yet to come, whatever is done to it', () => {
    const step = fc.oneof(
      fc.tuple(
        fc.constant('zoom' as const),
        fc.double({ min: -2, max: 1, noNaN: true }),
        fc.double({ min: -2, max: 1, noNaN: true }),
      ),
      fc.tuple(fc.constant('scale' as const), fc.double({ min: 0.001, max: 1_000, noNaN: true }), fc.constant(0)),
      fc.tuple(fc.constant('move' as const), fc.double({ min: -3, max: 3, noNaN: true }), fc.constant(0)),
      fc.tuple(fc.constant('point' as const), fc.double({ min: -2, max: 1, noNaN: true }), fc.constant(0)),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const window = windowAt({ lastMs: HOUR });
        for (const [what, a, b] of steps) {
          if (what === 'zoom') window.zoom(NOW + a * HOUR, NOW + b * HOUR, NOW);
          else if (what === 'scale') window.scale(a, NOW);
          else if (what === 'move') window.move(a, NOW);
          else window.point(NOW + a * HOUR);
          const length = lengthOf(window.span);
          expect(length).toBeGreaterThanOrEqual(LEAST_SPAN_MS);
          expect(length).toBeLessThanOrEqual(MOST_SPAN_MS + 2_000);
          if (!isLive(window.span)) expect(edgesOf(window.span, NOW).to).toBeLessThanOrEqual(NOW + 1_000);
        }
        window.reset();
        expect(window.span).toEqual({ lastMs: HOUR });
      }),
    );
  });
});
