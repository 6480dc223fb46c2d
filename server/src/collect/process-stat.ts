import { isCount } from './text-lines.ts';

/** A process as its `stat` tells it. */
export interface ProcessStat {
  /** Up to 15 bytes that the process itself chooses, 63 of a kernel thread: any text whatever. */
  readonly name: string;
  /** One letter. */
  readonly state: string;
  /** The number of the process that waits for it, 0 for none that can be seen. */
  readonly parent: number;
  /** Page faults of the children that it has waited for, and of theirs: more whenever another has ended. */
  readonly reapedFaults: number;
  /** What all its threads have had of the processors, those that ended too, in 1/100 s. */
  readonly cpuTicks: number;
  readonly threads: number;
  /** When it started, in 1/100 s after the machine; with the PID it names a process for good. */
  readonly startTicks: number;
  /** Good enough to tell large from small: the kernel gathers it per processor, and here it leaves out what is under way. */
  readonly residentPages: number;
}

/** A process as its `status` tells it, or why it does not. */
export interface ProcessStatus {
  /** The number of the user whose rights it has, who need not be the one that started it. */
  readonly uid: number | Error;
  /** `null` where it has no memory: a thread of the kernel, or a process that is just ending. */
  readonly residentBytes: number | null | Error;
}

/** As far as the fields are needed, with the one after the last: what is there may not have been cut short. */
const STAT_FIELDS = 23;
type Numbers = [number, number, number, number, number, number, number];

/**
 * Parses /proc/PID/stat (proc_pid_stat(5)). The name is the second field and may hold anything, spaces and parentheses
 * too; nothing after it does.
 */
export function parseProcessStat(text: string): ProcessStat | Error {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ', STAT_FIELDS);
  // Fields 4, 11, 14, 15, 20, 22 and 24 of the manual, which counts from 1 and has the state as 3.
  const numbers = [1, 8, 11, 12, 17, 19, 21].map((index) => fields[index] ?? '');
  if (open < 0 || close < open || fields.length < STAT_FIELDS || !numbers.every(isCount)) {
    return new Error('the stat of a process cannot be understood');
  }
  const [parent, reapedFaults, user, system, threads, startTicks, residentPages] = numbers.map(Number) as Numbers;
  return {
    name: text.slice(open + 1, close),
    state: fields[0] as string,
    parent,
    reapedFaults,
    cpuTicks: user + system,
    threads,
    startTicks,
    residentPages,
  };
}

/** Parses what is needed of /proc/PID/status (proc_pid_status(5)). The name comes first, so of two lines the last counts. */
export function parseProcessStatus(text: string): ProcessStatus {
  const after = (key: string) => {
    const at = text.lastIndexOf(`\n${key}:\t`);
    return at < 0 ? null : text.slice(at + key.length + 3, text.indexOf('\n', at + 1));
  };
  const missing = (key: string) => new Error(`the status of a process tells no "${key}"`);
  // Real, effective, saved and of the file system.
  const uid = /^\d+\t(\d+)\t/.exec(after('Uid') ?? '')?.[1];
  const resident = after('VmRSS');
  const kilobytes = /^ *(\d+) kB$/.exec(resident ?? '')?.[1];
  // The lines about memory would have come before this one.
  const hasNone = resident === null && after('Threads') !== null;
  return {
    uid: uid === undefined ? missing('Uid') : Number(uid),
    residentBytes: kilobytes !== undefined ? Number(kilobytes) * 1_024 : hasNone ? null : missing('VmRSS'),
  };
}
