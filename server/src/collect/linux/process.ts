import type { Clock } from '../../clock.ts';
import type { Collector } from '../collector.ts';
import { naturalOrder } from '../natural-order.ts';
import { type Candidate, type CandidateOptions, readCandidates } from '../process-candidates.ts';
import { ProcessIoReader } from '../process-io.ts';
import { type ProcessLook, type ProcessTable, readProcessTable } from '../process-table.ts';
import { bytesOf, type Transfer, transfersBetween } from '../process-transfers.ts';
import { type Lately, latelyOf, ticksSince } from '../process-use.ts';
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
  readonly table: ProcessTable;
  /** Epoch ms. */
  readonly bootAt: number | null;
  readonly candidates: readonly Candidate[];
}

/** A look, and what is known of those before it. */
interface Past {
  readonly table: ProcessTable;
  readonly lately: ReadonlyMap<number, Lately>;
}
type Transfers = ReadonlyMap<number, Transfer>;

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
 * at those who used or moved most since the one before, and at those who have for long, whom a slower pace will show.
 */
function choose(
  { table: { byPid }, lately }: Past,
  before: ProcessTable,
  transfers: Transfers,
): ReadonlyMap<number, ProcessLook> {
  return new Map([
    ...topOf(byPid, ([, look]) => look.residentPages),
    ...topOf(byPid, ([pid, look]) => ticksSince(before, pid, look)),
    ...topOf(byPid, ([pid]) => lately.get(pid)?.ticks),
    ...topOf(byPid, ([pid]) => bytesOf(transfers.get(pid))),
    ...topOf(byPid, ([pid]) => lately.get(pid)?.bytes),
  ]);
}

function readBootAt(files: HostFiles, faults: Faults): number | null {
  const text = files.proc('stat');
  const seconds = text instanceof Error ? text : numberAfter(text, 'btime ');
  const known = seconds ?? new Error('/proc/stat has no "btime" line');
  const bootSeconds = faults.keep(['byCpu.startedAt', 'byMemory.startedAt', 'byIo.startedAt'], known);
  return bootSeconds === null ? null : bootSeconds * 1_000;
}

/**
 * Source: /proc/PID/stat and io of every process, and of those that a list may show /proc/PID/status and, where it is
 * wanted, /proc/PID/cmdline. A list has no process that used no processor, has no memory or moved nothing; so the first
 * event, which knows no use, has nobody in `byCpu` and `byIo`.
 */
export function linuxProcess(files: HostFiles, options: ProcessOptions): Collector<'process', ProcessReading> {
  const { after } = options;
  const pause: Pause = async () => {
    if (after) await new Promise<void>((resume) => void after(0, resume));
  };
  const ios = new ProcessIoReader(files);
  // No number depends on it, only who is looked at closely.
  let last: Past | null = null;
  return {
    async read() {
      const faults = new Faults();
      const table = await readProcessTable(files, ios, pause, faults);
      if (table === null) return null;
      let now: Past = { table, lately: new Map() };
      // The first look knows nothing of anybody.
      let chosen = table.byPid;
      if (last) {
        const transfers = transfersBetween(last.table, table);
        now = { table, lately: latelyOf(table, last.table, transfers, last.lately) };
        chosen = choose(now, last.table, transfers);
      }
      const candidates = await readCandidates(files, options, chosen, pause, faults);
      const bootAt = readBootAt(files, faults);
      if (table.byPid.size > 0) last = now;
      return { reading: { table, bootAt, candidates }, faults: faults.list };
    },
    derive({ table, bootAt, candidates }, before, elapsedMs) {
      const transfers: Transfers = before ? transfersBetween(before.table, table) : new Map();
      const processes = candidates.map((each) => ({
        ...each,
        // A tick is 1/100 s, and of one processor 1/100 of a second is one percent.
        usage: perSecond(before && ticksSince(before.table, each.pid, each), 0, elapsedMs, 2),
        transfer: transfers.get(each.pid),
      }));
      const list = (score: (each: (typeof processes)[number]) => number | null) =>
        topOf(processes, score)
          .map(({ name, pid, startTicks, user, usage, residentBytes, transfer, state, threads: own, ...more }) => ({
            name,
            pid,
            startedAt: bootAt === null ? null : bootAt + startTicks * TICK_MS,
            user,
            usage,
            residentBytes,
            readBytesPerSecond: perSecond(transfer?.readBytes, 0, elapsedMs),
            writeBytesPerSecond: perSecond(transfer?.writtenBytes, 0, elapsedMs),
            state,
            threads: own,
            arguments: more.arguments,
          }))
          .sort((a, b) => naturalOrder(a.name, b.name) || a.pid - b.pid);
      return {
        count: table.count,
        threads: table.threads,
        byCpu: list(({ usage }) => usage),
        byMemory: list(({ residentPages }) => residentPages),
        byIo: list(({ transfer }) => bytesOf(transfer)),
      };
    },
  };
}
