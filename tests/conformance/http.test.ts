import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, askRaw } from '../support/http.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream } from '../support/sse.ts';

// The stream as an HTTP resource: what is answered before the first event, or instead of one.

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
};

const subscribersOf = async ({ url }: RunningServer) => JSON.parse((await ask(`${url}/healthz`)).body).subscribers;

describe('the stream over HTTP', () => {
  let server: RunningServer;
  const problem = async (path: string, options: Parameters<typeof ask>[1] = {}) => {
    const { status, headers, body } = await ask(`${server.url}${path}`, options);
    expect(headers['content-type']).toBe('application/problem+json');
    return { status, headers, detail: JSON.parse(body).detail as string };
  };

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => {
    await server.stop();
  });

  it('says with its headers that nobody may keep, change or hold it back', async () => {
    const reader = await openStream(`${server.url}/api/stream`);
    reader.close();
    const { date, ...headers } = reader.headers;
    expect(reader.status).toBe(200);
    const { 'content-security-policy': policy, ...plain } = headers;
    expect(policy).toContain("default-src 'none'");
    expect(plain).toEqual({
      ...HEADERS,
      connection: 'close',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'transfer-encoding': 'chunked',
      vary: 'Accept-Encoding',
    });
  });

  it('names what is allowed when it is asked for something else', async () => {
    const metric = await problem('/api/stream?metrics=cpu,warp');
    expect(metric).toMatchObject({ status: 400, detail: expect.stringMatching(/"warp".*cpu.*memory.*network/) });
    const pace = await problem('/api/stream?interval=3s');
    expect(pace).toMatchObject({ status: 400, detail: expect.stringMatching(/"3s".*100ms.*1s.*60s/) });
    const parameter = await problem('/api/stream?metric=cpu');
    expect(parameter).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/"metric".*metrics.*interval.*cursor/),
    });
    expect((await problem('/api/stream?interval=1s&interval=2s')).status).toBe(400);
    expect((await problem('/api/stream', { headers: { accept: 'application/json' } })).status).toBe(406);
  });

  it('answers HEAD like GET, without a stream and without a subscriber', async () => {
    // Whoever read before has gone.
    await expect.poll(() => subscribersOf(server)).toBe(0);
    const { status, headers, body } = await ask(`${server.url}/api/stream`, { method: 'HEAD' });
    expect({ status, body }).toEqual({ status: 200, body: '' });
    expect(headers).toMatchObject(HEADERS);
    expect(await subscribersOf(server)).toBe(0);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('does not serve %s and says what it serves', async (method) => {
    const { status, headers } = await problem('/api/stream', { method });
    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, HEAD, OPTIONS');
  });

  it('speaks to HTTP/1.0 without chunks', async () => {
    const request = `GET /api/stream HTTP/1.0\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`;
    const text = await askRaw(server.port, request, (sofar) => sofar.includes('\nevent: network\n'));
    const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s);
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head).not.toMatch(/transfer-encoding/i);
    expect(body).toMatch(/^retry: \d+\n\nevent: hello\n/);
  });
});

describe('places', () => {
  it.each([
    ['in all', ['--max-subscribers', '1']],
    ['for one address', ['--max-subscribers-per-address', '1']],
  ])('are limited %s: one more is told to come back, and can when one has left', async (_, args) => {
    const server = await startServer(...args);
    try {
      const url = `${server.url}/api/stream`;
      const first = await openStream(url);
      await first.next(1);
      const { status, headers, body } = await ask(url);
      expect({ status, type: headers['content-type'] }).toEqual({ status: 503, type: 'application/problem+json' });
      expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
      expect(JSON.parse(body).detail).toContain(args[0]);

      first.close();
      await first.ended;
      await expect.poll(() => subscribersOf(server)).toBe(0);
      const second = await openStream(url);
      expect(second.status).toBe(200);
      second.close();
    } finally {
      await server.stop();
    }
  });
});
