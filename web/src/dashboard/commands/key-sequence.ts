import type { Command } from './commands.ts';

/** The second key of two comes within this, in ms. */
const SEQUENCE_MS = 1_000;

/** What is asked of a key event, so that tests need no browser. */
export interface Press {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** A key as commands name it: letters by what was meant and not by Caps Lock. */
function nameOf({ key, shiftKey, ctrlKey, metaKey, altKey }: Press): string | null {
  // Alt writes letters on some keyboards, and opens menus on others.
  if (altKey) return null;
  if (ctrlKey || metaKey) return ctrlKey && metaKey ? null : `Mod+${key.toLowerCase()}`;
  if (/^\p{L}$/u.test(key)) return shiftKey ? key.toUpperCase() : key.toLowerCase();
  return key;
}

/** Finds commands by the keys that are pressed one after the other. */
export class KeySequence {
  #first: { readonly key: string; readonly at: number } | null = null;

  /** Answers the command that is meant, `'begun'` for the first of two keys, or `null` for a key that means nothing. */
  press(event: Press, now: number, commands: readonly Command[]): Command | 'begun' | null {
    const key = nameOf(event);
    const first = this.#first;
    this.#first = null;
    if (key === null) return null;
    if (first && now - first.at <= SEQUENCE_MS) {
      const second = commands.find(({ keys }) => keys === `${first.key} ${key}`);
      if (second) return second;
    }
    const single = commands.find(({ keys }) => keys === key);
    if (single) return single;
    if (!commands.some(({ keys }) => keys?.startsWith(`${key} `))) return null;
    this.#first = { key, at: now };
    return 'begun';
  }

  /** Forgets the first of two keys. */
  reset(): void {
    this.#first = null;
  }
}

const CAPS: Readonly<Record<string, string>> = { ' ': 'Space', Escape: 'Esc' };

/** The caps to press at once, or one after the other: `['Ctrl', 'K']`, `['g', 'c']`. */
export function keyCaps(keys: string, mac: boolean): string[] {
  if (keys.startsWith('Mod+')) return [mac ? '⌘' : 'Ctrl', keys.slice(4).toUpperCase()];
  return (keys === ' ' ? [keys] : keys.split(' ')).map((key) => CAPS[key] ?? key);
}
