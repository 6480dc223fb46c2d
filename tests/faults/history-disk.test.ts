import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { startServerUnder } from '../support/server.ts';
import { openStream } from '../support/sse.ts';

// A disk that fills up, or may not be written to any more: the live view goes on, the history says so, and is whole again
// once the cause has gone.

const folder = mkdtempSync(join(tmpdir(), 'telltale-disk-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the server where a small file system of its own is mounted, which nobody else sees and which ends with it. */
const SMALL_DISK = ['unshare', '-m', 'sh', '-c', `mount -t tmpfs -o size=1m none '${folder}' && exec "$@"`, 'sh'];

function whyNot(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root of a Linux may mount a file system';
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', folder], { stdio: 'pipe' });
    return null;
  } catch (error) {
    return `nothing can be mounted here: ${(error as Error).message.split('\n').join(' ')}`;
  }
}

const reason = whyNot();
if (reason) console.warn(`a disk in trouble: SKIPPED, ${reason}`);

/** Writes until there is no room left. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (const block of [Buffer.alloc(65_536), Buffer.alloc(1)]) {
      try {
        for (;;) writeSync(file, block);
      } catch (error) {
        expect((error as { code?: string }).code).toBe('ENOSPC');
      }
    }
  } finally {
    closeSync(file);
  }
}

describe.runIf(reason === null)('a disk in trouble', () => {
  it.each([
    {
      how: 'is full',
      said: 'full',
      hurt: (_: number, root: string) => fill(join(root, 'fill')),
      heal: (_: number, root: string) => rmSync(join(root, 'fill')),
    },
    {
      how: 'can only be read',
      said: 'read-only|readonly|EROFS|unable to open|Unable to open',
      // Over the folder: a file system with files open for writing does not let itself be made read-only by hand.
      hurt: (pid: number) =>
        void execFileSync('nsenter', [
          '-t',
          `${pid}`,
          '-m',
          'mount',
          '-t',
          'tmpfs',
          '-o',
          'ro',
          'none',
          `${folder}/data`,
        ]),
      heal: (pid: number) => void execFileSync('nsenter', ['-t', `${pid}`, '-m', 'umount', `${folder}/data`]),
    },
  ])('that $how holds up nobody, is told, and is written to again by itself', async ({ said, hurt, heal }) => {
    const server = await startServerUnder(SMALL_DISK, '--data', join(folder, 'data'), '--interval', '100ms');
    const root = `/proc/${server.pid}/root${folder}`;
    const reader = await openStream(`${server.url}/api/stream`);
    const faults = (cleared: boolean) =>
      reader.waitFor(({ name, data }) => name === 'fault' && data.metric === 'history' && data.cleared === cleared);
    const first = await reader.waitFor(({ name, data }) => name === 'cpu' && data.usage !== null);

    hurt(server.pid, root);
    expect((await faults(false)).data.reason).toMatch(new RegExp(said));
    const health = JSON.parse((await ask(`${server.url}/healthz`)).body);
    expect(health).toMatchObject({ status: 'degraded', history: { fault: expect.any(String) } });
    heal(server.pid, root);
    await faults(true);

    // And nothing of the history: it was kept in memory meanwhile.
    const seen = reader.events.filter(({ name }) => name === 'cpu').map(({ data }) => data.at as number);
    const [from, to] = [first.data.at - 1, seen.at(-1)];
    const path = `/api/history?series=cpu.usage&from=${from}&to=${to}&points=2000`;
    const { times, stepMs, series } = JSON.parse((await ask(`${server.url}${path}`)).body);
    const recorded = times.filter((_: number, i: number) => series['cpu.usage'].avg[i] !== null);
    const steps = seen.filter((at) => at > from).map((at) => Math.ceil(at / stepMs) * stepMs);
    expect(recorded).toEqual([...new Set(steps)]);
    reader.close();
    await server.stop();

    // Nothing of the live view was lost.
    const seqs = reader.events.flatMap(({ name, id }) =>
      name === 'hello' ? [] : [Number.parseInt(id.split('.')[1] ?? '', 36)],
    );
    const live = seqs.slice(seqs.indexOf(Number.parseInt(first.id.split('.')[1] ?? '', 36)));
    expect(live).toEqual(live.map((_, i) => (live[0] as number) + i));
  });
});
