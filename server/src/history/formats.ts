import type { HistoryAnswer } from './query.ts';

export const HISTORY_TYPES = ['application/json', 'text/csv', 'application/x-ndjson'] as const;
export type HistoryType = (typeof HISTORY_TYPES)[number];

/** Pieces are gathered up to about this many characters, so that a long answer is many of them and a short one is one. */
const PIECE = 64 * 1024;
/** A spreadsheet would run a cell that begins with one of these. */
const FORMULA = /^[=+\-@\t\r]/;

/** Writes an answer piece by piece: nobody has to hold the whole of its text. `cursor`: where a stream continues it. */
export function* writeHistory(answer: HistoryAnswer, type: HistoryType, cursor: string | null): Generator<string> {
  const lines = { 'application/json': toJson, 'text/csv': toCsv, 'application/x-ndjson': toNdjson }[type];
  let piece = '';
  for (const text of lines(answer, cursor)) {
    piece += text;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function* toJson({ from, to, stepMs, times, gaps, series, columns }: HistoryAnswer, cursor: string | null) {
  yield `${JSON.stringify({ cursor, from, to, stepMs, times, gaps }).slice(0, -1)},"series":{`;
  for (const [i, name] of series.entries()) {
    yield `${i === 0 ? '' : ','}${JSON.stringify(name)}:${JSON.stringify(columns(name))}`;
  }
  yield '}}';
}

function csvCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180, one line a step: `time`, then the average of each series; nothing recorded is an empty cell. */
function* toCsv({ times, series, columns }: HistoryAnswer) {
  yield `${['time', ...series].map(csvCell).join(',')}\r\n`;
  const averages = series.map((name) => columns(name).avg);
  for (const [i, time] of times.entries()) {
    yield `${[time, ...averages.map((column) => column[i] ?? '')].join(',')}\r\n`;
  }
}

/** One JSON object a step, with the average of each series. */
function* toNdjson({ times, series, columns }: HistoryAnswer) {
  const averages = series.map((name) => columns(name).avg);
  for (const [i, time] of times.entries()) {
    const values = Object.fromEntries(series.map((name, column) => [name, averages[column]?.[i] ?? null]));
    yield `${JSON.stringify({ time, ...values })}\n`;
  }
}
