import type { Faults } from './linux/faults.ts';
import type { HostFiles } from './linux/files.ts';
import { parseArguments } from './process-arguments.ts';
import { parseProcessStatus } from './process-stat.ts';
import { isGone, type ProcessLook } from './process-table.ts';
import { inSlices, type Pause } from './slices.ts';

export interface CandidateOptions {
  /** The name of a user by the number; `null` for the files of another machine, whose users are numbers. */
  readonly userName: ((uid: number) => string | null) | null;
  /** Whether command lines are collected. */
  readonly withArguments: boolean;
}

/** A process that a list may show. */
export interface Candidate extends ProcessLook {
  readonly pid: number;
  readonly user: string | null;
  readonly residentBytes: number | null;
  readonly arguments: string | null;
}

type Chosen = Iterable<readonly [pid: number, stat: ProcessLook]>;

/**
 * Looks closely at some processes: /proc/PID/status, since the resident set of `stat` lacks what the kernel has not yet
 * gathered from its processors, and `cmdline`. Those that have ended since are left out.
 */
export async function readCandidates(
  files: HostFiles,
  { userName, withArguments }: CandidateOptions,
  chosen: Chosen,
  pause: Pause,
  faults: Faults,
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  /** What is wrong with one is wrong with all, and said once. */
  const missing = new Map<string, Error>();
  const orNull = <T>(field: string, value: T | Error): T | null => {
    if (!(value instanceof Error)) return value;
    if (!missing.has(field)) missing.set(field, value);
    return null;
  };
  await inSlices(chosen, pause, ([pid, stat]) => {
    const text = files.procOnce(`${pid}/status`);
    if (isGone(text)) return;
    const status = text instanceof Error ? { uid: text, residentBytes: text } : parseProcessStatus(text);
    const uid = orNull('user', status.uid);
    const residentBytes = orNull('residentBytes', status.residentBytes);
    const cmdline = withArguments ? files.procOnce(`${pid}/cmdline`) : '';
    const line = cmdline instanceof Error ? cmdline : parseArguments(cmdline);
    candidates.push({
      ...stat,
      pid,
      user: uid === null ? null : (userName?.(uid) ?? String(uid)),
      // What had memory a moment ago and has none any more is about to end.
      residentBytes: residentBytes ?? (stat.residentPages === 0 ? 0 : null),
      arguments: isGone(cmdline) ? null : orNull('arguments', line),
    });
  });
  for (const [field, error] of missing) faults.keep([`byCpu.${field}`, `byMemory.${field}`, `byIo.${field}`], error);
  return candidates;
}
