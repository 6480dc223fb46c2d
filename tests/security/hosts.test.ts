import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, askRaw } from '../support/http.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream } from '../support/sse.ts';

// Names that resolve to this machine are anybody's to make: a page under one would have an origin of its own here.

let server: RunningServer;
/** The same behind a proxy whose word counts, with a name of its own. */
let proxied: RunningServer;

beforeAll(async () => {
  server = await startServer();
  proxied = await startServer('--trusted-proxy', '127.0.0.1', '--allow-host', 'nas.example');
});
afterAll(async () => {
  await server.stop();
  await proxied.stop();
});

const PATHS = ['/', '/api/stream', '/healthz', '/embed.js', '/sign-in', '/nothing'];

/** A request as it is written; the answer ends with the connection. */
const send = (lines: readonly string[]) => askRaw(server.port, [...lines, 'Connection: close', '', ''].join('\r\n'));

describe('S2: only names that were given are served, whatever says them', () => {
  it.each([
    ...['evil.example', 'evil.example:7411', 'localhost.evil.example', '127.0.0.1.nip.io', 'localhost.', 'LOCALHOST.'],
    ...['0.0.0.0', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.0.0.2', '[::2]', '[::ffff:127.0.0.1]'],
    ...['user@localhost', 'localhost@evil.example', 'localhost%00', 'localhost,evil.example', 'localhost evil.example'],
    ...['http://localhost', 'localhost/', 'localhost:', 'localhost:80:80', '%6cocalhost', 'löcalhost', '[localhost]'],
  ])('the host %j is a 421 for every path', async (host) => {
    for (const path of PATHS) {
      const text = await send([`GET ${path} HTTP/1.1`, `Host: ${host}`]);
      expect(text).toMatch(/^HTTP\/1\.1 4(21|00) /);
      expect(text).not.toMatch(/access-control-allow/i);
    }
  });

  it.each<[string, string[]]>([
    ['no host', ['GET /api/host HTTP/1.1']],
    ['no host, as HTTP/1.0 allows', ['GET /api/host HTTP/1.0']],
    ['two hosts', ['GET /api/host HTTP/1.1', 'Host: localhost', 'Host: evil.example']],
    ['the same host twice', ['GET /api/host HTTP/1.1', 'Host: localhost', 'host: localhost']],
    ['a target with a host of its own', ['GET http://evil.example/api/host HTTP/1.1', 'Host: localhost']],
    ['a target with our host, and another', ['GET http://localhost/api/host HTTP/1.1', 'Host: evil.example']],
    ['an empty host', ['GET /api/host HTTP/1.1', 'Host:']],
    [
      'what only a trusted proxy may say',
      ['GET /api/host HTTP/1.1', 'Host: evil.example', 'X-Forwarded-Host: localhost'],
    ],
  ])('%s is refused', async (_, lines) => {
    const text = await send(lines);
    expect(text).toMatch(/HTTP\/1\.1 4(21|00) /);
    expect(text).not.toContain('"kernel"');
  });

  it('takes no place for it', async () => {
    const before = JSON.parse((await ask(`${server.url}/healthz`)).body).subscribers;
    for (const host of ['evil.example', 'localhost.']) {
      expect((await ask(`${server.url}/api/stream`, { headers: { host } })).status).toBe(421);
    }
    expect(JSON.parse((await ask(`${server.url}/healthz`)).body).subscribers).toBe(before);
  });
});

describe('S9: who asks is what a trusted proxy says, and nobody else', () => {
  const address = async (url: string, forwarded: string) => {
    const { body } = await ask(`${url}/api/session`, { headers: { 'x-forwarded-for': forwarded } });
    return JSON.parse(body);
  };

  it('a name that the proxy says has to be served too', async () => {
    const asked = (host: string) => ask(`${proxied.url}/api/host`, { headers: { 'x-forwarded-host': host } });
    expect((await asked('nas.example')).status).toBe(200);
    for (const host of ['evil.example', 'nas.example.evil', 'nas.example, evil.example']) {
      expect((await asked(host)).status).toBe(421);
    }
  });

  it('a page of the name that the visitor used is our own', async () => {
    const headers = (origin: string) => ({
      ...{ origin, 'x-forwarded-host': 'nas.example', 'x-forwarded-proto': 'https' },
    });
    expect((await ask(`${proxied.url}/api/host`, { headers: headers('https://nas.example') })).status).toBe(200);
    expect((await ask(`${proxied.url}/api/host`, { headers: headers('http://nas.example') })).status).toBe(403);
    expect((await ask(`${proxied.url}/api/host`, { headers: headers('https://evil.example') })).status).toBe(403);
  });

  it('places are counted for the visitor, by the last address that is no proxy', async () => {
    const one = await startServer('--max-subscribers-per-address', '1', '--trusted-proxy', '127.0.0.1,10.0.0.0/8');
    const plain = await startServer('--max-subscribers-per-address', '1');
    const open = (url: string, forwarded: string) =>
      openStream(`${url}/api/stream?metrics=cpu`, { 'x-forwarded-for': forwarded });
    try {
      const first = await open(one.url, '203.0.113.1, 203.0.113.9, 10.1.2.3');
      expect(first.status).toBe(200);
      // What stands left of it was written by the visitor.
      const again = await open(one.url, '198.51.100.7, 203.0.113.9');
      expect(again.status).toBe(503);
      const other = await open(one.url, '203.0.113.10');
      expect(other.status).toBe(200);
      const untrusted = [await open(plain.url, '203.0.113.1'), await open(plain.url, '203.0.113.2')];
      expect(untrusted.map(({ status }) => status)).toEqual([200, 503]);
      for (const reader of [first, again, other, ...untrusted]) reader.close();
    } finally {
      await one.stop();
      await plain.stop();
    }
    expect((await address(server.url, '203.0.113.1')).scope).toBe('admin');
  });
});
