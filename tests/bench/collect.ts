import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { SIDES, type Side, serveSamples } from './collect-sides.ts';

const WARM_UP = 3;
const ROUNDS = 5;
const SAMPLES = 10;
const SPACING_MS = 1_000;

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** Asks one side for one sample; answers its CPU time so far, child processes included. */
async function sample(child: ChildProcess): Promise<number> {
  const reply = once(child, 'message', { signal: AbortSignal.timeout(10_000) });
  child.send('sample');
  const [spentMs] = await reply;
  return spentMs as number;
}

/** Both sides a second apart, one after the other within each second, so that both see the same machine. */
async function measure(children: ReadonlyMap<Side, ChildProcess>): Promise<ReadonlyMap<Side, number>> {
  const spent = new Map<Side, number[]>(SIDES.map((side) => [side, []]));
  const startedAt = performance.now();
  for (let i = 0; i < SAMPLES; i++) {
    await sleep(Math.max(0, startedAt + (i + 1) * SPACING_MS - performance.now()));
    for (const [side, child] of children) spent.get(side)?.push(await sample(child));
  }
  // The kernel counts child processes in steps of 10 ms, so a round is told as a whole.
  return new Map([...spent].map(([side, totals]) => [side, totals.at(-1) as number]));
}

/** Prints the table. Each side runs in a process of its own, so that neither pays for the other. */
export async function bench(file: string): Promise<void> {
  if (process.platform !== 'linux') {
    console.log('collect: nothing to compare: only Linux has readers of our own');
    return;
  }
  const children = new Map(SIDES.map((side) => [side, fork(file, ['--side', side])]));
  try {
    const rounds = new Map<Side, number[]>(SIDES.map((side) => [side, []]));
    for (let i = 0; i < WARM_UP; i++) {
      await sleep(SPACING_MS);
      for (const child of children.values()) await sample(child);
    }
    let before = new Map<Side, number>();
    for (const [side, child] of children) before.set(side, await sample(child));
    console.log(`collect: ${ROUNDS} rounds of ${SAMPLES} samples, ${SPACING_MS} ms apart`);
    for (let round = 0; round < ROUNDS; round++) {
      const after = await measure(children);
      for (const side of SIDES) {
        rounds.get(side)?.push(((after.get(side) as number) - (before.get(side) as number)) / SAMPLES);
      }
      before = new Map(after);
    }
    report(rounds);
  } finally {
    for (const child of children.values()) child.disconnect();
  }
}

function report(rounds: ReadonlyMap<Side, readonly number[]>): void {
  const row = (label: string, cells: readonly string[]) =>
    console.log(`${label.padEnd(20)}${cells.map((cell) => cell.padStart(10)).join('')}`);
  console.log(`\n${os.cpus()[0]?.model} x ${os.cpus().length}, Node ${process.version}, Linux ${os.release()}`);
  console.log('CPU ms for one sample of cpu + memory + network, child processes included\n');
  row('', ['median', 'least', 'most']);
  for (const [side, values] of rounds) {
    row(
      side,
      [median(values), Math.min(...values), Math.max(...values)].map((ms) => ms.toFixed(2)),
    );
  }
  const [ours = [], theirs = []] = [...rounds.values()];
  console.log(`\nratio of the medians: ${(median(theirs) / median(ours)).toFixed(1)}`);
}

const [flag, side] = process.argv.slice(2);
if (flag === '--side') serveSamples(side as Side);
