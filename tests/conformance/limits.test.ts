import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import { connect as connectHttp2, constants } from 'node:http2';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostFiles } from '../support/host-files.ts';
import { ask, askRaw } from '../support/http.ts';
import { TLS } from '../support/http2.ts';
import { PROTOCOL_PAGE } from '../support/protocol-page.ts';
import { ping, RawSession } from '../support/raw-http2.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream, type StreamEvent } from '../support/sse.ts';
import { statementsOf } from '../support/statements.ts';
import { bearer, tokenFolder } from '../support/tokens.ts';

// Every number that PROTOCOL.md states is what the program does. A sentence with a number that is changed, dropped or
// added fails here until the program, or another test, holds it.

const KIB = 1_024;
const page = statementsOf(readFileSync(PROTOCOL_PAGE, 'utf8'));
/** Where those are held that take minutes, with a clock that can be put forward. */
const beside = readFileSync(new URL('../../server/src/stream/limits.test.ts', import.meta.url), 'utf8');

let server: RunningServer;
/** The same, over TLS. */
let secure: RunningServer;
const open = (query = '', headers: http.OutgoingHttpHeaders = {}) =>
  openStream(`${server.url}/api/stream${query}`, headers);
/** The first event of a stream, or the first two. */
async function greeting(query = '', headers: http.OutgoingHttpHeaders = {}, count = 1) {
  const reader = await open(query, headers);
  const events = await reader.next(count);
  reader.close();
  return events as readonly [StreamEvent, ...StreamEvent[]];
}
const status = async (path: string, options: Parameters<typeof ask>[1] = {}) =>
  (await ask(`${server.url}${path}`, options)).status;
const padded = (bytes: number) => ({ headers: { 'x-pad': 'x'.repeat(bytes) } });

/** How long a connection is borne, in ms, from when it is there or from when `after` was received. */
function borne(socket: net.Socket, after = ''): Promise<number> {
  return new Promise((resolve) => {
    let startedAt = performance.now();
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (after !== '' && text.endsWith(after)) startedAt = performance.now();
    });
    socket.on('error', () => {});
    socket.once('close', () => resolve(performance.now() - startedAt));
  });
}
/** How long a session is borne, in ms, on which this is done twice a second. */
async function borneSession(begin: (session: RawSession) => void, again: (session: RawSession) => void = () => {}) {
  const session = await RawSession.open(secure.port);
  const startedAt = performance.now();
  begin(session);
  const timer = setInterval(() => again(session), 500);
  await session.closed;
  clearInterval(timer);
  return performance.now() - startedAt;
}
const plain = () => net.connect(server.port, '127.0.0.1');
const overTls = () => tls.connect({ port: secure.port, host: '127.0.0.1', rejectUnauthorized: false });
/** Sends bytes as soon as it may. */
const sent = (socket: net.Socket, bytes: string) => {
  socket.write(bytes);
  return socket;
};
const UNFINISHED = 'GET /api/stream HTTP/1.1\r\nHost: x';
/** An answer of a few bytes, after which the connection is kept. */
const NOTHING = 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

/** Nobody looks more often than once a second, and this machine may have other things to do. */
function expectEach(all: readonly number[], seconds: number) {
  expect(Math.min(...all)).toBeGreaterThan(1_000 * (seconds - 0.1));
  expect(Math.max(...all)).toBeLessThan(2_000 * seconds);
}

/** Over HTTP/2, with headers of so many bytes. Answers with the status. */
function askHttp2(bytes: number): Promise<number> {
  const session = connectHttp2(secure.url, { rejectUnauthorized: false });
  const stream = session.request({ ':path': '/api/host', 'x-pad': 'x'.repeat(bytes) });
  return once(stream, 'response')
    .then(([{ ':status': code }]) => code)
    .finally(() => session.destroy());
}

/** Streams from one address of loopback until one is refused; the refusal, and how many there are. */
async function fill(localAddress: string, streams: http.ClientRequest[]): Promise<http.IncomingMessage> {
  for (;;) {
    const request = http.get(`${server.url}/api/stream?metrics=cpu&interval=60s`, { agent: false, localAddress });
    const response = await new Promise<http.IncomingMessage>((resolve) => request.once('response', resolve));
    response.resume();
    if (response.statusCode !== 200) return response;
    request.on('error', () => {});
    streams.push(request);
  }
}

const statusRow =
  (code: string, ...requests: readonly [path: string, options?: Parameters<typeof ask>[1]][]) =>
  async () => {
    for (const [path, options] of requests) expect(await status(path, options)).toBe(Number(code));
  };

/** By sentence: what holds it, given the numbers in it. */
const HELD: Readonly<Record<string, (...numbers: readonly number[]) => Promise<void>>> = {
  'The protocol described here has the version **1**.': async (version) => {
    expect((await greeting())[0].data.protocol).toBe(version);
  },

  '| `interval` | one of `100ms` `200ms` `500ms` `1s` `2s` `5s` `10s` `30s` `60s` | each metric at its own pace |':
    async () => {
      const paces = ['100ms', '200ms', '500ms', '1s', '2s', '5s', '10s', '30s', '60s'];
      for (const pace of paces) {
        expect(await status(`/api/stream?interval=${pace}`, { method: 'HEAD' })).toBe(200);
      }
      const { body } = await ask(`${server.url}/api/stream?interval=3s`);
      expect(JSON.parse(body).detail.match(/\d+m?s/g)).toEqual(['3s', ...paces]);
    },

  'An unknown metric, pace or parameter is a 400 that names the known ones.': async (code = 0) => {
    for (const query of ['metrics=warp', 'interval=3s', 'warp=1'])
      expect(await status(`/api/stream?${query}`)).toBe(code);
  },

  '| `Accept` | `text/event-stream`, `text/*`, `*/*`, or no such header; anything else is a 406 |': async (code) => {
    for (const accept of ['text/event-stream', 'text/*', '*/*']) {
      expect(await status('/api/stream', { method: 'HEAD', headers: { accept } })).toBe(200);
    }
    expect(await status('/api/stream', { headers: { accept: 'application/json' } })).toBe(code);
  },

  'The answer has the status 200 and these headers; it goes on until one side ends it.': async (code) => {
    expect(await status('/api/stream', { method: 'HEAD' })).toBe(code);
  },

  'An id has the form `<epoch>.<seq>`, at most 64 bytes of `0-9`, `a-z` and one `.`.': async (bytes = 0) => {
    const { id } = (await greeting())[0];
    expect(id).toMatch(/^[0-9a-z]+\.[0-9a-z]+$/);
    expect(id.length).toBeLessThanOrEqual(bytes);
  },

  '| a cursor | 64 bytes | a `gap`, `unknown` |': async (bytes = 0) => {
    const reason = async (cursor: string) => (await greeting('', { 'last-event-id': cursor }, 2))[1]?.data.reason;
    // The longest that a server could have made is shorter.
    expect(await reason(`${'z'.repeat(32)}.${'z'.repeat(10)}`)).toBe('restart');
    expect(await reason(`${'z'.repeat(bytes - 1)}.1`)).toBe('unknown');
  },

  'The sequence number is written in base 36 and grows by one with each entry of the log.': async (base = 0) => {
    // From the beginning, while nobody has had another pace sampled: everything is sent.
    const reader = await open('', { 'last-event-id': (await greeting())[0].id.replace(/\..*/, '.0') });
    const [, ...events] = await reader.next(60);
    reader.close();
    const seqs = events.map(({ id }) => Number.parseInt(id.split('.')[1] ?? '', base));
    expect(seqs).toEqual(seqs.map((_, i) => i + 1));
  },

  'Times are milliseconds since 1970 (UTC) everywhere.': async () => {
    expect(Math.abs((await greeting())[0].data.at - Date.now())).toBeLessThan(5_000);
  },

  '| `percent` | a share of a whole, 0 to 100 |': async (least, most) => {
    const bounds = new Set<string>();
    JSON.parse((await ask(`${server.url}/api/catalog`)).body, (_, value) => {
      // What may be more says so: of several processors.
      if (value?.unit === 'percent' && !/100 is one/.test(value.definition)) bounds.add(`${value.min} to ${value.max}`);
      return value;
    });
    expect([...bounds]).toEqual([`${least} to ${most}`]);
  },

  '| 400 | an unknown metric, pace or parameter, or one given twice | no |': statusRow('400', [
    '/api/stream?interval=1s&interval=1s',
  ]),
  '| 403 | a page of an origin that may not read | no |': statusRow('403', [
    '/api/stream',
    { headers: { origin: 'https://evil.example' } },
  ]),
  '| 401 | no token, or one that is not in force; a ticket that was used | with another |': statusRow(
    '401',
    ['/api/stream', { headers: { authorization: 'Bearer telltale_wrong' } }],
    ['/api/stream?ticket=telltale_used'],
  ),
  '| 403 | a metric, or a page, that the token is not for | no |': async (code) => {
    const folder = await tokenFolder();
    const secret = await folder.create('--scope', 'embed', '--metrics', 'cpu', '--origins', 'https://a.example');
    const other = await startServer('--data', folder.path);
    const asked = (query: string, headers: Record<string, string>) =>
      ask(`${other.url}/api/stream${query}`, { headers: { ...bearer(secret), ...headers } });
    expect((await asked('?metrics=memory', {})).status).toBe(code);
    expect((await asked('', { origin: 'https://b.example' })).status).toBe(code);
    await other.stop();
    await folder.remove();
  },
  '| 413 | a body of more than 64 KiB | no |': async (code, kib = 0) => {
    const post = (bytes: number) => ask(`${server.url}/api/snapshot`, { method: 'POST', body: 'x'.repeat(bytes) });
    expect((await post(kib * KIB)).status).toBe(405);
    const said = `POST /api/snapshot HTTP/1.1\r\nHost: x\r\nContent-Length: ${kib * KIB + 1}\r\n\r\n`;
    expect(await askRaw(server.port, said, (text) => text.includes('\r\n\r\n'))).toMatch(`HTTP/1.1 ${code} `);
  },
  'Without one, or with one that is not known, was revoked or has ended, the answer is a 401 that asks for a `Bearer`.':
    async (code) => {
      const { status: got, headers } = await ask(`${server.url}/api/stream`, { headers: bearer('wrong') });
      expect([got, headers['www-authenticate']]).toEqual([code, expect.stringMatching(/^Bearer/)]);
    },
  'What a token does not list is a 403, in the stream, in history and for processes, and left out of the snapshot and the catalogue.':
    async (code) => expect(code).toBe(403),
  '`POST /api/tickets` with a token answers `{"ticket":"…","expiresInMs":30000}`; it opens `/api/stream?ticket=…` or `/embed/<element>?ticket=…` once, within 30 s.':
    async (expiresInMs, seconds = 0) => expect(expiresInMs).toBe(1_000 * seconds),
  '`EventSource` comes back with the same URL, and then gets a 401: take a new ticket.': async (code) =>
    expect(await status('/api/stream?ticket=used')).toBe(code),
  '| connections from one address | 64 beside those of its subscribers | they are closed |': async (more = 0) => {
    const all = Array.from({ length: 64 + more + 10 }, () => sent(plain(), NOTHING));
    const answered = (socket: net.Socket) =>
      Promise.race([once(socket, 'data').then(() => 1), once(socket, 'close').then(() => 0)]).catch(() => 0);
    const answers = await Promise.all(all.map(answered));
    for (const socket of all) socket.destroy();
    expect(answers.filter(Boolean)).toHaveLength(64 + more);
  },
  '| 404 | another path | no |': statusRow('404', ['/api/streams']),
  '| 405 | a method other than `GET`, `HEAD` and `OPTIONS`; `Allow` names them | no |': statusRow('405', [
    '/api/stream',
    { method: 'PUT' },
  ]),
  '| 406 | `Accept` leaves no `text/event-stream` | no |': statusRow('406', [
    '/api/stream',
    { headers: { accept: 'text/html' } },
  ]),
  '| 421 | a `Host` that is not served | no |': statusRow('421', [
    '/api/stream',
    { headers: { host: 'evil.example' } },
  ]),
  '| 431 | headers of more than 16 KiB | no |': async (code, kib = 0) => {
    expect(await status('/api/host', padded(kib * KIB))).toBe(code);
    expect(await status('/api/host', padded((kib - 1) * KIB))).toBe(200);
  },
  'Errors are `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)), but for the 431 over HTTP/1.1, which has no body.':
    async () => {
      const { status: code, body } = await ask(`${server.url}/api/host`, padded(17 * KIB));
      expect([code, body]).toEqual([431, '']);
    },
  '| the headers of a request | 16 KiB, within 5 s | 431, or the connection is closed |': async (
    kib = 0,
    seconds = 0,
    code = 0,
  ) => {
    const raw = `GET /api/host HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Pad: ${'x'.repeat(kib * KIB)}\r\n\r\n`;
    const refused = sent(overTls(), raw);
    const [answer] = await once(refused, 'data');
    expect(`${answer}`).toMatch(new RegExp(`^HTTP/1.1 ${code} `));
    refused.destroy();
    expect(await askHttp2((kib - 1) * KIB)).toBe(200);
    for (const more of [kib, 60]) expect(await askHttp2(more * KIB)).toBe(code);

    // What is asked on a connection is not touched by this, as long as it may take.
    const live = await RawSession.open(secure.port);
    live.begin(live.get(1, '/api/stream?metrics=cpu'));
    expectEach(
      await Promise.all([
        borne(sent(plain(), UNFINISHED)),
        borne(sent(overTls(), UNFINISHED)),
        borneSession((session) => session.begin(session.get(1, '/api/stream', { unfinished: true }))),
      ]),
      seconds,
    );
    const before = live.text(1).length;
    await live.until(1, (text) => text.length > before + 1_000);
    live.destroy();
  },
  '| a handshake of TLS | 5 s | the connection is closed |': async (seconds = 0) => {
    const [record, untilHello] = ['\x16\x03\x01\x02\x00', net.connect(secure.port, '127.0.0.1')];
    expectEach(
      await Promise.all([borne(untilHello), borne(sent(net.connect(secure.port, '127.0.0.1'), record))]),
      seconds,
    );
  },
  '| how long a connection may be idle | 5 s without a request | it is closed |': async (seconds = 0) => {
    const endOfAnswer = '}';
    expectEach(
      await Promise.all([
        borne(plain()),
        borne(overTls()),
        borne(sent(plain(), NOTHING), endOfAnswer),
        borne(sent(overTls(), NOTHING), endOfAnswer),
        borneSession(() => {}),
        borneSession(
          (session) => session.begin(),
          (session) => session.send(ping()),
        ),
        borneSession((session) => session.begin(session.get(1, '/healthz'))),
      ]),
      seconds,
    );
  },
  '| streams of one HTTP/2 connection | 128 at a time | they are reset (`REFUSED_STREAM`) |': async (_, most = 0) => {
    const session = await RawSession.open(secure.port);
    const streams = Array.from({ length: most + 2 }, (_, i) => 2 * i + 1);
    session.begin(...streams.map((stream) => session.get(stream, '/api/host')));
    await Promise.all(streams.slice(0, most).map((stream) => session.until(stream, (text) => text.endsWith('}'))));
    const refused = streams.slice(most).map((stream) => [stream, constants.NGHTTP2_REFUSED_STREAM]);
    expect([...session.resets]).toEqual(refused);
    session.destroy();
  },

  '| subscribers from one address | 64 (`--max-subscribers-per-address`) | 503 |': async (most, code) => {
    const streams: http.ClientRequest[] = [];
    const refusal = await fill('127.0.0.1', streams);
    for (const stream of streams) stream.destroy();
    expect([streams.length, refusal.statusCode]).toEqual([most, code]);
  },
  '| subscribers | 512 (`--max-subscribers`) | 503 |': async (most = 0, code = 0) => {
    const streams: http.ClientRequest[] = [];
    // All of 127.0.0.0/8 is loopback on Linux, and 127.0.0.1 alone elsewhere.
    const addresses = process.platform === 'linux' ? Array.from({ length: 20 }, (_, i) => `127.0.1.${i + 1}`) : [];
    let refusal: http.IncomingMessage | null = null;
    for (const address of addresses) if (streams.length < most) refusal = await fill(address, streams);
    const last = await fill('127.0.0.1', streams);
    for (const stream of streams) stream.destroy();
    if (refusal) expect([streams.length, last.statusCode]).toEqual([most, code]);
  },
  '| 503 | no place is free, or the server is being stopped | after `Retry-After` seconds or more |': async (code) => {
    const streams: http.ClientRequest[] = [];
    const { statusCode, headers } = await fill('127.0.0.1', streams);
    for (const stream of streams) stream.destroy();
    expect(statusCode).toBe(code);
    expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
  },

  'A metric event is a few hundred bytes to a few kilobytes, and grows with the number of processors, interfaces and so on; a reader that bounds its buffer should allow 1 MiB for a block.':
    async (mib = 0) => {
      // As many as are told of, with the longest names that the kernel bears.
      const host = await hostFiles(Array.from({ length: 600 }, (_, i) => `interface${1e5 + i}`));
      const other = await startServer(...host.args);
      try {
        const { body } = await ask(`${other.url}/api/snapshot`);
        expect(body.length).toBeLessThan((mib * KIB * KIB) / 2);
        expect(JSON.parse(body).events.network.interfaces).toHaveLength(512);
      } finally {
        await other.stop();
        await host.remove();
      }
    },

  'nginx needs nothing but `proxy_pass`: it does not buffer what has `X-Accel-Buffering: no`, and its `proxy_read_timeout` of 60 s is longer than the heartbeat of 15 s.':
    async (_, seconds = 0) => {
      expect((await greeting())[0].data.heartbeatMs).toBe(1_000 * seconds);
    },
  'For other proxies: do not buffer this response, do not compress or cache it (`no-transform`, `no-store`), and let a connection be silent for at least 30 s.':
    async (seconds = 0) => {
      expect(1_000 * seconds).toBe(2 * (await greeting())[0].data.heartbeatMs);
    },
};

/** The number is part of a name, or told of somebody else. */
const NAMES: readonly string[] = [
  // tests/security/sign-in.test.ts and flood.test.ts.
  '| 429 | ten wrong tokens within five minutes, on signing in | after `Retry-After` seconds or more |',
  '| connections | 256 beside those of subscribers | they are closed |',
  '`GET /api/stream`, over HTTP/1.0 and 1.1, and with `--tls-cert` over HTTP/2 too.',
  'The stream is UTF-8.',
  'An event at a pace covers the whole time since the event before it at that pace: at `interval=10s` the CPU usage is that of ten seconds, not of the last one of them.',
  'A missing value is never 0 and never the last value again.',
  '| 500 | a failure within | later |',
  'Over HTTP/2 each stream waits for itself, and is reset (`CANCEL`) where it is dropped; its connection goes only with a machine that is silent.',
  '**Any status but 200 ends it for good**, a 503 of a server that is just starting included.',
  'Over HTTP/1.1 a browser opens six connections to an origin, from all its tabs together.',
  'Streams use them up; HTTP/2 has no such limit.',
];

const isHeldBeside = (sentence: string) =>
  [...beside.matchAll(/'([^'\n]*\d[^'\n]*)'/g)].some(
    ([, quoted = '']) => /[a-z] /.test(quoted) && sentence.includes(quoted),
  );

describe('the numbers of PROTOCOL.md', () => {
  beforeAll(async () => {
    server = await startServer('--interval', '100ms');
    secure = await startServer('--interval', '100ms', ...TLS);
  });
  afterAll(async () => {
    await server.stop();
    await secure.stop();
  });

  it('are all held by something', () => {
    const known = [...Object.keys(HELD), ...NAMES];
    const numbers = page.filter((sentence) => /\d/.test(sentence));
    expect(numbers.filter((sentence) => !known.includes(sentence) && !isHeldBeside(sentence))).toEqual([]);
    expect(known.filter((sentence) => !numbers.includes(sentence))).toEqual([]);
    // So that it is noticed when the tests beside the source no longer quote anything.
    expect(numbers.filter(isHeldBeside).length).toBeGreaterThan(4);
  });

  // Those that wait for what is ended after seconds do so together, and beside none that count connections.
  const isPatient = (sentence: string) => /\b5 s\b/.test(sentence);
  const held = async (sentence: string) => {
    expect(page).toContain(sentence);
    await HELD[sentence]?.(...[...sentence.matchAll(/\d+/g)].map(([digits]) => Number(digits)));
  };
  const sentences = Object.keys(HELD);
  it.concurrent.each(sentences.filter(isPatient))('%s', held);
  it.each(sentences.filter((sentence) => !isPatient(sentence)))('%s', held);
});
