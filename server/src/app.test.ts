import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import type { Catalog, Host, Pace } from '@telltale/shared';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from './app.ts';
import type { Asset } from './assets.ts';
import type { Env } from './env.ts';
import { ACCESS } from './guard/access.ts';
import type { Mode } from './guard/admit.ts';
import type { Health } from './health.ts';
import { EngineStore } from './history/engine-store.ts';
import { openEngine } from './history/open-engine.ts';
import { processesRoute } from './history/processes-route.ts';
import { KEEP_ALL } from './history/retention.ts';
import { historyRoute } from './history/route.ts';
import { createLogger } from './logger.ts';
import { type Listener, listen } from './server.ts';
import { Admission } from './stream/admission.ts';
import { Broadcast } from './stream/broadcast.ts';
import { EventLog } from './stream/event-log.ts';
import { streamRoute } from './stream/route.ts';
import { openDoors } from './testing/doors.ts';
import { FakeClock } from './testing/fake-clock.ts';

const PAGE: Asset = {
  bytes: Buffer.from('<!doctype html>'),
  type: 'text/html; charset=utf-8',
  etag: '"x"',
  immutable: false,
  forEverybody: false,
  gzip: Buffer.from(''),
};
const FRIEND = 'https://friend.example';
const EVENT_STREAM = { accept: 'text/event-stream' };

const clock = new FakeClock();
const log = new EventLog({ epoch: 'e' });
const store = new EngineStore(
  openEngine({ folder: null, retention: KEEP_ALL, pid: 1, now: () => clock.now(), tell: () => {} }),
);
const broadcast = new Broadcast({
  log,
  clock,
  random: () => 0,
  version: '0.0.0',
  host: () => ({ id: null, name: null }),
  hold: () => () => {},
  kernelSockets: () => new Map(),
});
const logged: string[] = [];
const paceOf = (): Pace => 1_000;

function build(origins: readonly string[], basePath: string, mode: Mode) {
  const { guard, admission, presence, connections } = openDoors({ clock, origins, basePath, mode });
  const app = createApp({
    basePath,
    guard,
    admission,
    assets: new Map([['', PAGE]]),
    logger: createLogger('debug', (line) => logged.push(line), clock.now.bind(clock)),
    stream: streamRoute({
      broadcast,
      admission: new Admission({ total: 2, perAddress: 1 }),
      paceOf,
      inodeOf: () => null,
      enter: (...who) => presence.enter(...who),
    }),
    history: historyRoute({ store, clock, ownPace: paceOf, cursor: () => 'e.0' }),
    processes: processesRoute({ store, clock }),
    snapshot: () => '{"cursor":"e.0","events":{}}',
    host: () => ({ name: 'x' }) as Host,
    catalog: (): Catalog => {
      throw new Error('a path that nobody should see: /root/secret');
    },
    health: () => ({ status: 'failing' }) as Health,
  });
  return { app, connections };
}

function start(origins: readonly string[] = [], basePath = '/', mode: Mode = 'open'): Promise<Listener> {
  const { app, connections } = build(origins, basePath, mode);
  return listen(app, { host: '127.0.0.1', port: 0, clock, connections, tls: null });
}

const servers: Listener[] = [];
let closed: number;
let open: number;
let below: number;
/** Where a token is asked for. */
let locked: number;

beforeAll(async () => {
  servers.push(await start(), await start([FRIEND]), await start([], '/tell/'), await start([], '/', 'tokens'));
  [closed = 0, open = 0, below = 0, locked = 0] = servers.map(({ port }) => port);
});
afterAll(() => {
  for (const server of servers) {
    server.close(() => {});
    server.cut();
  }
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function ask(path: string, headers: Record<string, string> = {}, method = 'GET', port = closed): Promise<Answer> {
  const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false });
  asked.end();
  const [answer] = await once(asked, 'response');
  let body = '';
  for await (const chunk of answer.setEncoding('utf8')) body += chunk;
  return { status: answer.statusCode, headers: answer.headers, body };
}

/** Sends bytes as they are, and answers with the status line. */
async function raw(text: string, port = closed): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(text);
  let answer = '';
  for await (const chunk of socket.setEncoding('utf8')) answer += chunk;
  return answer.split('\r\n')[0] ?? '';
}

function expectProblem({ status, headers, body }: Answer, expected: number, part = ''): void {
  expect(status).toBe(expected);
  expect(headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(body)).toMatchObject({ status: expected, title: expect.any(String), detail: expect.any(String) });
  expect(body).toContain(part);
}

describe('the guard', () => {
  it.each(['localhost', 'LOCALHOST:80', '127.0.0.1', '[::1]:7411', 'nas.local'])('serves the host %s', async (host) => {
    expect((await ask('/', { host })).status).toBe(200);
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'nas', '0.0.0.0', '[::2]'])(
    'does not answer to the host %j',
    async (host) => expectProblem(await ask('/api/host', { host }), 421, '--allow-host'),
  );

  it.each([
    ['two hosts', 'GET /api/host HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n'],
    [
      'the same host twice',
      'GET /api/host HTTP/1.1\r\nHost: localhost\r\nhost: localhost\r\nConnection: close\r\n\r\n',
    ],
    [
      'a target with a host of its own',
      'GET http://evil.example/api/host HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    ],
    [
      'a target with our host',
      'GET http://localhost/api/host HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    ],
    ['an empty host', 'GET /api/host HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n'],
    ['two names in one header', 'GET /api/host HTTP/1.1\r\nHost: localhost, evil.example\r\nConnection: close\r\n\r\n'],
    ['a name and a password', 'GET /api/host HTTP/1.1\r\nHost: evil@localhost\r\nConnection: close\r\n\r\n'],
    ['no host, as HTTP/1.0 may', 'GET /api/host HTTP/1.0\r\n\r\n'],
    ['a target that is no path', 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
  ])('does not answer a request with %s', async (_, text) => {
    // Some of these are refused by Node before they get here.
    expect(await raw(text)).toMatch(/^HTTP\/1\.1 4(21|00) /);
  });

  it.each<[string, Record<string, string>]>([
    ['a page of another origin', { origin: 'https://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['a page at another port of this host', { origin: 'http://localhost:1' }],
    ['an image on another site', { 'sec-fetch-site': 'cross-site' }],
    ['another subdomain', { 'sec-fetch-site': 'same-site' }],
  ])('gives no data to %s', async (_, headers) => {
    for (const path of ['/api/host', '/api/stream', '/api/history', '/api/processes', '/api/nothing']) {
      const answer = await ask(path, headers);
      expectProblem(answer, 403, '--allow-origin');
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await ask('/', headers)).status).toBe(200);
  });

  it('gives data to its own page', async () => {
    const own = { host: `localhost:${closed}`, origin: `http://localhost:${closed}`, 'sec-fetch-site': 'same-origin' };
    expect((await ask('/api/host', own)).status).toBe(200);
    expect((await ask('/api/host', { 'sec-fetch-site': 'none' })).status).toBe(200);
  });

  it('gives data to an origin that was allowed, and says that answers differ by origin', async () => {
    const headers = { origin: FRIEND, 'sec-fetch-site': 'cross-site' };
    const answer = await ask('/api/host', headers, 'GET', open);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': FRIEND,
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'Origin',
    });
    expect((await ask('/api/host', {}, 'GET', open)).headers).toMatchObject({ vary: 'Origin' });
    expectProblem(await ask('/api/host', { origin: `${FRIEND}.evil` }, 'GET', open), 403);
    const stream = await ask('/api/stream', { ...headers, ...EVENT_STREAM }, 'HEAD', open);
    expect(stream.headers).toMatchObject({ 'access-control-allow-origin': FRIEND, vary: 'Origin, Accept-Encoding' });
  });

  it('lets an allowed origin read why it was refused', async () => {
    const answer = await ask('/api/host?x=1', { origin: FRIEND }, 'GET', open);
    expectProblem(answer, 400);
    expect(answer.headers['access-control-allow-origin']).toBe(FRIEND);
  });

  it('puts the page under a policy that lets it load nothing of others', async () => {
    const { headers } = await ask('/');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });
});

describe('the routes', () => {
  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('answer %s with 405 and what is allowed', async (method) => {
    for (const path of ['/', '/api/stream', '/api/history', '/api/processes', '/api/snapshot', '/healthz']) {
      const answer = await ask(path, {}, method);
      expectProblem(answer, 405);
      expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS');
    }
  });

  it.each([
    '/nothing',
    '/api',
    '/api/',
    '/api/stream/',
    '/index.html',
    '/../etc/passwd',
    '/%2e%2e/etc/passwd',
    '//',
    '/API/host',
  ])('have nothing at %s, and say where the dashboard is', async (path) =>
    expectProblem(await ask(path), 404, 'the dashboard is at /'),
  );

  it.each([
    ['/api/stream?metric=cpu', 'allowed: metrics, interval, cursor'],
    ['/api/stream?metrics=disks', 'is not one of cpu'],
    ['/api/stream?interval=3s', 'is not one of 100ms'],
    ['/api/stream?metrics=cpu&metrics=memory', 'may be given once'],
    ['/api/history?serie=cpu.usage', 'allowed: series, from, to, points'],
    ['/api/history', 'series is needed'],
    ['/api/host?x', 'there are none here'],
    ['/api/snapshot?__proto__=1', 'unknown query parameter'],
    ['/healthz?verbose=1', 'unknown query parameter'],
  ])('refuse %s with what is allowed', async (path, part) => expectProblem(await ask(path), 400, part));

  it('S19: say nothing of what went wrong inside but to the log', async () => {
    const answer = await ask('/api/catalog');
    expectProblem(answer, 500);
    expect(answer.body).not.toContain('secret');
    expect(logged.join('')).toContain('secret');
  });

  it('answer with 503 when nothing fresh was seen', async () => {
    expect((await ask('/healthz')).status).toBe(503);
  });

  it('offer history as JSON, CSV and NDJSON, and nothing else', async () => {
    const path = '/api/history?series=cpu.usage';
    for (const type of ['application/json', 'text/csv', 'application/x-ndjson']) {
      const { status, headers } = await ask(path, { accept: type });
      expect([status, headers['content-type']?.split(';')[0]]).toEqual([200, type]);
    }
    expectProblem(await ask(path, { accept: 'image/png' }), 406, 'text/csv');
  });

  it('lie below the base path', async () => {
    expect((await ask('/tell/', {}, 'GET', below)).status).toBe(200);
    expect((await ask('/tell/api/host', {}, 'GET', below)).status).toBe(200);
    expect(await ask('/tell', {}, 'GET', below)).toMatchObject({ status: 308, headers: { location: '/tell/' } });
    expectProblem(await ask('/api/host', {}, 'GET', below), 404, '/tell/');
    expectProblem(await ask('/tell/api/host', { origin: 'https://evil.example' }, 'GET', below), 403);
  });
});

describe('S25: every route', () => {
  const { app } = build([], '/', 'tokens');
  const paths = [...new Set(app.routes.map(({ path }) => path))].filter((path) => path !== '/*');
  const rowOf = (path: string) =>
    ACCESS.get(path.slice(1)) ?? ACCESS.get(path.startsWith('/embed/') ? 'embed/:element' : 'none');

  it.each(paths)('has a row that says who may have it, and keeps to it: %s', async (path) => {
    const row = rowOf(path);
    if (!row) throw new Error(`${path} has none`);
    const { status } = await ask(path, {}, row.methods.includes('GET') ? 'GET' : 'POST', locked);
    if (row.credentials === 'needed') expect(status).toBe(401);
    else expect([200, 303, 503]).toContain(status);
    // What is open to others holds no data.
    const foreign = await ask(path, { origin: 'https://evil.example' }, row.methods[0], closed);
    if (!row.foreign) expect(foreign.status).toBe(403);
  });

  it('is among them', () => {
    expect(paths.length).toBeGreaterThan(20);
    const api = [...ACCESS.keys()].filter((path) => path.startsWith('api/'));
    expect(paths.filter((path) => path.startsWith('/api/')).sort()).toEqual(api.map((path) => `/${path}`).sort());
  });
});

describe('OPTIONS', () => {
  it('names the methods', async () => {
    const { status, headers } = await ask('/api/stream', {}, 'OPTIONS');
    expect([status, headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS']);
    expect(headers['access-control-allow-methods']).toBeUndefined();
  });

  it('lets an allowed origin send a cursor', async () => {
    const asked = {
      origin: FRIEND,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'last-event-id',
    };
    expect((await ask('/api/stream', asked, 'OPTIONS', open)).headers).toMatchObject({
      'access-control-allow-origin': FRIEND,
      'access-control-allow-headers': expect.stringContaining('last-event-id'),
    });
    expectProblem(await ask('/api/stream', asked, 'OPTIONS', closed), 403);
  });
});

describe('the stream', () => {
  it('subscribes nobody on HEAD', async () => {
    for (let i = 0; i < 20; i++) {
      const { status, headers, body } = await ask('/api/stream', EVENT_STREAM, 'HEAD');
      expect([status, body]).toEqual([200, '']);
      expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
    }
    expect(broadcast.size).toBe(0);
    expect(clock.timers).toBe(0);
  });

  it.each(['application/json', 'text/event-stream;q=0', 'text/html'])(
    'is not for whoever takes only %s',
    async (accept) => {
      expectProblem(await ask('/api/stream', { accept }), 406, '/api/snapshot');
    },
  );

  /** Opens the stream, and answers with its head and its first bytes. */
  async function listenTo(path: string, headers: Record<string, string> = EVENT_STREAM) {
    const asked = request({ host: '127.0.0.1', port: closed, path, headers, agent: false });
    asked.end();
    const [answer] = await once(asked, 'response');
    const [first] = await once(answer.setEncoding('utf8'), 'data');
    const leave = async () => {
      asked.destroy();
      while (broadcast.size > 0) await new Promise((resolve) => setImmediate(resolve));
    };
    return { headers: answer.headers as IncomingHttpHeaders, first: first as string, leave };
  }

  it('begins at once, unbuffered, and leaves nothing behind when the reader goes', async () => {
    const { headers, first, leave } = await listenTo('/api/stream?metrics=cpu');
    expect(headers).toMatchObject({ 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' });
    expect(first).toMatch(/^retry: 1000\n\nevent: hello\nid: e\.0\ndata: \{/);
    expect([broadcast.size, clock.timers]).toEqual([1, 1]);
    await leave();
    expect(clock.timers).toBe(0);
  });

  it('takes Last-Event-ID before the query, and never refuses a cursor', async () => {
    const { first, leave } = await listenTo('/api/stream?cursor=e.0', { ...EVENT_STREAM, 'last-event-id': 'other.5' });
    expect(first).toContain('"reason":"restart"');
    await leave();
    const garbled = await listenTo('/api/stream?cursor=%00%0d%0aid:x', { ...EVENT_STREAM, 'last-event-id': '' });
    expect(garbled.first).toContain('"reason":"unknown"');
    await garbled.leave();
  });

  it('has no place for more than its limits, and says when to try again', async () => {
    const { leave } = await listenTo('/api/stream');
    const answer = await ask('/api/stream', EVENT_STREAM);
    expectProblem(answer, 503, '--max-subscribers-per-address');
    expect(answer.headers['retry-after']).toBe('5');
    await leave();
    await (await listenTo('/api/stream')).leave();
  });
});

it('says what to do when the port is taken', async () => {
  const { connections } = openDoors({ clock });
  const other = listen(new Hono<Env>(), { host: '127.0.0.1', port: closed, clock, connections, tls: null });
  await expect(other).rejects.toMatchObject({
    exitCode: 69,
    message: expect.stringContaining('--port'),
  });
});
