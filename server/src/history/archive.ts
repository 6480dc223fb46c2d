import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { PackedTable, packTable, type Table } from './codec/table.ts';
import type { Generation } from './generation.ts';
import { type MinuteProcesses, withIo } from './minute-processes.ts';
import { remaindersOf } from './remainders.ts';
import { asRolledUp, COUNT, ROLLED_WIDTH, rollUp } from './roll-up.ts';
import type { Mark, Shelf } from './shelf/shelf.ts';
import { TIERS, type TierName } from './tiers.ts';

/** The minutes' processes lie in chunks of an hour, under this name. */
export const PROCESSES = 'process.top';
const PROCESSES_WINDOW_MS = 3_600_000;

/** Packs what was sampled of a metric. */
export const packRaw = (metric: string, table: Table): Buffer =>
  packTable(table, 1, remaindersOf(metric, table.columns.keys()));

/** A generation that is over, packed, on its way to the shelf. */
export interface PackedGeneration {
  readonly id: number;
  readonly tables: ReadonlyMap<string, PackedTable>;
  readonly bodies: ReadonlyMap<string, Buffer>;
  readonly processes: readonly MinuteProcesses[];
  readonly marks: readonly Mark[];
  readonly firstAt: number;
  readonly bytes: number;
}

export function packGeneration({ id, rows, processes, marks, firstAt }: Generation): PackedGeneration {
  const bodies = new Map([...rows].map(([metric, own]) => [metric, packRaw(metric, own.toTable())]));
  const tables = new Map([...bodies].map(([metric, body]) => [metric, new PackedTable(body)]));
  const bytes = [...bodies.values()].reduce((sum, { length }) => sum + length, 0);
  return { id, tables, bodies, processes, marks, firstAt, bytes };
}

/** Puts a generation on the shelf, and rolls it up into the tiers above. To be called within one transaction. */
export function archive(shelf: Shelf, { id, tables, bodies, processes, marks }: PackedGeneration): void {
  for (const [metric, packed] of tables) {
    const table = packed.unpack();
    const [first = 0, last = first] = [table.times[0], table.times.at(-1)];
    shelf.put({ tier: 'raw', metric, first, last, samples: countOf(table, 0) }, bodies.get(metric) as Buffer);
    const minutes = rollUp([asRolledUp(table)], TIERS.minute.stepMs);
    mergeInto(shelf, 'minute', metric, minutes);
    mergeInto(shelf, 'hour', metric, minutes);
  }
  mergeProcesses(shelf, processes);
  for (const mark of marks) shelf.addMark(mark);
  shelf.clearJournal(id);
}

/** The numbers that are there, of one column of each key. */
function countOf({ columns }: Table, column: number): number {
  let count = 0;
  for (const own of columns.values()) for (const value of own[column] ?? []) if (!Number.isNaN(value)) count++;
  return count;
}

const windowOf = (at: number, windowMs: number) => Math.ceil(at / windowMs) * windowMs;

/** Rows whose intervals end in one window each, in the order of time. */
function byWindow(table: Table, windowMs: number): Map<number, Table> {
  const rows = new Map<number, number[]>();
  table.times.forEach((at, row) => {
    const window = windowOf(at, windowMs);
    const own = rows.get(window) ?? [];
    own.push(row);
    rows.set(window, own);
  });
  if (rows.size === 1) return new Map([[[...rows.keys()][0] as number, table]]);
  const pick = (column: Float64Array, own: readonly number[]) => Float64Array.from(own, (row) => column[row] as number);
  const tables = [...rows].map(([window, own]): [number, Table] => {
    const columns = [...table.columns].map(([key, all]) => [key, all.map((column) => pick(column, own))] as const);
    return [window, { times: pick(table.times, own), columns: new Map(columns) }];
  });
  return new Map(tables);
}

/** Adds rows to the chunks of their windows: what was rolled up of the same interval before is joined with it. */
function mergeInto(shelf: Shelf, tier: Exclude<TierName, 'raw'>, metric: string, rows: Table): void {
  const { stepMs, windowMs } = TIERS[tier];
  for (const [window, more] of byWindow(rollUp([rows], stepMs), windowMs)) {
    const known = takeAll(shelf, tier, metric, window, windowMs).map((body) => new PackedTable(body).unpack());
    const merged = known.length === 0 ? more : rollUp([...known, more], stepMs);
    const [first = 0, last = first] = [merged.times[0], merged.times.at(-1)];
    shelf.put({ tier, metric, first, last, samples: countOf(merged, COUNT) }, packTable(merged, ROLLED_WIDTH));
  }
}

/** Takes the chunks of a window off the shelf. What is damaged stays where it is, in nobody's way, until it is too old. */
function takeAll(shelf: Shelf, tier: TierName, metric: string, window: number, windowMs: number): Buffer[] {
  return shelf.find(tier, metric, window - windowMs, window).flatMap((chunk) => {
    const body = shelf.body(chunk);
    if (body) shelf.remove(chunk.id);
    return body ? [body] : [];
  });
}

function mergeProcesses(shelf: Shelf, minutes: readonly MinuteProcesses[]): void {
  const windows = new Map<number, MinuteProcesses[]>();
  for (const minute of minutes) {
    const window = windowOf(minute.at, PROCESSES_WINDOW_MS);
    const own = windows.get(window) ?? [];
    own.push(minute);
    windows.set(window, own);
  }
  for (const [window, more] of windows) {
    const known = takeAll(shelf, 'minute', PROCESSES, window, PROCESSES_WINDOW_MS).flatMap(processesIn);
    putProcesses(shelf, [...known, ...more]);
  }
}

/** Lays minutes of one window down as one chunk. */
export function putProcesses(shelf: Shelf, minutes: readonly MinuteProcesses[]): void {
  if (minutes.length === 0) return;
  const times = minutes.map(({ at }) => at);
  const key = { first: Math.min(...times), last: Math.max(...times), samples: minutes.length };
  shelf.put({ tier: 'minute', metric: PROCESSES, ...key }, deflateRawSync(JSON.stringify(minutes)));
}

/** What a chunk of minutes holds. */
export function processesIn(body: Buffer): MinuteProcesses[] {
  return (JSON.parse(inflateRawSync(body).toString()) as MinuteProcesses[]).map(withIo);
}
