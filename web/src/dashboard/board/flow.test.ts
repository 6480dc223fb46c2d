import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flow, shorten } from './flow.ts';

test.each([
  [[], []],
  [
    [50, 40],
    ['0 0', '60 0'],
  ],
  [
    [50, 41],
    ['0 0', '0 1'],
  ],
  [
    [500, 10, 90],
    ['0 0', '0 1', '0 2'],
  ],
])('%j in lines of 100', (widths, expected) => {
  expect(flow(widths, 100, 10).map(({ x, line }) => `${x} ${line}`)).toEqual(expected);
});

test('what fits stays within the width, and nothing lies upon another', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 150 })), (widths) => {
      const places = flow(widths, 100, 10);
      for (const [i, { x, line }] of places.entries()) {
        if (x > 0) expect(x + (widths[i] as number)).toBeLessThanOrEqual(100);
        const before = places[i - 1];
        if (before?.line === line) expect(x).toBe(before.x + (widths[i - 1] as number) + 10);
        else expect(x).toBe(0);
      }
    }),
  );
});

test.each([
  ['short', 5, 'short'],
  ['too long', 5, 'too …'],
  ['x', 0, '…'],
  ['🙂🙂🙂', 2, '🙂…'],
])('"%s" in %i', (text, most, expected) => {
  expect(shorten(text, most, (each) => [...each].length)).toBe(expected);
});
