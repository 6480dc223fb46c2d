import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { runTelltale, startServer } from '../support/server.ts';
import { openStream, type StreamEvent } from '../support/sse.ts';

const oneLine = /^telltale: [^\n]+\n$/;

describe('the command line', () => {
  it('explains itself and says its version', async () => {
    const help = await runTelltale('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const option of ['--host', '--port', '--interval', '--proc-root', '--max-subscribers']) {
      expect(help.stdout).toContain(option);
    }
    expect(await runTelltale('--version')).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });

  it.each([
    [['--warp']],
    [['--port', 'seven']],
    [['--port', '65536']],
    [['--interval', '3s']],
    [['--port']],
    [['serve-me']],
    [['--config', join(tmpdir(), 'there-is-no-such-file.json')]],
  ])('ends with 2 and one line for %j', async (args) => {
    const { code, stdout, stderr } = await runTelltale(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(oneLine);
  });

  it('refuses with 78 to show the machine to others without being told so', async () => {
    const { code, stderr } = await runTelltale('--host', '0.0.0.0', '--port', '0', '--data', 'none');
    expect(code).toBe(78);
    expect(stderr).toMatch(oneLine);
    expect(stderr).toContain('--insecure-no-auth');
  });

  it('ends with 69 when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => other.once('listening', resolve));
      const address = other.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const { code, stdout, stderr } = await runTelltale('--port', String(port), '--data', 'none');
      expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
      expect(stderr).toMatch(oneLine);
      expect(stderr).toContain(`port ${port}`);
    } finally {
      other.close();
    }
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('says goodbye at %s and ends with 0 within 2 s', async (signal) => {
    const server = await startServer();
    const reader = await openStream(`${server.url}/api/stream`);
    await reader.next(2);
    const askedAt = performance.now();
    const ended = server.stop(signal);
    const bye = await reader.waitFor(({ name }) => name === 'bye');
    expect(bye.data).toEqual({ reason: 'shutdown', retryMs: expect.any(Number) });
    await reader.ended;
    expect((await ended).code).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(2_000);
  });

  it('R22: lives on for a machine of which it can read nothing: null, and the reasons said', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'telltale-empty-'));
    const server = await startServer('--proc-root', empty, '--sys-root', empty);
    try {
      const fresh = await openStream(`${server.url}/api/stream`);
      const [hello] = await fresh.next(1);
      const events: StreamEvent[] = [];
      const named = ['cpu', 'memory', 'network'];
      while (events.length < 6) events.push(await fresh.waitFor(({ name }) => named.includes(name)));
      // Whoever joins is told what is missing, without asking for the past.
      const faulty = fresh.events.filter(({ name }) => name === 'fault').map(({ data }) => data.metric);
      expect(faulty).toEqual(expect.arrayContaining(named));
      expect(events.map(({ name }) => name)).toEqual([...named, ...named]);
      for (const { data } of events) {
        const { at, elapsedMs, ...values } = data;
        const numbers = Object.entries(values).filter(([, value]) => typeof value === 'number');
        expect(numbers).toEqual([]);
      }
      fresh.close();

      const everything = await openStream(`${server.url}/api/stream?cursor=${hello?.data.epoch}.0`);
      const said = new Set<string>();
      while (!named.every((name) => said.has(name))) {
        const { data } = await everything.waitFor(({ name }) => name === 'fault');
        expect(data).toMatchObject({ cleared: false, reason: expect.stringContaining(empty) });
        said.add(data.metric);
      }
      everything.close();
      // Who goes on with the stream from there hears of none of them again.
      const { faults } = JSON.parse((await ask(`${server.url}/api/snapshot`)).body);
      expect(faults.map(({ metric }: { metric: string }) => metric)).toEqual(expect.arrayContaining(named));
      const { status, body } = await ask(`${server.url}/healthz`);
      expect({ status, said: JSON.parse(body).status }).toEqual({ status: 503, said: 'failing' });
    } finally {
      await server.stop();
      await rm(empty, { recursive: true });
    }
  });
});
