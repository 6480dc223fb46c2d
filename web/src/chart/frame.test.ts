import { expect, it } from 'vitest';
import { NO_POINTS } from './columns.ts';
import { canWait, type Frame, NOTHING } from './frame.ts';

const HOUR = 3_600_000;
const LINE = { color: 'red', dash: [], faint: false, points: NO_POINTS };
const points = (count: number) => ({ ...NO_POINTS, times: new Float64Array(count), values: new Float64Array(count) });
const drawn: Frame = { ...NOTHING, from: 0, to: HOUR, lines: [LINE] };
const later = (ms: number, rest: Partial<Frame> = {}): Frame => ({ ...drawn, from: ms, to: HOUR + ms, ...rest });

it('waits while nothing would move by a pixel, and no longer than for the next tick', () => {
  expect(canWait(later(1_000), drawn, 1_000)).toBe(true);
  expect(canWait(later(1_000), drawn, 3_600)).toBe(false);
  expect(canWait(later(2_000), drawn, 100)).toBe(false);
});

it.each<[string, Frame, Frame]>([
  ['the first of all', later(0), NOTHING],
  ['another window', later(10, { from: HOUR / 2 }), drawn],
  ['a time that went back', later(-10), drawn],
  ['standing still', later(10, { live: false }), { ...drawn, live: false }],
  ['a cursor', later(10, { cursor: 5 }), drawn],
  ['a cursor that has gone', later(10), { ...drawn, cursor: 5 }],
  ['a selection', later(10, { selection: { from: 1, to: 2 } }), drawn],
  ['a comparison', later(10, { before: [LINE] }), drawn],
  ['a line more', later(10, { lines: [LINE, LINE] }), drawn],
  ['a line that steps back', later(10, { lines: [{ ...LINE, faint: true }] }), drawn],
  ['another colour', later(10, { lines: [{ ...LINE, color: 'blue' }] }), drawn],
  ['history that has come', later(10, { lines: [{ ...LINE, points: points(9) }] }), drawn],
  ['steps of another width', later(10, { lines: [{ ...LINE, points: { ...NO_POINTS, stepMs: 2 } }] }), drawn],
])('does not wait with %s', (_, next, before) => {
  expect(canWait(next, before, 100)).toBe(false);
});
