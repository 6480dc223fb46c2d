import type { History } from '@telltale/shared';

/** A spreadsheet would run a cell that begins with one of these. */
const FORMULA = /^[=+\-@\t\r]/;

function csvCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180, one line a step: `time`, then the average of each series; nothing recorded is an empty cell. */
export function toCsv({ times, series }: History): string {
  const columns = Object.values(series).map(({ avg }) => avg);
  const lines = [['time', ...Object.keys(series)].map(csvCell).join(',')];
  times.forEach((time, i) => {
    lines.push([time, ...columns.map((column) => column[i] ?? '')].join(','));
  });
  return `${lines.join('\r\n')}\r\n`;
}

/** One JSON object a step, with the average of each series. */
export function toNdjson({ times, series }: History): string {
  const columns = Object.entries(series);
  return times
    .map((time, i) => {
      const values = Object.fromEntries(columns.map(([name, { avg }]) => [name, avg[i] ?? null]));
      return `${JSON.stringify({ time, ...values })}\n`;
    })
    .join('');
}
