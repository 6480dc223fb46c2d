import type { Faults } from './linux/faults.ts';
import type { HostFiles } from './linux/files.ts';
import type { ProcessIo, ProcessIoReader } from './process-io.ts';
import { type ProcessStat, parseProcessStat } from './process-stat.ts';
import { inSlices, type Pause } from './slices.ts';

/** A process at one look. */
export interface ProcessLook extends ProcessStat {
  /** `null` where it is not told. */
  readonly io: ProcessIo | null;
}

/** Every process that could be seen at one look. */
export interface ProcessTable {
  /** `null` where some are hidden. */
  readonly count: number | null;
  /** `null` where some could not be read. */
  readonly threads: number | null;
  /** Whether all that there are could be read. */
  readonly complete: boolean;
  /** In the order in which they were listed. */
  readonly byPid: ReadonlyMap<number, ProcessLook>;
}

/** Looking at more would keep a processor busy. */
const MAX_PROCESSES = 8_192;
const LISTS = ['byCpu', 'byMemory', 'byIo'];
const UNKNOWN: ProcessTable = { count: null, threads: null, complete: false, byPid: new Map() };

/** Whether there is no such process any more: one may end before it is read, and while it is. */
export const isGone = (text: string | Error): boolean =>
  text instanceof Error && /(does not exist|ESRCH)$/.test(text.message);

/** Reads /proc/PID/stat and io of every process. `null` where there is none, as in the files of another machine. */
export async function readProcessTable(
  files: HostFiles,
  ios: ProcessIoReader,
  pause: Pause,
  faults: Faults,
): Promise<ProcessTable | null> {
  const names = faults.keep(['count', 'threads', ...LISTS], files.procList(''));
  if (names === null) return UNKNOWN;
  const pids = names.filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
  if (pids.length === 0) return null;
  const ioOf = ios.look(faults);
  const byPid = new Map<number, ProcessLook>();
  const unread = { gone: 0, why: null as Error | null };
  await inSlices(pids.slice(0, MAX_PROCESSES), pause, (pid) => {
    const text = files.procOnce(`${pid}/stat`);
    const stat = text instanceof Error ? text : parseProcessStat(text);
    if (isGone(text)) unread.gone++;
    else if (stat instanceof Error) unread.why ??= stat;
    // At once, so that hardly any child ends between the two.
    else byPid.set(pid, { ...stat, io: ioOf(pid, stat.startTicks) });
  });
  if (pids.length > MAX_PROCESSES) unread.why ??= new Error(`only the first ${MAX_PROCESSES} processes are looked at`);
  if (unread.why) faults.keep(['threads', ...LISTS], unread.why);
  // Every namespace has a first process, and ends with it (pid_namespaces(7)).
  const hidden = !pids.includes(1);
  const reason = 'process 1 is not in /proc, which hides what other users run (hidepid)';
  if (hidden) faults.keep(['count', 'threads', ...LISTS], new Error(reason));
  const complete = !hidden && unread.why === null;
  let threads = 0;
  for (const stat of byPid.values()) threads += stat.threads;
  return { count: hidden ? null : pids.length - unread.gone, threads: complete ? threads : null, complete, byPid };
}
