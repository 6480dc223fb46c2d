import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EngineStore, KEEP_ALL, openEngine } from '@telltale/server/history';
import { afterAll, expect, it } from 'vitest';
import { counts } from '../support/counts.ts';
import { readHistory, START, secondsOf, usageAt } from '../support/history.ts';
import { createRandom, seeds } from '../support/seed.ts';

const WRITER = fileURLToPath(new URL('../support/history-writer.js', import.meta.url));
const MINUTE = 60;
const root = mkdtempSync(join(tmpdir(), 'telltale-kill-'));
afterAll(() => rmSync(root, { recursive: true }));

interface Written {
  /** The last second that was said to be safe, and the last that may have been written. */
  readonly safe: number;
  readonly last: number;
}

/** Lets a writer go on from a second, and kills it so many ms after it first said that something is safe. */
async function writeAndKill(folder: string, first: number, stride: number, ms: number): Promise<Written> {
  const child = spawn(process.execPath, [WRITER, folder, String(first), String(stride)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const ended = new Promise((resolve) => child.once('close', resolve));
  await new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      resolve();
    });
    child.once('close', () => resolve());
  });
  await pause(ms);
  child.kill('SIGKILL');
  await ended;
  expect(output).not.toContain('failed');
  const safe = Math.max(first - 1, ...[...output.matchAll(/^safe (\d+)\n/gm)].map(([, n]) => Number(n)));
  return { safe, last: safe + stride };
}

it(`keeps all that was flushed, and invents nothing, when its writer is killed ${counts.kills} times`, async () => {
  const folder = join(root, 'killed');
  const [seed = 0] = seeds(1);
  const random = createRandom(seed);
  /** Every second up to here was found recorded, or had been lost with a killed writer. */
  let next = 1;
  const lost = new Set<number>();
  for (let i = 0; i < counts.kills; i++) {
    const stride = random.pick([7, 50, 300]);
    const { safe, last } = await writeAndKill(folder, next, stride, random.whole(0, 250));
    const engine = openEngine({
      folder,
      retention: KEEP_ALL,
      pid: 0,
      now: () => START,
      tell: (said) => expect(said).toBe(''),
    });
    const store = new EngineStore(engine);
    const found = await secondsOf(store, next, last + stride);
    found.forEach((value, index) => {
      const second = next + index;
      if (value !== null) expect(value, `seed=${seed}, second ${second}`).toBe(usageAt(second));
      else if (second <= safe) throw new Error(`seed=${seed}: second ${second} was flushed and is lost`);
    });
    const recorded = found.findLastIndex((value) => value !== null) + next;
    // A flush is kept as a whole or not at all.
    for (let second = next; second <= recorded; second++) if (found[second - next] === null) lost.add(second);
    next = Math.max(recorded, last) + 1;
    for (let second = recorded + 1; second < next; second++) lost.add(second);
    engine.close();
  }

  const engine = openEngine({ folder, retention: KEEP_ALL, pid: 0, now: () => START, tell: () => {} });
  const asked = { from: START, to: START + next * 1_000, points: 2_000 };
  const { times, stepMs, series } = await readHistory(new EngineStore(engine), ['cpu.usage'], asked);
  expect(stepMs).toBeGreaterThanOrEqual(next > 120_000 ? MINUTE * 1_000 : 1_000);
  const { avg = [], min = avg, max = avg } = series['cpu.usage'] ?? {};
  for (const [i, end] of times.entries()) {
    const values: number[] = [];
    for (let second = (end - stepMs - START) / 1_000 + 1; second <= (end - START) / 1_000; second++) {
      if (second < next && !lost.has(second)) values.push(usageAt(second));
    }
    if (values.length === 0) expect(avg[i]).toBeNull();
    else {
      expect(avg[i]).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 3);
      expect([min[i], max[i]]).toEqual([Math.min(...values), Math.max(...values)]);
    }
  }
  engine.close();
  console.log(`${counts.kills} kills, ${next} seconds, ${lost.size} not flushed`);
});
