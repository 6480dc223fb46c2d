import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Side, serveLibrary, startSides } from './collect-sides.ts';
import { childMicroseconds, cpuMicroseconds, residentBytes } from './process-cost.ts';

// What it costs to watch this machine: whole programs, side by side in one run, each in a process of its own. Ours has
// every metric but `process`, keeps ten minutes of events and serves them.

interface Plan {
  readonly warmUpSeconds: number;
  readonly rounds: number;
  readonly roundSeconds: number;
}

/** What runs ten times a second takes minutes until all of it has been compiled, and then runs for weeks. */
const FULL: Plan = { warmUpSeconds: 180, rounds: 5, roundSeconds: 20 };
const QUICK: Plan = { warmUpSeconds: 10, rounds: 1, roundSeconds: 10 };
const SPACING_MS = 1_000;

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

const spentUs = ({ pid }: Side) => cpuMicroseconds([pid]) + childMicroseconds(pid);

/** Lets so many seconds pass, in each of which every side that does not look by itself is asked once. */
async function pass(sides: readonly Side[], seconds: number): Promise<void> {
  const startedAt = performance.now();
  for (let second = 1; second <= seconds; second++) {
    // One after the other: whoever were asked at once would wait for each other.
    for (const { ask } of sides) await ask?.();
    await sleep(Math.max(0, startedAt + second * SPACING_MS - performance.now()));
  }
}

/** Prints the table. `--quick` is one short round. */
export async function bench(file: string, flags: readonly string[] = []): Promise<void> {
  if (process.platform !== 'linux') {
    console.log('collect: nothing to compare: only Linux has readers of our own');
    return;
  }
  const plan = flags.includes('--quick') ? QUICK : FULL;
  const sides = await startSides(file);
  try {
    await pass(sides, plan.warmUpSeconds);
    const rounds = new Map<Side, number[]>(sides.map((side) => [side, []]));
    for (let round = 0; round < plan.rounds; round++) {
      const before = sides.map(spentUs);
      const startedAt = performance.now();
      await pass(sides, plan.roundSeconds);
      const seconds = (performance.now() - startedAt) / 1_000;
      for (const [i, side] of sides.entries()) {
        rounds.get(side)?.push((spentUs(side) - (before[i] as number)) / 1_000 / seconds);
      }
    }
    report(rounds, plan);
  } finally {
    await Promise.all(sides.map((side) => side.stop()));
  }
}

function report(rounds: ReadonlyMap<Side, readonly number[]>, { warmUpSeconds, roundSeconds }: Plan): void {
  const row = (label: string, cells: readonly string[]) =>
    console.log(`${label.padEnd(22)}${cells.map((cell) => cell.padStart(10)).join('')}`);
  console.log(`${os.cpus()[0]?.model} x ${os.cpus().length}, Node ${process.version}, Linux ${os.release()}`);
  console.log(
    `collect: rounds of ${roundSeconds} s after ${warmUpSeconds} s; CPU ms a second, child processes included\n`,
  );
  row('', ['median', 'least', 'most', 'ratio', 'MB']);
  const [ours = []] = rounds.values();
  for (const [side, values] of rounds) {
    row(side.name, [
      ...[median(values), Math.min(...values), Math.max(...values)].map((ms) => ms.toFixed(2)),
      (median(values) / median(ours)).toFixed(2),
      (residentBytes([side.pid]) / 1_000_000).toFixed(1),
    ]);
  }
  console.log(`
ratio  to telltale at its usual pace. telltale looks at every metric but processes; 10 Hz: somebody reads
       ?interval=100ms at the same time. node_exporter is scraped once a second, as it comes and with those collectors
       alone that tell what telltale tells ("same"). systeminformation is asked for what it has of the same.
MB     resident memory of the whole program, what it shares with others counted in part (Pss).`);
}

if (process.argv[2] === '--library') serveLibrary();
