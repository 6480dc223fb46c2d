import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { startServerUnder } from '../support/server.ts';
import { openStream } from '../support/sse.ts';

// Nothing leaves the machine: no word of who uses it, no question for a newer version, no font.

const run = promisify(execFile);
const works = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const ALONE = ['unshare', '-rn', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"'] as const;
const hasNamespaces = works(ALONE[0], ...ALONE.slice(1), 'true') && works('nsenter', '--version');
const hasStrace = works('strace', '-V');
if (!hasNamespaces) console.warn('SKIPPED: without a network: no namespace can be made here');
if (!hasStrace) console.warn('SKIPPED: connections that are begun: strace is not installed');

describe('S26: no connection is begun', () => {
  it.runIf(hasNamespaces)('it works with no network but loopback', async () => {
    const server = await startServerUnder(ALONE, '--interval', '200ms');
    try {
      const url = `${server.url}/api/stream?metrics=cpu`;
      const { stdout } = await run('nsenter', [
        `--net=/proc/${server.pid}/ns/net`,
        'curl',
        '-sN',
        '--max-time',
        '2',
        url,
      ]).catch((error: { stdout: string }) => error);
      expect(stdout.match(/^event: cpu$/gm)?.length).toBeGreaterThan(3);
    } finally {
      await server.stop();
    }
  });

  it.runIf(hasStrace)('none, from its start to its end, whatever it is asked', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'telltale-strace-'));
    const trace = join(folder, 'trace');
    const server = await startServerUnder(
      ['strace', '-D', '-f', '-qq', '-e', 'trace=connect,sendto,execve', '-o', trace],
      ...['--interval', '200ms', '--data', join(folder, 'data')],
    );
    for (const path of ['/', '/api/host', '/api/history?series=cpu.usage', '/api/catalog', '/healthz', '/embed.js']) {
      await ask(`${server.url}${path}`);
    }
    const reader = await openStream(`${server.url}/api/stream?metrics=cpu,filesystem,process,network,self`);
    await reader.waitFor(({ name }) => name === 'process');
    await reader.next(20);
    reader.close();
    await server.stop();
    const calls = readFileSync(trace, 'utf8').split('\n');
    expect(calls.filter((call) => /connect\(|sendto\(/.test(call) && /AF_INET/.test(call))).toEqual([]);
    // And no program is started, but the one that is traced.
    expect(calls.filter((call) => call.includes('execve(')).length).toBeLessThanOrEqual(1);
    rmSync(folder, { recursive: true });
  });
});
