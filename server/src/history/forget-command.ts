import { EXIT, ExitError } from '../errors.ts';
import { parseMoment } from './time.ts';

/** What `telltale forget` is to delete, epoch ms, and how a person says it. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Reads the options of the command. Throws an {@link ExitError}: nothing is deleted by a slip of the hand. */
export function readSpan(options: { all: boolean; from: string; to: string }, now: number): Span {
  const usage = (message: string) => new ExitError(EXIT.usage, `${message} (see telltale forget --help)`);
  if (options.all) {
    if (options.from !== '') throw usage('--all and --from do not go together');
    return { from: 0, to: Number.MAX_SAFE_INTEGER / 2, text: 'all of it' };
  }
  if (options.from === '') throw usage('forget needs --from TIME, or --all');
  const moment = (name: 'from' | 'to') => {
    const at = parseMoment(options[name], now);
    if (at === null) throw usage(`--${name} must be ISO 8601 with a zone, epoch ms, "now", or like -2h`);
    return at;
  };
  const [from, to] = [moment('from'), moment('to')];
  if (from >= to) throw usage('--from must be before --to');
  return { from, to, text: `${new Date(from).toISOString()} to ${new Date(to).toISOString()}` };
}
