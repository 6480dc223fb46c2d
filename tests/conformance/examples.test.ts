import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ByeReason, decodeBlock, type GapReason, parseEvent } from '@telltale/shared';
import { afterEach, describe, expect, it } from 'vitest';
import { filledPage, PROTOCOL_PAGE } from '../support/protocol-page.ts';
import { type RunningServer, startServer } from '../support/server.ts';

// The page that others write their readers by: what it shows is what is sent, and its examples run.

/** Metrics that every machine has and that come with every tick. */
const EVERY_TICK = ['cpu', 'memory', 'network'];

describe('PROTOCOL.md', () => {
  const page = readFileSync(PROTOCOL_PAGE, 'utf8');
  const fences = [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, text = '']) => ({
    language,
    text,
  }));
  const blocks = fences.filter(({ language }) => language === '').map(({ text }) => decodeBlock(text));
  const events = blocks.filter(({ data }) => data !== undefined);

  // After a change of a metric or an example: npx vitest run --project servers examples -u
  it('shows the examples as they run, and every field as it is declared', async () => {
    await expect(filledPage(page)).toMatchFileSnapshot(PROTOCOL_PAGE);
  });

  it('shows events that have the shape of the contract, nothing added and nothing left out', () => {
    for (const { event = '', data = '' } of events) {
      expect(parseEvent(event, data)).toEqual({ name: event, data: JSON.parse(data) });
    }
    expect(new Set(events.map(({ event }) => event))).toEqual(
      new Set(['hello', 'heartbeat', 'gap', 'fault', 'bye', 'cpu']),
    );
  });

  it('names every reason for a gap and a goodbye', () => {
    const gaps: Record<GapReason, 0> = { evicted: 0, restart: 0, slow: 0, suspend: 0, clock: 0, idle: 0, unknown: 0 };
    const byes: Record<ByeReason, 0> = { shutdown: 0, revoked: 0, slow: 0, rotate: 0 };
    const section = (name: string) => page.split(`\n### \`${name}\`\n`)[1]?.split(/\n##+ /)[0] ?? '';
    const reasons = (name: string) => [...section(name).matchAll(/^\| `(\w+)` +\|/gm)].map(([, reason]) => reason);
    expect(reasons('gap')).toEqual(Object.keys(gaps));
    expect(reasons('bye')).toEqual(Object.keys(byes));
  });
});

const example = (name: string) => fileURLToPath(new URL(`../examples/${name}`, import.meta.url));
// The shell and process groups of POSIX are needed beside the program itself.
const has = (program: string) =>
  process.platform !== 'win32' && spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

interface Run {
  /** Everything it has printed so far, line by line. */
  readonly lines: () => readonly string[];
  readonly complaints: () => string;
  stop(): Promise<void>;
}

const runs = new Set<Run>();

/** Starts an example in a process group of its own: a shell leaves its children behind. */
function run(command: string, ...args: string[]): Run {
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  }
  const closed = once(child, 'close');
  const self: Run = {
    lines: () => said.stdout.split('\n').slice(0, -1),
    complaints: () => said.stderr,
    stop: async () => {
      if (!runs.delete(self)) return;
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await closed;
    },
  };
  runs.add(self);
  return self;
}

const soon = { timeout: 15_000, interval: 50 };
const seqOf = (id: string) => Number.parseInt(id.split('.')[1] ?? '', 36);

describe('the examples', () => {
  let server: RunningServer | null = null;

  afterEach(async () => {
    for (const each of runs) await each.stop();
    await server?.stop();
    server = null;
  });

  const python = has('python3') ? 'read.py' : 'SKIPPED, since there is no python3 here: read.py';
  it.runIf(has('python3'))(
    `${python} reads on across a restart, says one gap for it, and repeats nothing`,
    async () => {
      server = await startServer();
      const { port } = server;
      const reader = run('python3', example('read.py'), `${server.url}/api/stream`);
      const linesOf = (name: string) => reader.lines().filter((line) => line.startsWith(`${name} `));
      await expect.poll(() => linesOf('cpu').length, soon).toBeGreaterThan(2);

      await server.kill();
      const before = linesOf('cpu').length;
      server = await startServer('--port', String(port));
      await expect.poll(() => linesOf('cpu').length, soon).toBeGreaterThan(before + 2);
      expect(linesOf('gap')).toEqual([expect.stringMatching(/^gap restart /)]);

      // A goodbye is no loss either: what is said of it is when it will be back.
      await server.stop();
      await expect.poll(() => reader.complaints(), soon).toMatch(/the stream ended; again in \d/);
      const times = linesOf('cpu').map((line) => Number(line.split(' ')[1]));
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    },
  );

  it.runIf(has('python3'))(`${python} gives up where asking again would not help`, async () => {
    server = await startServer();
    const reader = run('python3', example('read.py'), `${server.url}/api/stream?metrics=warp`);
    await expect.poll(() => reader.complaints(), soon).toMatch(/^metric "warp" is not one of /);
  });

  const shell = has('curl') ? 'read.sh' : 'SKIPPED, since there is no curl here: read.sh';
  it.runIf(has('curl'))(`${shell} goes on where the run before it ended`, async () => {
    server = await startServer();
    const folder = await mkdtemp(join(tmpdir(), 'telltale-example-'));
    const kept = join(folder, 'position');
    const position = async () => (await readFile(kept, 'utf8')).trim();
    const url = `${server.url}/api/stream`;
    try {
      const first = run(example('read.sh'), url, kept);
      await expect.poll(() => first.lines().length, soon).toBeGreaterThan(6);
      // Between two ticks: one that is stopped between dealing with an event and noting it deals with it again.
      await expect.poll(async () => (await position()) === (await newest(url)), soon).toBe(true);
      await first.stop();
      const cursor = await position();
      await expect.poll(async () => seqOf(await newest(url)), soon).toBeGreaterThan(seqOf(cursor) + 3);

      const second = run(example('read.sh'), url, kept);
      await expect.poll(() => second.lines().length, soon).toBeGreaterThan(6);
      const [hello = '', ...events] = second.lines();
      expect(hello).toMatch(/^hello .*"resumed":true/);
      expect(events.map((line) => line.split(' ')[0])).not.toContain('gap');
      const seen = [...first.lines(), ...events].filter((line) =>
        EVERY_TICK.some((name) => line.startsWith(`${name} `)),
      );
      expect(new Set(seen).size).toBe(seen.length);
      const perMetric = EVERY_TICK.map((name) => seen.filter((line) => line.startsWith(`${name} `)).length);
      expect(Math.max(...perMetric) - Math.min(...perMetric)).toBeLessThan(2);
    } finally {
      for (const each of runs) await each.stop();
      await rm(folder, { recursive: true });
    }
  });
});

/** The newest position of the log. */
async function newest(url: string): Promise<string> {
  const response = await fetch(new URL('/api/snapshot', url));
  return ((await response.json()) as { cursor: string }).cursor;
}
