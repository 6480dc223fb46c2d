import type { History } from '@telltale/shared';

/** What a browser may need to begin with reading what it saves. */
const READ_MS = 60_000;
const MAX_PART = 60;
/** A spreadsheet runs a cell that begins with one of these, as OWASP says of CSV injection. */
const FORMULA = /^[=+\-@\t\r]/;

/** Text that no spreadsheet runs, and that ends where its cell does. */
function textCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const numberCell = (value: number | null | undefined) => (typeof value === 'number' ? String(value) : '');

/**
 * RFC 4180, one line a step: its end in ISO 8601, then the average of each series; nothing recorded is an empty cell. Names
 * come from the machine and are text whatever they look like; numbers stay numbers.
 */
export function toCsv({ times, series }: Pick<History, 'times' | 'series'>): string {
  const columns = Object.values(series).map(({ avg }) => avg);
  const lines = [['time', ...Object.keys(series)].map(textCell).join(',')];
  for (const [i, at] of times.entries()) {
    lines.push([new Date(at).toISOString(), ...columns.map((column) => numberCell(column[i]))].join(','));
  }
  return lines.map((line) => `${line}\r\n`).join('');
}

/** A part of a file's name that every system takes. */
const safePart = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .slice(0, MAX_PART)
    .replace(/^[-.]+|[-.]+$/g, '');

/** `<host>-<what>-<from>.<extension>`, with nothing in it that a path could be made of. */
export function fileName(host: string | null, what: string, from: number, extension: 'csv' | 'png' | 'json'): string {
  const at = new Date(from)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '');
  return `${[safePart(host ?? '') || 'machine', safePart(what) || 'chart', at].join('-')}.${extension}`;
}

/** Saves something as a file. */
export function download(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), READ_MS);
}
