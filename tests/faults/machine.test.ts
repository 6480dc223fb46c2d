import { execFile, execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decodeBlock } from '@telltale/shared';
import { describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { type RunningServer, startServer, startServerUnder } from '../support/server.ts';
import { openStream, type Reader, type StreamEvent } from '../support/sse.ts';

// A machine that cannot be read, or that has names which nobody would give: the stream goes on, and nothing is invented.

const HOST = fileURLToPath(new URL('../hosts/debian-vm/2', import.meta.url));
const isLinux = process.platform === 'linux';
if (!isLinux) console.warn('SKIPPED: a machine that fails is tried on Linux alone');

/** Every number at any depth, by its path. */
function numbers(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => numbers(each, `${path}.${key}`));
}

/** What an event says of the machine: all but its time, and what only time makes: rates. */
const gaugesOf = ({ data }: StreamEvent) =>
  Object.fromEntries(numbers(data).filter(([path]) => !/^\.(at|elapsedMs)$|PerSecond|usage|[Ll]atency/.test(path)));

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** One event of each, from the next tick on. */
async function nextOf(reader: Reader, names: readonly string[]): Promise<Map<string, StreamEvent>> {
  const seen = new Map<string, StreamEvent>();
  await reader.waitFor((event) => {
    if (names.includes(event.name)) seen.set(event.name, event);
    return seen.size === names.length;
  });
  return seen;
}

/** The first tick after a moment: what was sent before it may still have to be read. */
const tickAfter = (reader: Reader, moment: number) =>
  reader.waitFor(({ name, data }) => name === 'network' && data.at > moment);

// Each has a server of its own, and waits for its ticks most of the time.
describe.concurrent('files that hold something else', () => {
  const NAMES = ['cpu', 'memory', 'network'];

  it.for([
    ['nothing', ''],
    ['words', 'The quick brown fox\njumps: over 12 lazy dogs\n'],
    ['no text', Buffer.from(Array.from({ length: 512 }, (_, i) => (i * 7) % 256))],
    ['endless numbers', `${'9'.repeat(400)} `.repeat(20)],
  ] as const)(
    'such as %s become faults and null, and are forgotten within two intervals',
    async ([, garbage], { onTestFinished }) => {
      const root = await mkdtemp(join(tmpdir(), 'telltale-machine-'));
      onTestFinished(() => rm(root, { recursive: true }));
      await cp(HOST, root, { recursive: true, verbatimSymlinks: true });
      const roots = ['--proc-root', join(root, 'proc'), '--sys-root', join(root, 'sys')];
      const server = await startServer('--interval', '200ms', ...roots);
      onTestFinished(async () => void (await server.stop()));
      const reader = await openStream(`${server.url}/api/stream?metrics=${NAMES.join()}`);
      onTestFinished(() => reader.close());
      const before = await nextOf(reader, NAMES);

      const files = await filesBelow(join(root, 'proc'));
      const originals = await Promise.all(files.map((file) => readFile(file)));
      for (const file of files) await writeFile(file, garbage);
      // Ticks may fall among the writes: those after the last one count.
      const written = Date.now();
      await tickAfter(reader, written);
      const broken = await nextOf(reader, NAMES);
      for (const [name, event] of broken) {
        const told = numbers(event.data).filter(([path]) => path !== '.at' && path !== '.elapsedMs');
        expect(told, name).toEqual([]);
      }
      const faults = reader.events.filter(({ name, data }) => name === 'fault' && !data.cleared);
      for (const name of NAMES) expect(faults.some(({ data }) => data.metric === name)).toBe(true);
      expect((await fetch(`${server.url}/healthz`)).status).toBeLessThan(600);

      for (const [i, file] of files.entries()) await writeFile(file, originals[i] as Buffer);
      const restored = Date.now();
      await tickAfter(reader, restored);
      const after = await nextOf(reader, NAMES);
      for (const name of NAMES) {
        expect(gaugesOf(after.get(name) as StreamEvent)).toEqual(gaugesOf(before.get(name) as StreamEvent));
        expect((after.get(name) as StreamEvent).data.at - restored).toBeLessThan(1_000);
      }
    },
  );
});

describe.runIf(isLinux)('R12: a process that is out of descriptors', () => {
  it('goes on with what it can still read, and with all of it within two intervals of there being some again', async ({
    onTestFinished,
  }) => {
    const limited = ['sh', '-c', 'ulimit -n 64; exec "$@"', 'sh'];
    const data = await mkdtemp(join(tmpdir(), 'telltale-machine-'));
    onTestFinished(() => rm(data, { recursive: true }));
    const server = await startServerUnder(limited, '--interval', '500ms', '--data', data);
    onTestFinished(async () => void (await server.stop()));
    const reader = await openStream(`${server.url}/api/stream?metrics=cpu,memory,network,disk`);
    onTestFinished(() => reader.close());
    const { data: whole } = await reader.waitFor(({ name }) => name === 'memory');

    // More than there is room for: what cannot be accepted is dropped by the kernel or by the server.
    const crowd = await Promise.allSettled(
      Array.from({ length: 60 }, () => openStream(`${server.url}/api/stream?metrics=cpu`)),
    );
    const readers = crowd.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(readers.length).toBeLessThan(60);
    const from = Date.now();
    for (let look = 0; look < 4; look++) {
      const seen = await nextOf(reader, ['cpu', 'memory', 'network']);
      for (const [name, { data }] of seen) {
        const zeros = numbers(data).filter(([path, value]) => value === 0 && /totalBytes|availableBytes/.test(path));
        expect(
          zeros.filter(([path]) => !path.includes('swap')),
          name,
        ).toEqual([]);
      }
      const { totalBytes } = seen.get('memory')?.data ?? {};
      // All of it or nothing: never this machine's memory with a part of it missing.
      expect([null, whole.totalBytes]).toContain(totalBytes);
    }
    expect(reader.events.some(({ data }) => data.at > from)).toBe(true);

    for (const each of readers) each.close();
    await tickAfter(reader, Date.now());
    const again = await nextOf(reader, ['cpu', 'memory', 'network']);
    expect(again.get('memory')?.data.totalBytes).toBe(whole.totalBytes);
    expect(again.get('cpu')?.data.load1).toEqual(expect.any(Number));
    expect(again.get('network')?.data.interfaces.length).toBeGreaterThan(0);

    // The store had to do with what it had open, and recorded all that was seen.
    const seen = reader.events.filter(({ name, data }) => name === 'cpu' && data.usage !== null);
    const query = `series=cpu.usage&from=${seen[0]?.data.at - 1_000}&to=${again.get('cpu')?.data.at}&points=2000`;
    const { times, stepMs, series } = JSON.parse((await ask(`${server.url}/api/history?${query}`)).body);
    const recorded = times.filter((_: number, i: number) => series['cpu.usage'].avg[i] !== null);
    const steps = seen.slice(0, -1).map(({ data }) => Math.ceil(data.at / stepMs) * stepMs);
    expect(recorded).toEqual(expect.arrayContaining(steps));
  });
});

/** Two ends of each line. */
const NAMES = ['constructor', '__proto__', '$(id)', '<b>x'] as const;
const LINES = [NAMES.slice(0, 2), NAMES.slice(2)].map(
  ([one, other]) => `ip link add '${one}' type veth peer name '${other}' && ip link set '${one}' up`,
);

/** Interfaces of those names, in a namespace of their own, with its own `/sys`. */
const NAMESPACE = [
  ...['unshare', '--net', '--mount', 'sh', '-c'],
  ['mount -t sysfs sysfs /sys', 'ip link set lo up', ...LINES, 'exec "$@"'].join(' && '),
  'sh',
];

function namespaceProblem(): string | null {
  if (!isLinux) return 'only Linux has network namespaces';
  try {
    execFileSync(NAMESPACE[0] as string, [...NAMESPACE.slice(1), 'true'], { stdio: 'pipe' });
    return null;
  } catch (error) {
    return (error as Error).message.split('\n').join(' ');
  }
}

const problem = namespaceProblem();
if (problem) console.warn(`SKIPPED: interfaces with hostile names cannot be made here: ${problem}`);

describe.skipIf(problem)('R3, S10: interfaces with hostile names', () => {
  const run = promisify(execFile);

  /** What a client in the same namespace is sent in three seconds. */
  async function listen(server: RunningServer): Promise<StreamEvent[]> {
    const url = `${server.url}/api/stream?metrics=network&interval=500ms`;
    const curl = run('nsenter', [`--net=/proc/${server.pid}/ns/net`, 'curl', '-sN', '--max-time', '3', url]);
    const text = await curl.then(
      ({ stdout }) => stdout,
      (error) => String(error.stdout ?? ''),
    );
    const blocks = text.split('\n\n').slice(0, -1).map(decodeBlock);
    return blocks.flatMap(({ event = '', data, id = '' }) =>
      data === undefined ? [] : [{ name: event, id, data: JSON.parse(data), receivedAt: 0 }],
    );
  }

  it.concurrent.each(['linux', 'portable'])('are only names to the %s provider, or a fault', async (provider) => {
    const server = await startServerUnder(NAMESPACE, '--interval', '500ms', '--provider', provider);
    const events = await listen(server);
    const last = events.findLast(({ name }) => name === 'network')?.data;
    const told = (last?.interfaces ?? []).map(({ name }: { name: string }) => name);
    const faults = events.filter(({ name, data }) => name === 'fault' && data.metric === 'network');
    if (provider === 'linux') expect(told).toEqual(expect.arrayContaining([...NAMES, 'lo']));
    // Node's own list of interfaces throws at such names: then it is said, and nothing is made up.
    else expect(faults.length).toBeGreaterThan(0);
    for (const each of last?.interfaces ?? []) {
      if (provider === 'linux') expect(each.kind, each.name).toBe(each.name === 'lo' ? 'loopback' : 'virtual');
    }
    const health = await run('nsenter', [`--net=/proc/${server.pid}/ns/net`, 'curl', '-s', `${server.url}/healthz`]);
    expect(JSON.parse(health.stdout).status).toMatch(/ok|degraded/);
    expect(server.stderr()).not.toMatch(/internal error|uid=\d/);
    await server.stop();
  });
});
