import { pagePreferences } from '../../client/index.ts';
import type { Command } from './commands.ts';
import { deepElements } from './deep.ts';
import { KeySequence } from './key-sequence.ts';

/** Inputs that do not take letters. */
const NOT_TYPED = new Set(['button', 'checkbox', 'color', 'file', 'image', 'radio', 'range', 'reset', 'submit']);
/** Where letters choose among what is listed. */
const CHOOSING = new Set(['combobox', 'listbox', 'menu', 'menuitem', 'searchbox', 'textbox', 'tree']);

/** Whether letters are taken by something that has the focus, however many shadow roots are around it. */
const takesLetters = (path: readonly EventTarget[]): boolean =>
  path.some((target) => {
    if (!(target instanceof HTMLElement)) return false;
    if (target instanceof HTMLInputElement) return !NOT_TYPED.has(target.type);
    return (
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement ||
      target.isContentEditable ||
      CHOOSING.has(target.role ?? '')
    );
  });

/** Asked only when a key means something: a walk over all of a page is some tenths of a millisecond. */
function isDialogOpen(): boolean {
  for (const element of deepElements(document)) {
    if (element instanceof HTMLDialogElement && element.open) return true;
  }
  return false;
}

/**
 * Runs commands by their keys; the answer ends that. Keys mean nothing while somebody types or a dialog is open, nor where
 * what has the focus has a use for them itself, as charts have for arrows; single ones can be switched off altogether (WCAG
 * 2.1.4). `commands` is asked with every key, so whoever
 * wants no keys answers none.
 */
export function listenKeys(target: EventTarget, commands: () => readonly Command[]): () => void {
  const sequence = new KeySequence();
  const onKey = (event: Event) => {
    if (!(event instanceof KeyboardEvent)) return;
    // What a modifier does on its way to `?` is no key between two.
    if (event.isComposing || event.repeat || event.key === 'Shift') return;
    const withModifier = event.ctrlKey || event.metaKey;
    const taken = !pagePreferences.choices.keys || takesLetters(event.composedPath());
    if (event.defaultPrevented || (!withModifier && taken)) {
      sequence.reset();
      return;
    }
    const found = sequence.press(event, event.timeStamp, commands());
    if (found === null) return;
    if (isDialogOpen()) {
      sequence.reset();
      return;
    }
    event.preventDefault();
    if (found !== 'begun') found.run();
  };
  target.addEventListener('keydown', onKey);
  return () => target.removeEventListener('keydown', onKey);
}
