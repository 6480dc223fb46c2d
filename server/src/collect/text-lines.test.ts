import { describe, expect, it } from 'vitest';
import { countsBetween, isCount, numberAfter } from './text-lines.ts';

const TEXT = [
  ...['first 1', 'MemTotal:     25 kB', 'MemTotals: 7', 'none:', 'word: x', 'two 2 3', 'minus -4'],
  ...['largest 18446744073709551615', `huge ${'9'.repeat(30)}`, 'size: 12 kB', 'cut 12'],
].join('\n');

it.each(['0', '12', '18446744073709551615'])('%j is a number of the kernel', (text) =>
  expect(isCount(text)).toBe(true),
);
it.each(['', ' ', '-1', '+1', '1.0', '1e3', '0x10', ' 1', '1\n', '٣', 'NaN', '9'.repeat(30)])('%j is none', (text) => {
  expect(isCount(text)).toBe(false);
});

describe('the number after a key', () => {
  it.each([
    ['first ', '', 1],
    ['MemTotal:', ' kB', 25],
    ['largest ', '', 2 ** 64],
    ['size:', ' kB', 12],
    ['huge ', '', null],
    // Of a file that was cut short: it may have gone on.
    ['cut ', '', null],
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

  it('is whole at the end of a text when its unit is', () => {
    expect(numberAfter('size: 12 kB', 'size:', ' kB')).toBe(12);
    expect(numberAfter('size: 12 k', 'size:', ' kB')).toBeNull();
  });

  it('is null in an empty text', () => {
    expect(numberAfter('', 'a ')).toBeNull();
  });
});

describe('the numbers between two places', () => {
  it.each([
    ['', []],
    ['  ', []],
    ['1', [1]],
    ['  12 0  345 ', [12, 0, 345]],
    ['18446744073709551615 7', [2 ** 64, 7]],
  ])('of %j', (text, expected) => expect(countsBetween(`x${text}y`, 1, text.length + 1)).toEqual(expected));

  it.each(['-1', '1.0', '1e3', '0x10', '1\t2', '1 x', '٣', '9'.repeat(21)])('are none in %j', (text) => {
    expect(countsBetween(text, 0, text.length)).toBeNull();
  });
});
