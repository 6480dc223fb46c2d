import { expect, it } from 'vitest';
import { PACE_NAMES, PACES, parsePace } from './pace.ts';

it('reads every pace by its name, from the fastest to the slowest', () => {
  expect(PACE_NAMES.map(parsePace)).toEqual([...PACES]);
});

it.each(['', '1', '1000', '1000ms', '3s', '1m', ' 1s', '1S', '01s', 'constructor', '__proto__'])(
  'knows no pace %j',
  (text) => expect(parsePace(text)).toBeNull(),
);
