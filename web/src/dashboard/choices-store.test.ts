import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CHOICES } from '../client/index.ts';
import { readChoices } from './choices-store.ts';

describe('the choices that a browser kept', () => {
  it('come back as they were', () => {
    const choices = { clock: { utc: true, hours: 24 }, rates: 'bits', memory: 'programs', keys: false };
    expect(readChoices(JSON.stringify(choices))).toEqual(choices);
  });

  it.each([
    null,
    '',
    'not json',
    '[]',
    '7',
    '{"clock":null}',
    '{"clock":{"hours":13}}',
    '{"rates":"nibbles","memory":{}}',
  ])('are those of the system where %s was kept', (text) => {
    expect(readChoices(text)).toEqual(DEFAULT_CHOICES);
  });

  it('are always some that there are, whatever was kept', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const { clock, rates, memory, keys } = readChoices(text);
        expect([null, 12, 24]).toContain(clock.hours);
        expect(typeof clock.utc).toBe('boolean');
        expect(['bytes', 'bits']).toContain(rates);
        expect(['available', 'programs']).toContain(memory);
        expect(typeof keys).toBe('boolean');
      }),
    );
  });
});
