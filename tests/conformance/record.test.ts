import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, watch, writeFile } from 'node:fs/promises';
import { cpus, hostname, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { type Ended, runTelltale, startServer } from '../support/server.ts';

// `telltale record` on the machine that runs the tests.

const isLinux = process.platform === 'linux';
if (!isLinux) console.warn('SKIPPED: only Linux has the files that are recorded');

const TELLTALE = fileURLToPath(new URL('../../server/bin/telltale.js', import.meta.url));
const PROCESS = 'QuiteSecret';
const ARGUMENT = '--hush=VerySecret';

/** Every path, text and link of a tree. */
function* everythingIn(place: string): Generator<string> {
  for (const entry of readdirSync(place, { withFileTypes: true })) {
    const path = join(place, entry.name);
    yield entry.name;
    if (entry.isSymbolicLink()) yield readlinkSync(path);
    else if (entry.isDirectory()) yield* everythingIn(path);
    else yield readFileSync(path, 'utf8');
  }
}

/** Names of interfaces that say nothing of whose they are. */
const KERNEL_NAME = /^(?:lo$|eth\d|en[ops]\d|wl[ops]\d|docker\d|veth)/;

describe.runIf(isLinux)('telltale record', () => {
  let folder: string;
  let secretive: ChildProcess;
  const runs = new Map<string, Ended>();
  const recordingOf = (name: string) => JSON.parse(readFileSync(join(folder, name, 'recording.json'), 'utf8'));
  const meminfo = readFileSync('/proc/meminfo', 'utf8');
  /** Those that were there all the time. */
  let interfaces = Object.keys(networkInterfaces());

  /** What a server shows of a recording: the newest event of each metric. */
  async function replay(name: string) {
    const place = (root: string) => join(folder, name, '2', root);
    const server = await startServer('--proc-root', place('proc'), '--sys-root', place('sys'));
    try {
      return JSON.parse((await ask(`${server.url}/api/snapshot`)).body).events;
    } finally {
      await server.stop();
    }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'telltale-record-'));
    const script = `process.title = '${PROCESS}'; console.log('ready'); setInterval(() => {}, 60_000)`;
    secretive = spawn(process.execPath, ['-e', script, '--', ARGUMENT], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(secretive.stdout as NonNullable<typeof secretive.stdout>, 'data');
    const record = async (name: string, ...options: string[]) =>
      runs.set(name, await runTelltale('record', join(folder, name), '--seconds', '1', ...options));
    await record('plain');
    await record('anonymous', '--anonymous', '--process-arguments');
    const still = new Set(Object.keys(networkInterfaces()));
    interfaces = interfaces.filter((name) => still.has(name));
  });
  afterAll(async () => {
    secretive.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  it('says in one line where the recording is', () => {
    const line = new RegExp(`^recorded \\d+ files, \\d+ bytes, in ${join(folder, 'plain')}\n$`);
    expect(runs.get('plain')).toEqual({ code: 0, stdout: expect.stringMatching(line), stderr: '' });
    expect(readdirSync(join(folder, 'plain')).sort()).toEqual(['1', '2', 'README.md', 'recording.json']);
  });

  it('measures how long it took from one look to the other', () => {
    const { elapsedMs, kernel, telltale } = recordingOf('plain');
    expect(elapsedMs).toBeGreaterThanOrEqual(1_000);
    expect(elapsedMs).toBeLessThan(10_000);
    expect(kernel).toBe(readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim());
    expect(telltale).toBe('0.1.0');
  });

  it.each(['plain', 'anonymous'])('makes a recording, %s, that shows this machine', async (name) => {
    const { cpu, memory, network } = await replay(name);
    expect(memory.totalBytes).toBe(Number(/^MemTotal: +(\d+) kB$/m.exec(meminfo)?.[1]) * 1024);
    expect(cpu.cores).toHaveLength(cpus().length);
    const names = network.interfaces.map((each: { name: string }) => each.name);
    expect(names).toEqual(
      expect.arrayContaining(interfaces.filter((each) => name === 'plain' || KERNEL_NAME.test(each))),
    );
  });

  it('has the names of processes, and their command lines only when asked', () => {
    const all = [...everythingIn(join(folder, 'plain'))].join('\n');
    expect(all).toContain(`(${PROCESS})`);
    expect(all).not.toContain(ARGUMENT);
  });

  it('has no name of this machine in an anonymous recording', () => {
    const all = [...everythingIn(join(folder, 'anonymous'))];
    const parts = new Set(all.flatMap((text) => text.split(/[\s/:()=,"]+/)));
    const names = [hostname(), PROCESS, 'VerySecret', ...interfaces.filter((name) => !KERNEL_NAME.test(name))];
    expect(names.filter((name) => parts.has(name))).toEqual([]);
    expect(
      recordingOf('anonymous').unreadable.filter(({ reason }: { reason: string }) => /left out/.test(reason)),
    ).toEqual([]);
  });

  it('writes nothing into a folder that holds something', async () => {
    const full = await mkdtemp(join(folder, 'full-'));
    await writeFile(join(full, 'mine'), 'precious');
    const { code, stdout, stderr } = await runTelltale('record', full, '--seconds', '1');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^telltale: [^\n]+ is not empty[^\n]+\n$/);
    expect([...everythingIn(full)]).toEqual(['mine', 'precious']);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves nothing behind at %s', async (signal) => {
    const half = join(folder, `half-${signal}`);
    const stop = new AbortController();
    const made = (async () => {
      for await (const { filename } of watch(folder, { signal: stop.signal }))
        if (filename === `half-${signal}`) return;
    })();
    const child = spawn(process.execPath, [TELLTALE, 'record', half, '--seconds', '60'], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    try {
      await Promise.race([made, ended.then(([code]) => Promise.reject(new Error(`ended with ${code}`)))]);
      child.kill(signal);
      expect(await ended).toEqual([0, null]);
      expect(existsSync(half)).toBe(false);
    } finally {
      stop.abort();
      child.kill('SIGKILL');
    }
  });
});
