import { expect, test } from 'vitest';
import { dropAt, placeAfter } from './board-drag.ts';

/** Two rows: 0 and 1, then 2 as wide as both. */
const boxes = [
  { left: 0, top: 0, right: 100, bottom: 100 },
  { left: 110, top: 0, right: 210, bottom: 100 },
  { left: 0, top: 110, right: 210, bottom: 210 },
];

test.each([
  ['left half of the first', 20, 50, 0, false],
  ['right half of the first', 80, 50, 0, true],
  ['left half of the second', 120, 50, 1, false],
  ['right half of the second', 200, 50, 1, true],
  ['left half of the wide one', 20, 150, 2, false],
  ['below everything, right', 300, 900, 2, true],
  ['above everything, left', -50, -50, 0, false],
])('%s', (_, x, y, near, after) => {
  expect(dropAt(boxes, x, y)).toEqual({ near, after });
});

test('where there is nothing, there is no place', () => {
  expect(dropAt([], 5, 5)).toBeNull();
});

test.each([
  [0, 0, false, 0],
  [0, 0, true, 0],
  [0, 1, false, 0],
  [0, 2, true, 2],
  [2, 0, false, 0],
  [2, 0, true, 1],
  [1, 2, false, 1],
])('what was at %i and comes to %i (after it: %s) is at %i', (from, near, after, expected) => {
  expect(placeAfter(from, { near, after })).toBe(expected);
});
