import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import Database from 'libsql';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, cpuAt, recordTenSeconds, START } from '../testing/history-contract.ts';
import { PROCESSES } from './archive.ts';
import type { HistoryEngine } from './engine.ts';
import { EngineStore } from './engine-store.ts';
import { openEngine } from './open-engine.ts';
import { KEEP_ALL, type Retention } from './retention.ts';
import { openShelf } from './shelf/open-shelf.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from './shelf/schema.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const root = mkdtempSync(join(tmpdir(), 'telltale-engine-'));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
let folders = 0;
let now: number;
let told: string[];
beforeEach(() => {
  folder = join(root, String(folders++));
  now = START;
  told = [];
});

const open = (retention: Retention = KEEP_ALL) =>
  openEngine({ folder, retention, pid: 4_711, now: () => now, tell: (message) => told.push(message) });
const usage = async (engine: HistoryEngine, from = START, to = from + 10 * SECOND) =>
  (await ask(new EngineStore(engine), ['cpu.usage'], { from, to })).series['cpu.usage']?.avg;
const WHOLE = [1, 2, null, 4, 5, 6, 7, 8, 9, 10];

/** One number every ten seconds. */
function record(engine: HistoryEngine, from: number, ms: number): void {
  for (let at = from + 5 * SECOND; at <= from + ms; at += 10 * SECOND) engine.write(cpuAt(at, { usage: at % 97 }));
}

describe('a history that is opened again', () => {
  it('has all that was flushed, and goes on after it', async () => {
    const first = open();
    recordTenSeconds(new EngineStore(first));
    first.close();
    const second = open();
    expect(await usage(second)).toEqual(WHOLE);
    second.write(cpuAt(START + 10_500, { usage: 11 }));
    second.close();
    const third = open();
    expect(await usage(third, START + SECOND)).toEqual([...WHOLE.slice(1), 11]);
    // Seconds of a start are no gap worth telling.
    expect(((await ask(new EngineStore(third), ['cpu.usage'])) as { gaps?: unknown }).gaps).toEqual([]);
    third.close();
  });

  it('packs what an earlier run has left, and says since when it was down', async () => {
    const first = open();
    recordTenSeconds(new EngineStore(first));
    first.close();
    const second = open();
    second.write(cpuAt(START + 3 * HOUR, { usage: 5 }));
    second.flush();
    expect(second.report().tiers).toMatchObject([{ from: START + 500, samples: 24 }, {}, {}]);
    expect(await usage(second)).toEqual(WHOLE);
    const { gaps } = (await ask(new EngineStore(second), ['cpu.usage'], { to: START + 4 * HOUR })) as {
      gaps?: unknown;
    };
    expect(gaps).toEqual([{ from: START + 9_500, to: START + 3 * HOUR, reason: 'restart' }]);
    second.close();
  });

  it('is one process’s alone, which the second is told of', () => {
    const first = open();
    expect(() => open()).toThrow(/used by process 4711, since \d{4}-.*--data/);
    first.close();
    open().close();
  });
});

describe('the tier that is read', () => {
  it('is that of the samples while nothing reaches further back, however the clock stood when it began', async () => {
    for (const minute of [0.3, 9.7, 59.8]) {
      now = START + minute * MINUTE;
      const begin = now;
      folder = join(root, String(folders++));
      const engine = open();
      for (let at = begin; at < begin + 12 * MINUTE; at += SECOND) engine.write(cpuAt(at, { usage: 5 }));
      engine.flush();
      const asked = { from: begin - 5 * MINUTE, to: begin + 12 * MINUTE, points: 2_000 };
      const { stepMs, series } = await ask(new EngineStore(engine), ['cpu.usage'], asked);
      expect([minute, stepMs]).toEqual([minute, SECOND]);
      expect(series['cpu.usage']?.avg.filter((value) => value !== null)).toHaveLength(12 * 60);
      engine.close();
    }
  });
});

describe('the roll-ups on the shelf', () => {
  it('are exact: from minutes and hours comes what comes from the samples', async () => {
    const engine = open();
    record(engine, START + 7 * MINUTE, 5 * HOUR);
    engine.flush();
    engine.write(cpuAt(START + 6 * HOUR, { usage: 1 }));
    engine.flush();
    engine.close();
    const asked = { from: START, to: START + 6 * HOUR, points: 12, paces: { cpu: 10_000 } };
    const fromHours = open();
    const rolled = await ask(new EngineStore(fromHours), ['cpu.usage'], asked);
    fromHours.close();
    const db = new Database(join(folder, 'history.db'));
    db.exec('DELETE FROM chunk WHERE tier <> 0');
    db.close();
    const fromSamples = open();
    expect(await ask(new EngineStore(fromSamples), ['cpu.usage'], asked)).toEqual(rolled);
    expect(rolled.series['cpu.usage']?.avg.filter((value) => value !== null).length).toBeGreaterThan(9);
    fromSamples.close();
  });
});

describe('minutes of processes', () => {
  it('that a version which knew nothing of I/O has recorded are told, with nothing of it', async () => {
    const process = { name: 'x', pid: 7, startedAt: 1, user: 'me', usage: 5, residentBytes: 4_096 };
    const row = { ...process, state: 'S', threads: 1, arguments: null };
    const first = open();
    const minute = { at: START, elapsedMs: MINUTE, byCpu: [row], byMemory: [row] };
    first.write([['process', JSON.stringify({ count: 1, threads: 1, ...minute })]]);
    const untold = { ...row, readBytesPerSecond: null, writeBytesPerSecond: null };
    const told = { ...minute, byCpu: [untold], byMemory: [untold], byIo: [] };
    expect(first.processesAt(START)).toEqual(told);
    first.close();
    const shelf = openShelf(folder, 'x', () => {});
    const key = { tier: 'minute', metric: PROCESSES, first: START - HOUR, last: START - HOUR, samples: 1 } as const;
    shelf.put(key, deflateRawSync(JSON.stringify([{ ...minute, at: START - HOUR }])));
    shelf.close();
    const later = open();
    expect(later.processesAt(START)).toEqual(told);
    expect(later.processesAt(START - HOUR)).toEqual({ ...told, at: START - HOUR });
    later.close();
  });
});

describe('retention', () => {
  const KEEP_HOURS: Retention = { ageMs: { raw: 2 * HOUR, minute: DAY / 2, hour: 30 * DAY }, bytes: 2 ** 30 };

  it('removes what is older than its tier is kept, and tells the rest from the tiers that are left', async () => {
    const engine = open(KEEP_HOURS);
    record(engine, START, 26 * HOUR);
    now = START + 26 * HOUR;
    engine.flush();
    record(engine, now, HOUR);
    now += HOUR;
    for (let i = 0; i < 20; i++) engine.flush();
    const [raw, minute, hour] = engine.report().tiers;
    expect(raw?.from).toBeGreaterThan(START + 24 * HOUR);
    expect(minute?.from).toBeGreaterThan(START);
    expect(hour?.from).toBe(START + HOUR);
    const asked = { from: START, to: START + HOUR, points: 2_000, paces: { cpu: 10_000 } };
    const { stepMs, series } = await ask(new EngineStore(engine), ['cpu.usage'], asked);
    // Neither samples nor minutes are left of the first hour.
    expect(stepMs).toBe(HOUR);
    expect(series['cpu.usage']?.avg).not.toContain(null);
    engine.close();
  });

  it('stays under its bytes, the oldest samples first, and gives the space back', () => {
    const engine = open({ ...KEEP_ALL, bytes: 150_000 });
    const random = (seed: number) => Math.floor(10_000 * Math.abs((Math.sin(seed) * 43_758.5453) % 1)) / 100;
    const fields = ['usage', 'user', 'nice', 'system', 'interrupt', 'steal', 'guest', 'iowait', 'idle', 'load1'];
    for (let at = START; at < START + 12 * HOUR; at += 10 * SECOND) {
      engine.write(cpuAt(at + 500, Object.fromEntries(fields.map((name, i) => [name, random(at / 1_000 + i * 0.37)]))));
      if (at % HOUR === 0) engine.flush();
    }
    for (let i = 0; i < 20; i++) engine.flush();
    const { bytes, tiers } = engine.report();
    expect(bytes).toBeLessThan(220_000);
    expect(tiers[0]?.from).toBeGreaterThan(START + 4 * HOUR);
    expect(tiers[1]?.from).toBe(START + MINUTE);
    engine.close();
  });

  it('finds nothing too old for an hour after the clock was set, however far', () => {
    const engine = open(KEEP_HOURS);
    record(engine, START, 30 * MINUTE);
    now = START + HOUR;
    engine.flush();
    now += 12 * 365 * DAY;
    engine.write([['gap', JSON.stringify({ from: START + HOUR, to: now, reason: 'clock' })]]);
    engine.write(cpuAt(now, { usage: 1 }));
    engine.flush();
    engine.flush();
    expect(engine.report().tiers[0]?.from).toBe(START + 5 * SECOND);
    now += 1.5 * HOUR;
    engine.write(cpuAt(now, { usage: 1 }));
    engine.flush();
    engine.flush();
    expect(engine.report().tiers[0]?.from).toBeGreaterThan(START + DAY);
    engine.close();
  });
});

describe('a file that cannot be used', () => {
  it.each([
    ['text', Buffer.from('not a database, but longer than the header of one would be. '.repeat(20))],
    ['a header and nothing else', Buffer.from('SQLite format 3\0')],
    ['noise behind a header', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8_192, 0xa5)])],
  ])('is set aside when it is %s', (_, bytes) => {
    open().close();
    rmSync(join(folder, 'history.db'));
    writeFileSync(join(folder, 'history.db'), bytes);
    const engine = open();
    expect(engine.report().fault).toBeNull();
    engine.write(cpuAt(START + 500, { usage: 1 }));
    engine.close();
    expect(told.join()).toMatch(/history\.db could not be used .* set aside as history\.db\.set-aside-/);
    expect(readdirSync(folder).some((name) => name.startsWith('history.db.set-aside-'))).toBe(true);
  });

  it('is set aside when it is the database of somebody else, and stays as it was', () => {
    open().close();
    rmSync(join(folder, 'history.db'));
    const other = new Database(join(folder, 'history.db'));
    other.exec('CREATE TABLE mine(x); INSERT INTO mine VALUES (42)');
    other.close();
    open().close();
    const aside = readdirSync(folder).find((name) => /set-aside-[^.]*$/.test(name)) as string;
    const kept = new Database(join(folder, aside));
    expect(kept.prepare('SELECT x FROM mine').all()).toEqual([{ x: 42 }]);
    kept.close();
  });

  it('is refused, and left alone, when a newer version has written it', () => {
    open().close();
    const db = new Database(join(folder, 'history.db'));
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}; PRAGMA application_id = ${APPLICATION_ID}`);
    db.close();
    expect(() => open()).toThrow(/written by a newer Telltale/);
    expect(readdirSync(folder).some((name) => name.includes('set-aside'))).toBe(false);
  });

  it('does not stop the history, which is kept in memory and stored when it can be', async () => {
    writeFileSync(folder, 'a file where the folder should be');
    const engine = open();
    recordTenSeconds(new EngineStore(engine));
    engine.flush();
    expect(engine.report()).toMatchObject({ kind: 'memory', fault: expect.stringContaining('EEXIST'), safeAt: null });
    expect(await usage(engine)).toEqual(WHOLE);
    // Over ten minutes: generations wait, packed.
    record(engine, START + MINUTE, 30 * MINUTE);
    engine.flush();
    expect(engine.report().waitingBytes).toBeGreaterThan(0);
    rmSync(folder);
    engine.flush();
    expect(engine.report()).toMatchObject({ kind: 'sqlite', fault: null, waitingBytes: 0 });
    expect(await usage(engine)).toEqual(WHOLE);
    engine.close();
  });

  it('is made anew when somebody takes it away', async () => {
    const engine = open();
    recordTenSeconds(new EngineStore(engine));
    engine.flush();
    for (const name of readdirSync(folder)) if (name.startsWith('history.db')) rmSync(join(folder, name));
    engine.write(cpuAt(START + 10_500, { usage: 11 }));
    engine.flush();
    expect(existsSync(join(folder, 'history.db'))).toBe(true);
    expect(engine.report().fault).toBeNull();
    engine.close();
  });
});
