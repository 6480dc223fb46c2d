const ZERO = 48;
const NINE = 57;
const SPACE = 32;
const LINE_END = 10;
/** The kernel counts in 64 bits at most: what is larger is no number of its. */
const TOO_LARGE = 2 ** 64;
const MAX_DIGITS = 20;

/** Whether a text is a number as the kernel writes them. `Number` would take `0x10`, `1e3` and nothing for numbers as well. */
export const isCount = (text: string): boolean => /^\d{1,20}$/.test(text);

/**
 * The whole number that follows `key` at the beginning of a line, spaces between; `null` when there is no such line, or
 * something else on it. `unit` is what must follow the number; without one the line must end, or the number may have been
 * cut short. Of a file with hundreds of lines a handful is needed, and cutting it up costs more than reading it.
 */
export function numberAfter(text: string, key: string, unit = ''): number | null {
  let at = text.startsWith(key) ? 0 : text.indexOf(`\n${key}`) + 1;
  if (at === 0 && !text.startsWith(key)) return null;
  at += key.length;
  while (text.charCodeAt(at) === SPACE) at++;
  const start = at;
  let value = 0;
  for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE; code = text.charCodeAt(++at)) {
    value = value * 10 + (code - ZERO);
  }
  if (at === start || value > TOO_LARGE || !text.startsWith(unit, at)) return null;
  at += unit.length;
  return text.charCodeAt(at) === LINE_END || (unit !== '' && at === text.length) ? value : null;
}

/**
 * The whole numbers between two places of a text, spaces around them; `null` when anything else is there. Of the lines of
 * processors there may be hundreds, and cutting them up costs several times as much.
 */
export function countsBetween(text: string, from: number, to: number): number[] | null {
  const counts: number[] = [];
  for (let at = from; at < to; at++) {
    if (text.charCodeAt(at) === SPACE) continue;
    const start = at;
    let value = 0;
    for (let code = text.charCodeAt(at); at < to && code !== SPACE; code = text.charCodeAt(++at)) {
      if (code < ZERO || code > NINE) return null;
      value = value * 10 + (code - ZERO);
    }
    if (at - start > MAX_DIGITS) return null;
    counts.push(value);
  }
  return counts;
}
