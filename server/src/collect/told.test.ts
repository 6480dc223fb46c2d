import { expect, it } from 'vitest';
import { told, toldText } from './told.ts';

it.each<[unknown, number | null]>([
  [0, 0],
  [12.5, 12.5],
  [100, 100],
  [-0.1, null],
  [100.1, null],
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
  ['5', null],
  [null, null],
  [undefined, null],
])('of %j, from 0 to 100, %j is believed', (value, expected) => expect(told(value, 0, 100)).toBe(expected));

it('believes no number without an end', () => expect(told(Number.POSITIVE_INFINITY)).toBeNull());

it.each<[unknown, string | null]>([
  [' Apple M1 ', 'Apple M1'],
  ['', null],
  [' ', null],
  ['unknown', null],
  ['Unknown', null],
  [undefined, null],
  [7, null],
])('of %j, the text %j is believed', (value, expected) => expect(toldText(value)).toBe(expected));
