import { describe, expect, it } from 'vitest';
import { numberAfter } from './text-lines.ts';

const TEXT = 'first 1\nMemTotal:     25 kB\nMemTotals: 7\nnone:\nword: x\ntwo 2 3\nminus -4\nlast 18446744073709551615';

describe('the number after a key', () => {
  it.each([
    ['first ', '', 1],
    ['MemTotal:', ' kB', 25],
    ['last ', '', 2 ** 64],
    ['MemTotals:', '', 7],
    ['MemTotals:', ' kB', null],
    ['MemTotal:', '', null],
    ['none:', '', null],
    ['word:', '', null],
    ['two ', '', null],
    ['minus ', '', null],
    ['absent ', '', null],
    ['irst ', '', null],
  ])('%j followed by %j is %j', (key, unit, expected) => {
    expect(numberAfter(TEXT, key, unit)).toBe(expected);
  });

  it('is null in an empty text', () => {
    expect(numberAfter('', 'a ')).toBeNull();
  });
});
