import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command } from './commands.ts';
import { KeySequence, keyCaps, type Press } from './key-sequence.ts';

const NONE = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
const press = (key: string, more: Partial<Press> = {}): Press => ({ ...NONE, key, ...more });
const command = (keys: string): Command => ({ id: keys, title: keys, group: 'Any', keys, run: () => {} });
const commands = ['p', '?', 'g c', 'g m', 'c', 'Mod+k', 'P'].map(command);

/** What is meant by keys that are pressed so many ms after each other. */
function pressed(presses: readonly Press[], apartMs = 100): (string | null)[] {
  const sequence = new KeySequence();
  return presses.map((each, i) => {
    const found = sequence.press(each, i * apartMs, commands);
    return found === 'begun' || found === null ? found : (found.keys ?? null);
  });
}

describe('keys', () => {
  test.each<[string, Press[], (string | null)[]]>([
    ['one key', [press('p')], ['p']],
    ['a sign that needs Shift', [press('?', { shiftKey: true })], ['?']],
    ['Caps Lock', [press('P')], ['p']],
    ['Shift', [press('P', { shiftKey: true })], ['P']],
    ['Shift and Caps Lock', [press('p', { shiftKey: true })], ['P']],
    ['two keys', [press('g'), press('c')], ['begun', 'g c']],
    ['the second of two alone', [press('c')], ['c']],
    ['the first of two, and something else', [press('g'), press('p')], ['begun', 'p']],
    ['the first of two twice', [press('g'), press('g'), press('m')], ['begun', 'begun', 'g m']],
    ['the first of two, and a key of no meaning', [press('g'), press('x'), press('m')], ['begun', null, null]],
    ['Ctrl', [press('k', { ctrlKey: true })], ['Mod+k']],
    ['⌘ and Caps Lock', [press('K', { metaKey: true })], ['Mod+k']],
    ['a key with a modifier that it does not have', [press('p', { ctrlKey: true })], [null]],
    ['Alt', [press('p', { altKey: true })], [null]],
    ['Ctrl and ⌘', [press('k', { ctrlKey: true, metaKey: true })], [null]],
  ])('%s', (_, presses, expected) => {
    expect(pressed(presses)).toEqual(expected);
  });

  test('the second key comes within a second', () => {
    expect(pressed([press('g'), press('m')], 1_000)).toEqual(['begun', 'g m']);
    expect(pressed([press('g'), press('m')], 1_001)).toEqual(['begun', null]);
  });

  test('whatever was pressed before, a key that has a meaning of its own has it a second later', () => {
    const key = fc.constantFrom('g', 'c', 'm', 'p', 'x', 'Shift', 'Enter');
    fc.assert(
      fc.property(fc.array(key, { maxLength: 8 }), (keys) => {
        const sequence = new KeySequence();
        for (const each of keys) sequence.press(press(each), 0, commands);
        expect(sequence.press(press('p'), 1_001, commands)).toBe(commands[0]);
      }),
    );
  });
});

test.each([
  ['p', false, ['p']],
  ['g c', false, ['g', 'c']],
  ['Mod+k', false, ['Ctrl', 'K']],
  ['Mod+k', true, ['⌘', 'K']],
  ['Escape', false, ['Esc']],
  [' ', false, ['Space']],
])('the caps of "%s"', (keys, mac, expected) => {
  expect(keyCaps(keys, mac)).toEqual(expected);
});
