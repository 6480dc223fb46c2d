import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMicroseconds, openFilesLimit, residentBytes } from './process-cost.ts';
import { type Order, type Seen, serveLoad } from './stream-load.ts';
import { type Peer, servePeer } from './stream-peers.ts';
import { type Side, type Sides, startSides } from './stream-sides.ts';

// What it costs to deliver, ours against others: one load generator, one machine, one run. Rounds are interleaved, so
// that whatever else the machine does falls on every side.

interface Plan {
  readonly sizes: readonly number[];
  readonly gzipSizes: readonly number[];
  readonly rounds: number;
  /** Of each round; so few subscribers cost so little that more ticks have to be counted. */
  readonly secondsFor: (size: number) => number;
  /** So many subscribers at once, before anything counts: enough for every way to have been compiled. */
  readonly warmUp: number;
}

const FULL: Plan = {
  sizes: [100, 1_000, 5_000],
  gzipSizes: [100, 1_000],
  rounds: 3,
  secondsFor: (size) => (size < 500 ? 10 : 3),
  warmUp: 1_000,
};
const QUICK: Plan = { sizes: [100], gzipSizes: [100], rounds: 1, secondsFor: () => 2, warmUp: 200 };
const WARM_UP_MS = 5_000;
const SETTLE_MS = 2_000;
/** So many seconds without subscribers, of which the middle one counts: once a minute one holds a look at all processes. */
const IDLE_SECONDS = 7;
/** Below this many the noise of the heap is larger than what subscribers need. */
const MEMORY_SIZE = 1_000;
/** The load generator warms all of them up at once. */
const MOST_SIDES = 7;
/** What a process has open beside its subscribers. */
const OTHER_FILES = 100;

/** One round of one side. */
interface Round extends Seen {
  readonly cpuUs: number;
  readonly subscriberBytes: number;
  readonly encoding: string | null;
  readonly quiet: boolean;
}

interface Result {
  readonly side: string;
  /** What it costs in a second without subscribers. */
  readonly idleUs: number;
  readonly size: number;
  readonly rounds: Round[];
}

type Load = (order: Order) => Promise<unknown>;

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

function startLoad(file: string): { ask: Load; stop: () => void } {
  const child: ChildProcess = fork(file, ['--load']);
  const ask: Load = async (order) => {
    const reply = once(child, 'message', { signal: AbortSignal.timeout(60_000) });
    child.send(order);
    const [{ answer, error }] = (await reply) as [{ answer?: unknown; error?: string }];
    if (error !== undefined) throw new Error(error);
    return answer;
  };
  return { ask, stop: () => child.disconnect() };
}

/** From the silence after one tick to the silence after another, so that whole ticks are counted. */
async function measure(ask: Load, side: Side, size: number, seconds: number, idleBytes: number): Promise<Round> {
  const head = (await ask({ connect: size, target: side.target })) as string;
  try {
    const quiet = (await ask({ awaitSilence: true })) as boolean;
    await ask({ count: true });
    const before = cpuMicroseconds(side.pids);
    await sleep(seconds * 1_000);
    const cpuUs = cpuMicroseconds(side.pids) - before;
    const seen = (await ask({ report: true })) as Seen;
    const subscriberBytes = (residentBytes(side.pids) - idleBytes) / size;
    const encoding = /^content-encoding: (\S+)/im.exec(head)?.[1] ?? null;
    return { ...seen, cpuUs, subscriberBytes, encoding, quiet };
  } finally {
    await ask({ close: true });
    await sleep(200);
  }
}

/** What each side costs before it ever had a subscriber; memory that was once taken is not given back. */
async function lookIdle(sides: readonly Side[]): Promise<ReadonlyMap<Side, { cpuUs: number; bytes: number }>> {
  await sleep(SETTLE_MS);
  const look = () => sides.map(({ pids }) => cpuMicroseconds(pids));
  const looks = [look()];
  for (let second = 0; second < IDLE_SECONDS; second++) {
    await sleep(1_000);
    looks.push(look());
  }
  return new Map(
    sides.map((side, i) => {
      const seconds = looks.slice(1).map((after, second) => (after[i] as number) - (looks[second]?.[i] as number));
      return [side, { cpuUs: median(seconds), bytes: residentBytes(side.pids) }] as const;
    }),
  );
}

async function warmUp(ask: Load, sides: readonly Side[], subscribers: number): Promise<void> {
  for (const { target } of sides) await ask({ connect: subscribers, target });
  await sleep(WARM_UP_MS);
  await ask({ close: true });
}

async function run(ask: Load, sides: Sides, plan: Plan): Promise<void> {
  const { ours, peers, payload } = sides;
  const gzip: Side = { ...ours, name: 'telltale, gzip', target: { ...ours.target, gzip: true } };
  const idle = await lookIdle([ours, ...peers]);
  console.log(`one tick a second: ${payload.events} events, ${Buffer.byteLength(payload.text)} bytes as one frame`);
  for (const [{ name }, { cpuUs }] of idle) {
    console.log(`${name.padEnd(22)}${(cpuUs / 1_000).toFixed(2).padStart(8)} ms CPU a second without subscribers`);
  }
  await warmUp(ask, [ours, ...peers], plan.warmUp);

  for (const size of plan.sizes) {
    const seconds = plan.secondsFor(size);
    const here = [ours, ...peers, ...(plan.gzipSizes.includes(size) ? [gzip] : [])];
    const results = here.map((side): Result => {
      return { side: side.name, idleUs: idle.get(side === gzip ? ours : side)?.cpuUs ?? 0, size, rounds: [] };
    });
    for (let round = 0; round < plan.rounds; round++) {
      for (let i = 0; i < here.length; i++) {
        // Nobody always comes first.
        const turn = (i + round) % here.length;
        const side = here[turn] as Side;
        const idleBytes = idle.get(side === gzip ? ours : side)?.bytes ?? 0;
        results[turn]?.rounds.push(await measure(ask, side, size, seconds, idleBytes));
      }
    }
    report(results, payload.events, seconds);
  }
}

const COLUMNS = [
  'us/tick',
  'us/event',
  'ratio',
  'delivery',
  'ratio',
  'p50 ms',
  'p99 ms',
  'kB each',
  'B/s each',
  'lost',
  'load CPU',
];

function report(results: readonly Result[], eventsPerTick: number, seconds: number): void {
  const row = (label: string, cells: readonly string[]) =>
    console.log(`${label.padEnd(22)}${cells.map((cell) => cell.padStart(10)).join('')}`);
  const size = results[0]?.size ?? 0;
  console.log(`\nrounds of ${seconds} s`);
  row(`${size} subscribers`, COLUMNS);
  const due = size * seconds;
  const perTick = ({ rounds }: Result) => median(rounds.map(({ cpuUs }) => cpuUs / due));
  const delivery = (result: Result) => perTick(result) - result.idleUs / size;
  const [ours] = results;
  for (const result of results) {
    const { side, rounds } = result;
    const of = (pick: (round: Round) => number, digits: number) => median(rounds.map(pick)).toFixed(digits);
    const compressed = side.endsWith('gzip');
    if (compressed && rounds[0]?.encoding !== 'gzip') {
      row(side, ['not offered']);
      continue;
    }
    const lost = rounds.reduce((sum, { deliveries }) => sum + due - deliveries, 0);
    row(side, [
      perTick(result).toFixed(2),
      (perTick(result) / eventsPerTick).toFixed(2),
      ours ? (perTick(result) / perTick(ours)).toFixed(2) : '',
      delivery(result).toFixed(2),
      ours ? (delivery(result) / delivery(ours)).toFixed(2) : '',
      ...(compressed ? ['-', '-'] : [of(({ p50Ms }) => p50Ms, 1), of(({ p99Ms }) => p99Ms, 1)]),
      // Later rounds find the garbage of those before.
      size < MEMORY_SIZE ? '-' : ((rounds[0]?.subscriberBytes ?? 0) / 1_000).toFixed(1),
      of(({ bytes }) => bytes / due, 0),
      compressed ? '-' : String(lost),
      `${of(({ cpuShare }) => cpuShare * 100, 0)} %`,
    ]);
    if (rounds.some(({ quiet }) => !quiet)) console.log(`  ${side}: a tick was not over when the next one began`);
  }
}

const SIZES = /^--sizes=(\d{1,5}(?:,\d{1,5})*)$/;

function toPlan(flags: readonly string[]): Plan {
  const unknown = flags.find((flag) => flag !== '--quick' && !SIZES.test(flag));
  if (unknown !== undefined) throw new Error(`"${unknown}" is not one of --quick, --sizes=100,1000`);
  const plan = flags.includes('--quick') ? QUICK : FULL;
  const given = flags.flatMap((flag) => SIZES.exec(flag)?.[1] ?? [])[0];
  const sizes = given === undefined ? plan.sizes : given.split(',').map(Number);
  const most = openFilesLimit() - OTHER_FILES;
  for (const size of sizes) {
    if (size > most) console.log(`${size} subscribers: left out: a process may have ${most} open here (ulimit -n)`);
  }
  return {
    ...plan,
    sizes: sizes.filter((size) => size <= most),
    warmUp: Math.min(plan.warmUp, Math.floor(most / MOST_SIDES)),
  };
}

/** Prints the tables. Flags: `--quick`, `--sizes=100,1000`. */
export async function bench(file: string, flags: readonly string[] = []): Promise<void> {
  if (process.platform !== 'linux') {
    console.log('stream: left out: what processes cost is read from /proc, which only Linux has');
    return;
  }
  const plan = toPlan(flags);
  const cpus = os.cpus();
  console.log(`${cpus[0]?.model} x ${cpus.length}, Node ${process.version}, Linux ${os.release()}, loopback`);
  console.log(`stream: medians of ${plan.rounds} rounds, interleaved, after a warm-up`);
  const load = startLoad(file);
  const sides = await startSides(file, Math.max(...plan.sizes, plan.warmUp) + OTHER_FILES);
  try {
    await run(load.ask, sides, plan);
    explain();
  } finally {
    load.stop();
    await sides.stop();
  }
}

function explain(): void {
  console.log(`
us/tick   CPU of all processes of that server for one tick to one subscriber, without the load generator's. telltale's
          holds the sampling as well. The others send the same events, one call for each as they are documented, or, as
          "one frame", "batch" and "one message", all of a tick made ready once. ratio: to telltale.
delivery  The same without what that server costs when nobody listens, which for telltale is the sampling.
p50, p99  from the time in the last event of a tick, which is when it was sampled or sent, until a subscriber has it.
          They hold the load generator's own queue: subscribers are looked at one after another.
kB each   resident memory for one subscriber, beyond what the server had before the first; too noisy for a few.
          B/s each: bytes on the wire, framing included.
load CPU  of one processor, by the load generator; it is the bottleneck where this is near 100 %.`);
}

const [flag, name] = process.argv.slice(2);
if (flag === '--serve') servePeer(name as Peer);
else if (flag === '--load') serveLoad();
