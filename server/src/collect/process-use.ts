import type { ProcessLook, ProcessTable } from './process-table.ts';
import { bytesOf, type Transfer } from './process-transfers.ts';

/** What a process used between the last looks, the longer ago the less: it tells who uses most in the long run. */
export interface Lately {
  /** Of the processors, in 1/100 s. */
  readonly ticks: number;
  /** What it moved. */
  readonly bytes: number;
}

/** How much is left of it at the next look: half of it after 23. */
const FADING = 0.97;

/**
 * What a process has used since an earlier look, in 1/100 s; `null` where that cannot be told. One that has begun since
 * has used all that it ever did in this time. It is another one if it began at another time: numbers are given again.
 */
export function ticksSince(
  before: ProcessTable,
  pid: number,
  now: Pick<ProcessLook, 'startTicks' | 'cpuTicks'>,
): number | null {
  const earlier = before.byPid.get(pid);
  if (earlier?.startTicks !== now.startTicks) return earlier || before.complete ? now.cpuTicks : null;
  return now.cpuTicks < earlier.cpuTicks ? null : now.cpuTicks - earlier.cpuTicks;
}

/** What is to be remembered when another look has been taken; of those that are still there. */
export function latelyOf(
  now: ProcessTable,
  before: ProcessTable,
  transfers: ReadonlyMap<number, Transfer>,
  known: ReadonlyMap<number, Lately>,
): ReadonlyMap<number, Lately> {
  const lately = new Map<number, Lately>();
  for (const [pid, look] of now.byPid) {
    const earlier = known.get(pid);
    const ticks = (earlier?.ticks ?? 0) * FADING + (ticksSince(before, pid, look) ?? 0);
    const bytes = (earlier?.bytes ?? 0) * FADING + bytesOf(transfers.get(pid));
    if (ticks + bytes > 0) lately.set(pid, { ticks, bytes });
  }
  return lately;
}
