import { formatDuration, formatText } from '@telltale/shared';

/** What was recorded. */
export interface Made {
  events: number;
  /** Of the machine. */
  name: string | null;
  /** The times of the first and the last measurement. */
  from: number | null;
  to: number | null;
  /** There was more than a recording may hold. */
  full: boolean;
}

/** The one line at the end. */
export function tell({ events, name, from, to, full }: Made, file: string, text: number): string {
  const span = from === null || to === null ? '' : ` over ${formatDuration(to - from)}`;
  const whose = name === null ? '' : ` of ${JSON.stringify(name)}`;
  const where = file === '-' ? '' : `, in ${file}`;
  const end = full ? '; it is full, what came after that is not in it' : '';
  // A terminal has no use for spaces that do not break.
  const size = formatText(text, 'bytes').replace(/\s/g, ' ');
  return `recorded ${events} events${whose}${span}, ${size} of text${where}${end}`;
}
