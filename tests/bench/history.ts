import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { EngineStore, type HistoryEngine, KEEP_ALL, openEngine } from '@telltale/server/history';
import { type MetricName, parseSeries, type Series } from '@telltale/shared';
import { fillTo } from './history-fill.ts';
import { readShape, type Shape, shapeNames, ticksOf } from './history-shapes.ts';

// What it costs to remember a machine: ten recorded minutes of one, idle and loaded, repeated for a day and a week; every
// series of it, through the very engine that the server runs, into a file on the disk of this machine.

const HOUR = 3_600;
const DAY = 24 * HOUR;
const START = Math.ceil(1_800_000_000_000 / 864_000_000) * 864_000_000;
/** As the server has it. */
const FLUSH_SECONDS = 5;
const ROUNDS = 25;
const GIB = 2 ** 30;

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

interface Row {
  readonly shape: string;
  readonly span: string;
  readonly series: number;
  /** Bytes a sample, by tier. */
  readonly bytes: readonly (number | null)[];
  readonly megabytes: number;
  readonly writeMs: number;
  readonly packMs: number;
  readonly residentMb: number;
  readonly queries: readonly number[];
  readonly openMs: number;
}

const open = (folder: string): HistoryEngine =>
  openEngine({ folder, retention: KEEP_ALL, pid: process.pid, now: () => START, tell: console.error });

/** CPU of all threads, in ms. */
function cpuOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function ask(store: EngineStore, series: readonly string[], from: number, to: number, points: number) {
  const query = {
    series: series.map((name) => parseSeries(name) as Series),
    from,
    to,
    points,
    paces: {} as Record<MetricName, number>,
  };
  for await (const _ of await store.query(query, 'application/json', null));
}

/** The time of a question in ms: the median of some, answered as text, after some to warm up. */
async function timeOf(question: () => Promise<void>): Promise<number> {
  for (let i = 0; i < 5; i++) await question();
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const startedAt = performance.now();
    await question();
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

async function measure(name: string, shape: Shape, span: string, seconds: number, folder: string): Promise<Row> {
  const engine = open(folder);
  let writeMs = 0;
  const packs: number[] = [];
  for (let second = 0; second < seconds; second += FLUSH_SECONDS) {
    // What the server has made already is not counted: the JSON that was sent.
    const ticks = ticksOf(shape, START, second, FLUSH_SECONDS);
    const startedAt = performance.now();
    writeMs += cpuOf(() => {
      for (const tick of ticks) engine.write(tick);
      engine.flush();
    });
    // The flush that packs ten minutes.
    if (second % 600 === 0 && second > 0) packs.push(performance.now() - startedAt);
  }
  const { tiers, bytes } = engine.report();
  const series = engine.catalogue();
  const end = START + seconds * 1_000;
  engine.close();

  const opens: number[] = [];
  for (let i = 0; i < 5; i++) {
    const startedAt = performance.now();
    const again = open(folder);
    again.report();
    opens.push(performance.now() - startedAt);
    again.close();
  }
  const reader = open(folder);
  const store = new EngineStore(reader);
  const twenty = series.filter((each) => each.startsWith('cpu.') || each.startsWith('memory.')).slice(0, 20);
  const queries = [
    await timeOf(() => ask(store, ['cpu.usage'], end - 3_600_000, end, 2_000)),
    await timeOf(() => ask(store, ['cpu.usage'], end - 3_600_000, end, 600)),
    await timeOf(() => ask(store, twenty, end - 900_000, end, 1_000)),
    await timeOf(() => ask(store, ['cpu.usage'], end - Math.min(seconds, 7 * DAY) * 1_000, end, 600)),
  ];
  reader.close();
  return {
    shape: name,
    span,
    series: series.length,
    bytes: tiers.map(({ bytesPerSample }) => bytesPerSample),
    megabytes: bytes / 1_000_000,
    writeMs: writeMs / seconds,
    packMs: median(packs),
    residentMb: process.memoryUsage.rss() / 1_000_000,
    queries,
    openMs: median(opens),
  };
}

/** Prints the table. `--quick` is two hours of each. */
export async function bench(_file: string, flags: readonly string[] = []): Promise<void> {
  const spans: readonly (readonly [string, number])[] = flags.includes('--quick')
    ? [['2 h', 2 * HOUR]]
    : [
        ['24 h', DAY],
        ['7 d', 7 * DAY],
      ];
  const folder = mkdtempSync(join(os.tmpdir(), 'telltale-bench-'));
  try {
    console.log(`${os.cpus()[0]?.model} x ${os.cpus().length}, Node ${process.version}, Linux ${os.release()}\n`);
    const row = (label: string, cells: readonly string[]) =>
      console.log(`${label.padEnd(14)}${cells.map((cell) => cell.padStart(11)).join('')}`);
    row('', [
      'series',
      'raw B',
      'minute B',
      'hour B',
      'MB',
      'ms a s',
      'pack ms',
      'RSS MB',
      '1x1h',
      '1x1h/600',
      '20x15min',
      '1x all/600',
      'open',
    ]);
    let last = '';
    // Code that is not compiled yet would be measured for what it is not.
    await measure('warm-up', readShape(shapeNames()[0] as string), '', 2 * HOUR, join(folder, 'warm-up'));
    for (const name of shapeNames()) {
      const shape = readShape(name);
      for (const [span, seconds] of spans) {
        last = join(folder, `${name} ${span}`);
        const { series, bytes, megabytes, writeMs, packMs, residentMb, queries, openMs } = await measure(
          name,
          shape,
          span,
          seconds,
          last,
        );
        row(`${name} ${span}`, [
          String(series),
          ...bytes.map((each) => each?.toFixed(3) ?? '-'),
          megabytes.toFixed(1),
          writeMs.toFixed(3),
          packMs.toFixed(0),
          residentMb.toFixed(0),
          ...[...queries, openMs].map((ms) => ms.toFixed(1)),
        ]);
      }
    }
    if (!flags.includes('--quick')) {
      fillTo(join(last, 'history.db'), GIB);
      const startedAt = performance.now();
      const engine = open(last);
      engine.report();
      console.log(
        `\nopening ${(statSync(join(last, 'history.db')).size / GIB).toFixed(2)} GiB: ${(performance.now() - startedAt).toFixed(0)} ms`,
      );
      engine.close();
    }
    console.log(`
raw B      bytes a sample as sampled, and of the tiers above for each series and step (sum, count, least, most, last)
ms a s     CPU ms of all threads for a second of samples: taking in, journal, packing, rolling up
pack ms    the flush that packs ten minutes, once in ten minutes, in a thread of its own
1x1h ...   ms for an answer as JSON: one series over an hour in full and in 600 steps, twenty over 15 minutes, one over
           all of the span in 600 steps; open: ms to open the file`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
