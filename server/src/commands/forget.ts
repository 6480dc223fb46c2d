import { type CommandCall, usage } from '../command-line.ts';
import { defaultFolder } from '../config.ts';
import { refuse } from '../errors.ts';
import { KEEP_ALL } from '../history/retention.ts';
import { HistoryThread } from '../history/thread.ts';
import { parseMoment } from '../history/time.ts';
import type { World } from './world.ts';

type What = Omit<CommandCall<'forget'>['options'], 'data'>;

/** What is to be deleted, epoch ms, and how a person says it. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** `telltale forget`. The folder must not be in use: what a server holds in memory could not be deleted from here. */
export async function forgetHistory(
  { options: { data, ...what } }: CommandCall<'forget'>,
  { clock, env, files, pid, tell, stdout }: World,
): Promise<void> {
  const { from, to, text } = readSpan(what, clock.now());
  const folder = data === 'none' ? defaultFolder(env) : data;
  const history = new HistoryThread({
    ...{ file: files.historyWorker, folder, orMemory: false, retention: KEEP_ALL, pid, clock, tell },
    onFault: (reason) => reason && tell(reason),
  });
  await history.start().catch(refuse);
  await history.forget(from, to).catch(refuse);
  await history.close();
  stdout.write(`deleted from ${folder}: ${text}\n`);
}

/** Throws bad usage: nothing is deleted by a slip of the hand. */
function readSpan(what: What, now: number): Span {
  if (what.all) {
    if (what.from !== '') throw usage('--all and --from do not go together', 'forget');
    return { from: 0, to: Number.MAX_SAFE_INTEGER / 2, text: 'all of it' };
  }
  if (what.from === '') throw usage('forget needs --from TIME, or --all', 'forget');
  const moment = (name: 'from' | 'to') => {
    const at = parseMoment(what[name], now);
    if (at !== null) return at;
    throw usage(`--${name} must be ISO 8601 with a zone, epoch ms, "now", or like -2h`, 'forget');
  };
  const [from, to] = [moment('from'), moment('to')];
  if (from >= to) throw usage('--from must be before --to', 'forget');
  return { from, to, text: `${new Date(from).toISOString()} to ${new Date(to).toISOString()}` };
}
