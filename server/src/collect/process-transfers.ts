import type { ProcessIo } from './process-io.ts';
import type { ProcessLook, ProcessTable } from './process-table.ts';

/** What a process has moved between two looks, in bytes. */
export interface Transfer {
  readonly readBytes: number;
  /** Less what it cut off before it was sent; 0 where that was more, since others had written it, or it had before. */
  readonly writtenBytes: number;
}

/** What is known of each process at one look. */
export interface Look extends Pick<ProcessTable, 'complete'> {
  readonly byPid: ReadonlyMap<number, Seen>;
}
type Seen = Pick<ProcessLook, 'startTicks' | 'parent' | 'reapedFaults' | 'io'>;

const NOTHING: ProcessIo = { read: 0, written: 0, cancelled: 0 };

export const bytesOf = (transfer: Transfer | undefined): number =>
  transfer === undefined ? 0 : transfer.readBytes + transfer.writtenBytes;

/**
 * What each process has moved from one look to a later one; those of which that cannot be told are left out. When a process
 * waits for a child that has ended, the kernel adds all that the child ever moved to what the parent has (`wait_task_zombie`
 * in kernel/exit.c): at the end of a backup its shell would seem to write all of it within a second. What was seen of such
 * children at the earlier look is taken off again, so that they add what they moved since.
 */
export function transfersBetween(before: Look, now: Look): ReadonlyMap<number, Transfer> {
  const inherited = inheritedBetween(before, now);
  const transfers = new Map<number, Transfer>();
  for (const [pid, seen] of now.byPid) {
    const transfer = transferOf(seen, before.byPid.get(pid), inherited.get(pid), before.complete);
    if (transfer) transfers.set(pid, transfer);
  }
  return transfers;
}

function transferOf(
  now: Seen,
  before: Seen | undefined,
  inherited: ProcessIo | null | undefined,
  complete: boolean,
): Transfer | null {
  // It began since, and so did all that it waited for.
  if (before === undefined) return complete && now.io ? transferred(now.io, NOTHING, NOTHING) : null;
  // A number that was given again tells nothing of who had it before.
  if (before.startTicks !== now.startTicks || !now.io || !before.io) return null;
  // No process runs without a page fault, so whoever waited for a child has more of its children's.
  const taken = now.reapedFaults === before.reapedFaults ? NOTHING : inherited === undefined ? NOTHING : inherited;
  return taken && transferred(now.io, before.io, taken);
}

/** `null` where a counter went back: then it is not what it was, or a child was taken off that nobody waited for. */
function transferred(now: ProcessIo, before: ProcessIo, taken: ProcessIo): Transfer | null {
  const readBytes = now.read - before.read - taken.read;
  const written = now.written - before.written - taken.written;
  const cancelled = now.cancelled - before.cancelled - taken.cancelled;
  if (readBytes < 0 || written < 0 || cancelled < 0) return null;
  return { readBytes, writtenBytes: Math.max(0, written - cancelled) };
}

/** Of those that have ended since, what they had moved by the earlier look, by who got it; `null` where that is unknown. */
function inheritedBetween(before: Look, now: Look): ReadonlyMap<number, ProcessIo | null> {
  const inherited = new Map<number, ProcessIo | null>();
  const lives = (pid: number) => {
    const seen = before.byPid.get(pid);
    return seen !== undefined && now.byPid.get(pid)?.startTicks === seen.startTicks;
  };
  for (const [pid, { parent, io }] of before.byPid) {
    if (lives(pid)) continue;
    // Who is not here may merely not have been read.
    const known = now.complete ? io : null;
    const heir = lives(parent) ? parent : livingAbove(before, parent, lives);
    if (heir === null) continue;
    inherited.set(heir, plus(inherited.get(heir), known));
    // An orphan is inherited by an ancestor that takes orphans, or else by the first process.
    if (heir !== parent && heir !== FIRST && lives(FIRST)) inherited.set(FIRST, null);
  }
  return inherited;
}

/** The first process takes the orphans of all others. */
const FIRST = 1;
/** Files that were read one after another may show a ring. */
const MAX_GENERATIONS = 64;

function livingAbove(before: Look, pid: number, lives: (pid: number) => boolean): number | null {
  let above = before.byPid.get(pid)?.parent;
  for (let i = 0; i < MAX_GENERATIONS && above !== undefined; i++) {
    if (lives(above)) return above;
    above = before.byPid.get(above)?.parent;
  }
  return null;
}

function plus(sum: ProcessIo | null | undefined, more: ProcessIo | null): ProcessIo | null {
  if (sum === undefined) return more;
  if (sum === null || more === null) return null;
  return {
    read: sum.read + more.read,
    written: sum.written + more.written,
    cancelled: sum.cancelled + more.cancelled,
  };
}
