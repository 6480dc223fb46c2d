import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeInstance } from '@telltale/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostFiles } from '../support/host-files.ts';
import { HOSTILE_INTERFACES, HOSTILE_NAMES } from '../support/hostile-names.ts';
import { ask, askRaw } from '../support/http.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream } from '../support/sse.ts';

// Whoever may start a process or name an interface writes into what others read. On every way out a name is what it was,
// and nothing else.

let host: Awaited<ReturnType<typeof hostFiles>>;
let server: RunningServer;

beforeAll(async () => {
  host = await hostFiles(HOSTILE_INTERFACES);
  server = await startServer(
    ...host.args,
    '--interval',
    '200ms',
    '--log-level',
    'debug',
    '--host-name',
    '<b>\u202ename</b>\u001b[31m',
  );
});
afterAll(async () => {
  await server.stop();
  await host.remove();
});

const get = async (path: string, headers = {}) => ask(`${server.url}${path}`, { headers });
const sorted = (names: readonly string[]) => [...names].sort();

describe('S10, S14: hostile names are only ever text', () => {
  it('there are enough of them', () => {
    expect(HOSTILE_NAMES.length).toBeGreaterThan(60);
    expect(HOSTILE_INTERFACES.length).toBeGreaterThan(40);
  });

  it('as JSON, each is what it was', async () => {
    const { network } = JSON.parse((await get('/api/snapshot')).body).events;
    const names = network.interfaces.map(({ name }: { name: string }) => name).filter((name: string) => name !== 'lo');
    expect(sorted(names)).toEqual(sorted(HOSTILE_INTERFACES));
    expect(JSON.parse((await get('/api/host')).body).name).toBe('<b>\u202ename</b>\u001b[31m');
  });

  it('on the stream, each is what it was, and no event is forged', async () => {
    const reader = await openStream(`${server.url}/api/stream?metrics=network`);
    const { data } = await reader.waitFor(({ name }) => name === 'network');
    await reader.next(2);
    reader.close();
    const names = data.interfaces.map(({ name }: { name: string }) => name).filter((name: string) => name !== 'lo');
    expect(sorted(names)).toEqual(sorted(HOSTILE_INTERFACES));
    expect(new Set(reader.events.map(({ name }) => name))).toEqual(new Set(['hello', 'network', 'fault']));
    // Three lines and no more, whatever is in them.
    for (const block of reader.blocks()) expect(block.split(/\r\n|\r|\n/).length).toBeLessThanOrEqual(3);
  });

  it('in history, each is a series of its own, in a cell that no spreadsheet runs', async () => {
    await expect
      .poll(
        async () => JSON.parse((await get('/api/history?series=network.interfaces.rxBytes:*&from=-1m')).body).series,
      )
      .toHaveProperty([`network.interfaces.rxBytes:${encodeInstance('__proto__')}`]);
    const { body } = await get('/api/history?series=network.interfaces.rxBytes:*&from=-1m', { accept: 'text/csv' });
    const [head = ''] = body.split('\r\n');
    const cells = [...head.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted ?? plain ?? '',
    );
    expect(cells).toHaveLength(1 + HOSTILE_INTERFACES.length + 1);
    for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  });

  it('the server is what it was', async () => {
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const health = JSON.parse((await get('/healthz')).body);
    expect(health.status).not.toBe('failing');
    expect(server.stderr()).not.toMatch(/internal error|uid=/);
  });
});

describe('S18: one event, one line of the log', () => {
  it('whatever is asked, and with whatever in it', async () => {
    for (const text of HOSTILE_NAMES) {
      const bytes = text.replace(/[\r\n]/g, '').slice(0, 8_000);
      const lines = [
        `GET /${encodeURIComponent(bytes.slice(0, 1_000))} HTTP/1.1`,
        'Host: localhost',
        `X-A: ${bytes}`,
        `Last-Event-ID: ${bytes}`,
      ];
      await askRaw(server.port, [...lines, 'Connection: close', '', ''].join('\r\n')).catch(() => '');
    }
    // Names of the machine are told with its faults; this one has no end of them.
    const folder = await mkdtemp(join(tmpdir(), 'telltale-log-'));
    await mkdir(join(folder, 'a\nb\u001b[31m\u2028'), { recursive: true });
    await writeFile(join(folder, 'stat'), 'cpu \u001b[31m\nforged {"level":"error"}\n');
    const other = await startServer(
      '--proc-root',
      join(folder, 'a\nb\u001b[31m\u2028'),
      '--sys-root',
      folder,
      '--log-level',
      'debug',
    );
    await expect.poll(other.stderr).toContain('cannot be read');
    await other.stop();
    await rm(folder, { recursive: true });
    for (const log of [server.stderr(), other.stderr()]) {
      expect(log.endsWith('\n')).toBe(true);
      for (const line of log.trimEnd().split('\n')) {
        expect(() => JSON.parse(line)).not.toThrow();
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
        expect(line).not.toMatch(/[\u0000-\u001f\u007f]/);
      }
    }
  });
});
