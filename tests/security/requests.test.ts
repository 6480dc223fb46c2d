import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCursor, parseDuration, parseSeries } from '@telltale/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, askRaw } from '../support/http.ts';
import { type RunningServer, startServer, startServerUnder } from '../support/server.ts';

// Requests that are made to be understood by somebody else in another way.

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const raw = (text: string, port = server.port) => askRaw(port, text);

/** Ways to say "one folder up", a slash and a name, and all of them together. */
function traversals(name: string): readonly string[] {
  const ups = [
    '..',
    '%2e%2e',
    '%252e%252e',
    '%25252e%25252e',
    '.%2e',
    '%c0%ae%c0%ae',
    '%e0%80%ae%e0%80%ae',
    '..;',
    '..%00',
    '%u002e%u002e',
  ];
  const slashes = ['/', '%2f', '%252f', '%25252f', '\\', '%5c', '%255c', '//', '%c0%af', ';/'];
  const climbs = ups.flatMap((up) => slashes.map((slash) => `/${`${up}${slash}`.repeat(6)}${name}`));
  const below = ups.flatMap((up) =>
    ['/assets/', '/embed/', '/api/', '/embed/..'].map((at) => `${at}${up}/${up}/${up}/${name}`),
  );
  const whole = [
    `//${name}`,
    `///${name}`,
    `/%2f${name}`,
    `/./${name}`,
    `/file:///${name}`,
    `/c:/${name}`,
    `/\\\\host\\${name}`,
    `/%%36%31${name}`,
  ];
  const ends = [
    '%00',
    '%00.html',
    '%20',
    '.',
    '/',
    '/.',
    '::$DATA',
    '~',
    '?',
    '#',
    ';.css',
    '%0d%0a',
    '.map',
    '.html',
    '.bak',
  ];
  const known = ['/embed.js', '/frame.css', '/sign-in', '/index.html', '/.git/config', '/package.json'];
  const odd = known
    .slice(0, 3)
    .flatMap((path) => ends.filter((end) => !'?#'.includes(end)).map((end) => `${path}${end}`));
  return [...climbs, ...below, ...whole, ...odd, ...known.slice(3)];
}

describe('S15: only what was built is served', () => {
  const CANARY = `telltale-canary-${process.pid}`;
  const hasStrace = spawnSync('strace', ['-V'], { stdio: 'ignore' }).status === 0;

  it('two hundred ways out of the folder lead nowhere, and none reaches the file system', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'telltale-strace-'));
    const trace = join(folder, 'trace');
    const options = ['-D', '-f', '-qq', '-e', 'trace=open,openat,stat,lstat,newfstatat,readlink,access', '-o', trace];
    const watched = hasStrace ? await startServerUnder(['strace', ...options]) : server;
    try {
      const paths = traversals(CANARY);
      expect(paths.length).toBeGreaterThan(180);
      for (const path of paths) {
        const text = await raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`, watched.port);
        expect({ path, status: /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] }).toEqual({
          path,
          status: expect.stringMatching(/^(404|400|403)$/),
        });
      }
    } finally {
      if (hasStrace) await watched.stop();
    }
    if (hasStrace) {
      const calls = readFileSync(trace, 'latin1');
      expect(calls.length).toBeGreaterThan(1_000);
      expect(calls.includes(CANARY)).toBe(false);
    } else console.warn('whether a request reaches the file system: SKIPPED, strace is not installed');
    rmSync(folder, { recursive: true });
    expect(existsSync(CANARY)).toBe(false);
  });
});

describe('S21: a request that can be read in two ways is not read at all', () => {
  const POST = 'POST /api/session HTTP/1.1\r\nHost: localhost\r\n';
  const SECOND = 'GET /api/host HTTP/1.1\r\nHost: localhost\r\n\r\n';

  it.each([
    ['a length and chunks', `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SECOND}`],
    ['two lengths', `${POST}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde${SECOND}`],
    ['a list of lengths', `${POST}Content-Length: 5, 6\r\n\r\nabcde${SECOND}`],
    ['a length with a sign', `${POST}Content-Length: +5\r\n\r\nabcde${SECOND}`],
    ['a length in hex', `${POST}Content-Length: 0x5\r\n\r\nabcde${SECOND}`],
    ['a coding that is not known', `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${SECOND}`],
    ['chunked that is not last', `${POST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${SECOND}`],
    ['a chunk size that is none', `${POST}Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n${SECOND}`],
    ['a chunk size beyond all numbers', `${POST}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n${SECOND}`],
    ['a folded header', `GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n c\r\n\r\n`],
    ['a space before the colon', `${POST}Content-Length : 5\r\n\r\nabcde${SECOND}`],
    ['a header without a name', `GET / HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n`],
    ['a NUL in a header', `GET / HTTP/1.1\r\nHost: localhost\r\nX-A: a\0b\r\n\r\n`],
    ['a bare CR', `GET / HTTP/1.1\r\nHost: localhost\r\nX-A: a\rb\r\n\r\n`],
    ['a version that there is not', `GET / HTTP/3.7\r\nHost: localhost\r\n\r\n`],
    ['no method', ` / HTTP/1.1\r\nHost: localhost\r\n\r\n`],
  ])('%s: 400, and the connection is closed', async (_, text) => {
    const answer = await raw(text);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    // One answer: what followed was not taken for a request of its own.
    expect(answer.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
    expect(answer).not.toContain('"kernel"');
  });

  it('methods that nobody serves change nothing and mirror nothing', async () => {
    for (const method of ['TRACE', 'PROPFIND', 'MKCOL', 'LOCK', 'SEARCH']) {
      const { status, body } = await ask(`${server.url}/api/host`, { method, headers: { 'x-canary': 'c4n4ry' } });
      expect([400, 405]).toContain(status);
      expect(body).not.toContain('c4n4ry');
    }
    expect(await raw('CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n')).not.toMatch(/^HTTP\/1\.1 2/);
    const upgraded = await raw(
      `GET /api/host HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n`,
    );
    expect(upgraded).not.toMatch(/^HTTP\/1\.1 101/);
  });
});

describe('S20: no input keeps a parser busy', () => {
  const LONG = 50_000;
  const MOST_MS = 50;
  const fills = [
    'a',
    ' ',
    ',',
    ';',
    '.',
    ':',
    '-',
    '1',
    '%',
    '*',
    '(',
    '"',
    '=',
    'a.',
    'q=',
    ', ',
    ' ;',
    '0.',
    '::',
    '::ffff:',
    'Bearer ',
  ];
  const timed = (run: () => unknown) => {
    const startedAt = performance.now();
    run();
    return performance.now() - startedAt;
  };

  it('what is read of names, times and places is read in a moment, however long it is', () => {
    for (const fill of fills) {
      const text = fill.repeat(LONG / fill.length);
      for (const [name, parse] of Object.entries({ parseSeries, parseDuration, parseCursor })) {
        const ms = Math.min(...[0, 1, 2].map(() => timed(() => parse(`${text}!`))));
        expect({ name, fill, ms: ms < MOST_MS ? 0 : ms }).toEqual({ name, fill, ms: 0 });
      }
    }
  });

  it('headers and queries as long as may be are answered in a moment', async () => {
    const headers = [
      ...[
        'accept',
        'accept-encoding',
        'authorization',
        'cookie',
        'origin',
        'last-event-id',
        'if-none-match',
        'x-forwarded-for',
      ],
      ...['access-control-request-headers', 'content-type', 'content-length', 'sec-fetch-site', 'te', 'range'],
    ];
    const slow: unknown[] = [];
    for (const name of headers) {
      for (const fill of fills) {
        const value = fill.repeat(14_000 / fill.length).trim() || 'x';
        const startedAt = performance.now();
        await ask(`${server.url}/api/history?series=cpu.usage`, { headers: { [name]: value } }).catch(() => null);
        const ms = performance.now() - startedAt;
        if (ms > 250) slow.push({ name, fill, ms });
      }
    }
    for (const name of ['series', 'from', 'to', 'points', 'metrics', 'interval', 'cursor']) {
      for (const fill of fills) {
        const startedAt = performance.now();
        await ask(`${server.url}/api/history?${name}=${encodeURIComponent(fill).repeat(10_000 / (3 * fill.length))}`);
        const ms = performance.now() - startedAt;
        if (ms > 250) slow.push({ name, fill, ms });
      }
    }
    expect(slow).toEqual([]);
  });
});
