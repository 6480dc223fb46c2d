import type { Clock } from '../../clock.ts';
import type { Collector } from '../collector.ts';
import { naturalOrder } from '../natural-order.ts';
import { type Candidate, type CandidateOptions, readCandidates } from '../process-candidates.ts';
import type { ProcessStat } from '../process-stat.ts';
import { readProcessTable } from '../process-table.ts';
import { ticksSince, type Uses, usesOf } from '../process-use.ts';
import { perSecond } from '../rate.ts';
import type { Pause } from '../slices.ts';
import { numberAfter } from '../text-lines.ts';
import { Faults } from './faults.ts';
import type { HostFiles } from './files.ts';

export interface ProcessOptions extends CandidateOptions {
  /** The timer with which a long look lets everything else go first. Without it a look is one piece of work. */
  readonly after?: Clock['after'] | undefined;
}

export interface ProcessReading {
  readonly count: number | null;
  readonly threads: number | null;
  /** Epoch ms. */
  readonly bootAt: number | null;
  readonly uses: Uses;
  readonly candidates: readonly Candidate[];
}

/** How many a list shows. */
const TOP = 20;
const TICK_MS = 10;

/** Those with the highest scores, of the ones that have any. */
function topOf<T>(all: Iterable<T>, score: (each: T) => number | null | undefined): T[] {
  const scored = [...all].map((each) => ({ each, score: score(each) ?? 0 })).filter((own) => own.score > 0);
  scored.sort((a, b) => b.score - a.score);
  return scored.slice(0, TOP).map(({ each }) => each);
}

/**
 * Who was busiest is known when two looks are compared, and a look does not know to which it will be. So it looks closely
 * at those who were busiest since the one before, and at those who have been for long, whom a slower pace will show.
 */
function choose(
  stats: ReadonlyMap<number, ProcessStat>,
  uses: Uses,
  before: Uses | null,
): ReadonlyMap<number, ProcessStat> {
  // The first look knows nothing of anybody.
  if (before === null) return stats;
  return new Map([
    ...topOf(stats, ([, stat]) => stat.residentPages),
    ...topOf(stats, ([pid, stat]) => ticksSince(before, pid, stat)),
    ...topOf(stats, ([pid]) => uses.byPid.get(pid)?.lately),
  ]);
}

function readBootAt(files: HostFiles, faults: Faults): number | null {
  const text = files.proc('stat');
  const seconds = text instanceof Error ? text : numberAfter(text, 'btime ');
  const known = seconds ?? new Error('/proc/stat has no "btime" line');
  const bootSeconds = faults.keep(['byCpu.startedAt', 'byMemory.startedAt'], known);
  return bootSeconds === null ? null : bootSeconds * 1_000;
}

/**
 * Source: /proc/PID/stat of every process, and of those that a list may show /proc/PID/status and, where it is wanted,
 * /proc/PID/cmdline. A list has no process that used no processor or has no memory; so the first event, which knows no
 * use, has nobody in `byCpu`.
 */
export function linuxProcess(files: HostFiles, options: ProcessOptions): Collector<'process', ProcessReading> {
  const { after } = options;
  const pause: Pause = async () => {
    if (after) await new Promise<void>((resume) => void after(0, resume));
  };
  // No number depends on it, only who is looked at closely.
  let last: Uses | null = null;
  return {
    async read() {
      const faults = new Faults();
      const table = await readProcessTable(files, pause, faults);
      if (table === null) return null;
      const { count, threads, stats } = table;
      const uses = usesOf(table, last);
      const candidates = await readCandidates(files, options, choose(stats, uses, last), pause, faults);
      const bootAt = readBootAt(files, faults);
      if (stats.size > 0) last = uses;
      return { reading: { count, threads, bootAt, uses, candidates }, faults: faults.list };
    },
    derive({ count, threads, bootAt, candidates }, before, elapsedMs) {
      const processes = candidates.map((each) => ({
        ...each,
        // A tick is 1/100 s, and of one processor 1/100 of a second is one percent.
        usage: perSecond(before && ticksSince(before.uses, each.pid, each), 0, elapsedMs, 2),
      }));
      const list = (score: (each: (typeof processes)[number]) => number | null) =>
        topOf(processes, score)
          .map(({ name, pid, startTicks, user, usage, residentBytes, state, threads: own, arguments: line }) => ({
            name,
            pid,
            startedAt: bootAt === null ? null : bootAt + startTicks * TICK_MS,
            user,
            usage,
            residentBytes,
            state,
            threads: own,
            arguments: line,
          }))
          .sort((a, b) => naturalOrder(a.name, b.name) || a.pid - b.pid);
      return {
        count,
        threads,
        byCpu: list(({ usage }) => usage),
        byMemory: list(({ residentPages }) => residentPages),
      };
    },
  };
}
