import type { ProcessStat } from './process-stat.ts';
import type { ProcessTable } from './process-table.ts';

/** What a process had used of the processors at one look. */
interface Use {
  readonly startTicks: number;
  readonly cpuTicks: number;
  /** What it used between the last looks, the longer ago the less: it tells who is busy in the long run. */
  readonly lately: number;
}

/** What all of them had used at one look. */
export interface Uses {
  readonly byPid: ReadonlyMap<number, Use>;
  /** Whether all that there were are here: then one that is not has begun later. */
  readonly complete: boolean;
}

type Now = Pick<ProcessStat, 'startTicks' | 'cpuTicks'>;

/** How much of `lately` is left at the next look: half of it after 23. */
const FADING = 0.97;

/**
 * What a process has used since an earlier look, in 1/100 s; `null` where that cannot be told. One that has begun since
 * has used all that it ever did in this time. It is another one if it began at another time: numbers are given again.
 */
export function ticksSince(before: Uses, pid: number, now: Now): number | null {
  const earlier = before.byPid.get(pid);
  if (earlier?.startTicks !== now.startTicks) return earlier || before.complete ? now.cpuTicks : null;
  return now.cpuTicks < earlier.cpuTicks ? null : now.cpuTicks - earlier.cpuTicks;
}

/** What is to be remembered of a look. */
export function usesOf({ stats, complete }: ProcessTable, before: Uses | null): Uses {
  const byPid = new Map<number, Use>();
  for (const [pid, stat] of stats) {
    const { startTicks, cpuTicks } = stat;
    const added = before && ticksSince(before, pid, stat);
    byPid.set(pid, { startTicks, cpuTicks, lately: (before?.byPid.get(pid)?.lately ?? 0) * FADING + (added ?? 0) });
  }
  return { byPid, complete };
}
