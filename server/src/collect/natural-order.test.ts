import fc from 'fast-check';
import { expect, it } from 'vitest';
import { naturalOrder } from './natural-order.ts';

it.each([
  [
    ['eth10', 'eth2', 'eth1'],
    ['eth1', 'eth2', 'eth10'],
  ],
  [
    ['10', '9', '0'],
    ['0', '9', '10'],
  ],
  [
    ['bond0.100', 'bond0', 'bond0.2'],
    ['bond0', 'bond0.2', 'bond0.100'],
  ],
  [
    ['b', 'B', 'a1', 'a'],
    ['B', 'a', 'a1', 'b'],
  ],
  [
    ['e01', 'e1', 'e001'],
    ['e001', 'e01', 'e1'],
  ],
  [
    [`a${'9'.repeat(400)}`, `a1${'0'.repeat(400)}`, `a${'8'.repeat(400)}`],
    [`a${'8'.repeat(400)}`, `a${'9'.repeat(400)}`, `a1${'0'.repeat(400)}`],
  ],
])('orders %j as %j', (given, expected) => {
  expect([...given].sort(naturalOrder)).toEqual(expected);
});

it('is one order for all names: it never depends on who came first', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.', '0', '1', '9'), maxLength: 6 });
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 8 }), (names) => {
      expect([...names].reverse().sort(naturalOrder)).toEqual([...names].sort(naturalOrder));
    }),
  );
});
