import { parseDuration } from '@telltale/shared';

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
/** The largest time that ECMAScript can hold (ECMA-262, 21.4.1.1). */
const MAX_TIME = 8.64e15;

/** Reads a moment as the history takes it: epoch ms, ISO 8601 with a zone, `now`, or `-15m`. `null` for anything else. */
export function parseMoment(text: string, now: number): number | null {
  if (text === 'now') return now;
  if (/^\d{1,16}$/.test(text)) return Number(text) <= MAX_TIME ? Number(text) : null;
  // In a query "+01:00" arrives as " 01:00".
  const iso = text.replace(' ', '+');
  if (ISO.test(iso)) {
    const at = Date.parse(iso);
    return Number.isNaN(at) ? null : at;
  }
  const ago = text.startsWith('-') ? parseDuration(text.slice(1)) : null;
  return ago === null || now - ago < -MAX_TIME ? null : now - ago;
}
