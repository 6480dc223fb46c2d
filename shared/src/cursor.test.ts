import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCursor, parseCursor } from './cursor.ts';

const epoch = fc.string({
  unit: fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyz'),
  minLength: 1,
  maxLength: 32,
});

describe('a cursor', () => {
  it('is read as it was written, for every epoch and position', () => {
    fc.assert(
      fc.property(epoch, fc.nat(Number.MAX_SAFE_INTEGER), (name, seq) => {
        const text = formatCursor({ epoch: name, seq });
        expect(parseCursor(text)).toEqual({ epoch: name, seq });
        expect(text.length).toBeLessThanOrEqual(64);
      }),
    );
  });

  it('has one form only: what can be read is written the same again', () => {
    const text = fc.string({ unit: fc.constantFrom(...'09azA. -+\0é'), maxLength: 12 });
    fc.assert(
      fc.property(text, (given) => {
        const cursor = parseCursor(given);
        if (cursor) expect(formatCursor(cursor)).toBe(given);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['nothing', ''],
    ['a space', ' '],
    ['a space before', ' abc.1'],
    ['a space behind', 'abc.1 '],
    ['a line end behind', 'abc.1\n'],
    ['a line end inside', 'abc\n.1'],
    ['an upper-case epoch', 'ABC.1'],
    ['an upper-case position', 'abc.A'],
    ['a leading zero', 'abc.01'],
    ['two zeros', 'abc.00'],
    ['a NUL', 'abc.1\0'],
    ['no dot', 'abc1'],
    ['two dots', 'abc.1.2'],
    ['only a dot', '.'],
    ['no epoch', '.1'],
    ['no position', 'abc.'],
    ['a negative position', 'abc.-1'],
    ['a signed position', 'abc.+1'],
    ['a fraction', 'abc.1,5'],
    ['a digit of another script', 'abc.١'],
    ['an accent', 'äbc.1'],
    ['a full-width letter', 'ａbc.1'],
    ['a percent sign', 'abc%2E1'],
    ['an epoch of 33', `${'a'.repeat(33)}.1`],
    ['65 characters', `${'a'.repeat(63)}.1`],
    ['15,000 characters', 'a'.repeat(15_000)],
    ['a position beyond whole numbers', 'abc.2gosa7pa2gw'],
    ['a position far beyond', 'abc.zzzzzzzzzzz'],
    ['a position of twelve digits', 'abc.100000000000'],
    ['null', 'null'],
    ['JSON', '{"epoch":"abc","seq":1}'],
  ])('is not read from %s', (_, text) => expect(parseCursor(text)).toBeNull());

  it('goes up to the largest whole number', () => {
    expect(parseCursor('a.2gosa7pa2gv')).toEqual({ epoch: 'a', seq: Number.MAX_SAFE_INTEGER });
  });
});
