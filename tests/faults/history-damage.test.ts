import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineStore, KEEP_ALL, openEngine } from '@telltale/server/history';
import type { History, HistoryColumns } from '@telltale/shared';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { counts } from '../support/counts.ts';
import { readHistory, START, tickOf, timeOf, usageAt } from '../support/history.ts';
import { type Random, seeds, withSeed } from '../support/seed.ts';

const root = mkdtempSync(join(tmpdir(), 'telltale-damage-'));
const whole = join(root, 'whole');
afterAll(() => rmSync(root, { recursive: true }));

const FILES = ['history.db', 'history.db-wal'];
/** Beyond 7 hours: chunks of two windows of minutes, and a journal that has not become chunks yet. */
const SECONDS = 26_000;
const HOURS = Math.ceil(SECONDS / 3_600);

const open = (folder: string, told: string[] = []) =>
  openEngine({ folder, retention: KEEP_ALL, pid: 0, now: () => timeOf(SECONDS), tell: (said) => told.push(said) });

beforeAll(() => {
  const engine = open(whole);
  for (let n = 1; n <= SECONDS; n++) {
    engine.write(tickOf(n));
    // A flush after each window, and some more of the journal at the end.
    if (n % 600 === 100 || (n > SECONDS - 100 && n % 10 === 0)) engine.flush();
  }
  engine.flush();
  // As a crash would leave them: the log has not been written back into the file.
  for (const name of FILES) copyFileSync(join(whole, name), join(root, name));
  engine.close();
});

function turnBits(path: string, bits: number, random: Random): void {
  const file = openSync(path, 'r+');
  const { size } = statSync(path);
  for (let i = 0; i < bits; i++) {
    const at = random.whole(0, size - 1);
    const byte = Buffer.alloc(1);
    readSync(file, byte, 0, 1, at);
    byte[0] = (byte[0] as number) ^ (1 << random.whole(0, 7));
    writeSync(file, byte, 0, 1, at);
  }
  closeSync(file);
}

/** Hurts one file, or both, in some way; answers how. */
function hurt(folder: string, random: Random): string {
  const name = random.pick(FILES);
  const path = join(folder, name);
  const { size } = statSync(path);
  if (random.chance(0.5)) {
    const bits = random.pick([1, 1, 1, 8, 100]);
    turnBits(path, bits, random);
    return `${bits} bits of ${name}`;
  }
  const length = random.chance(0.3) ? 4_096 * random.whole(0, Math.floor(size / 4_096)) : random.whole(0, size);
  truncateSync(path, length);
  return `${name} cut to ${length} of ${size}`;
}

/** Throws unless each number is one that was recorded, or an average of some that were. Answers how many there are. */
function countTrue({ times, stepMs, series }: History): number {
  const { avg, min = avg, max = avg } = series['cpu.usage'] as HistoryColumns;
  let found = 0;
  for (const [i, end] of times.entries()) {
    const value = avg[i] ?? null;
    if (value === null) continue;
    found++;
    const last = (end - START) / 1_000;
    const values = Array.from({ length: stepMs / 1_000 }, (_, n) => usageAt(last - n));
    // Of a step a part may be lost; what is left of it was recorded.
    const [least, most] = [min[i] as number, max[i] as number];
    const isTrue = values.includes(least) && values.includes(most) && value >= least && value <= most;
    if (!isTrue)
      throw new Error(`${value}, from ${least} to ${most}, was not recorded in the ${stepMs} ms up to ${end}`);
  }
  return found;
}

it(`starts whatever has happened to its files, and tells nothing wrong, ${counts.damages} times`, async () => {
  const fates = { whole: 0, part: 0, empty: 0 };
  for (const seed of seeds(counts.damages)) {
    await withSeed(seed, async (random) => {
      const folder = join(root, String(seed));
      mkdirSync(folder);
      for (const name of FILES) copyFileSync(join(root, name), join(folder, name));
      const how = hurt(folder, random);
      try {
        const told: string[] = [];
        const engine = open(folder, told);
        const store = new EngineStore(engine);
        expect(engine.report().fault, how).toBeNull();
        let found = 0;
        for (let hour = 0; hour < HOURS; hour++) {
          const from = START + hour * 3_600_000;
          const samples = await readHistory(store, ['cpu.usage'], { from, to: from + 1_999_000, points: 2_000 });
          found += countTrue(samples);
        }
        const minutes = await readHistory(store, ['cpu.usage'], { from: START, to: timeOf(SECONDS), points: 600 });
        countTrue(minutes);
        // It goes on recording, and packing.
        for (let n = SECONDS + 1; n <= SECONDS + 700; n += 50) engine.write(tickOf(n));
        engine.flush();
        expect(engine.report().fault, how).toBeNull();
        engine.close();
        const total = HOURS * 1_999;
        if (found === 0) fates.empty++;
        else if (found < total * 0.8) fates.part++;
        else fates.whole++;
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
  console.log(
    `${counts.damages} damages: ${fates.whole} lost next to nothing, ${fates.part} a part, ${fates.empty} all`,
  );
});
