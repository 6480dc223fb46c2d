import type { ReadFault } from './collector.ts';

// systeminformation fills what it could not read with zeros and with what it read before: nothing of it is believed
// unless it can be.

/** The number itself where it is one from `least` to `most`, else `null`. */
export function told(value: unknown, least = 0, most = Number.MAX_VALUE): number | null {
  return typeof value === 'number' && value >= least && value <= most ? value : null;
}

/** The text itself where it says anything, else `null`. The library writes "unknown" where it knows nothing. */
export function toldText(value: unknown): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' || text.toLowerCase() === 'unknown' ? null : text;
}

/** What the library has no answer for on any machine like this one. */
export function neverTold(fields: readonly string[]): ReadFault {
  return { fields, reason: 'systeminformation does not tell', permanent: true };
}
