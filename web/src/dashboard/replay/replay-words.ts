import { momentFormat, type Skipped } from '@telltale/shared';
import { pagePreferences } from '../../client/index.ts';

/** What a reader should know of a recording that is not as it should be. */
export function remarks({ broken, unknown, cut, full }: Skipped, newer: boolean): string[] {
  const lines = (count: number) => (count === 1 ? '1 line' : `${count} lines`);
  return [
    newer ? 'A newer version wrote it: some of it may not be shown.' : '',
    broken > 0 ? `${lines(broken)} cannot be read and ${broken === 1 ? 'is' : 'are'} passed over.` : '',
    unknown > 0
      ? `${lines(unknown)} of a kind that is not known here ${unknown === 1 ? 'is' : 'are'} passed over.`
      : '',
    cut ? 'Its end is missing: it was cut off.' : '',
    full ? 'Its end is not shown: a page holds no more. telltale play shows all of it.' : '',
  ].filter(Boolean);
}

/** As players show it: 0:05, 12:34, 1:02:03. */
export function formatLength(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const two = (number: number) => String(number).padStart(2, '0');
  const head = hours > 0 ? `${hours}:${two(minutes)}` : `${minutes}`;
  return `${head}:${two(seconds % 60)}`;
}

/** Times in a file may be anything. */
export function formatMoment(at: number): string {
  try {
    return momentFormat({ dateStyle: 'medium', timeStyle: 'medium' }, pagePreferences.choices.clock).format(at);
  } catch {
    return 'at no time that there is';
  }
}
