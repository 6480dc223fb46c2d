import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { request } from 'node:https';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningServer, runTelltale, startServer } from '../support/server.ts';

// HTTPS with HTTP/2, and HTTP/1.1 for who speaks no other. The pair of files is for tests alone: it names localhost.

const file = (name: string) => fileURLToPath(new URL(`../support/tls/${name}.pem`, import.meta.url));
const TLS = ['--tls-cert', file('cert'), '--tls-key', file('key')];
/** What RFC 9113, 8.2.2 forbids. */
const FORBIDDEN = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'];

let server: RunningServer;
let session: ClientHttp2Session;

beforeAll(async () => {
  server = await startServer(...TLS);
  session = connect(server.url, { rejectUnauthorized: false });
  await once(session, 'connect');
});
afterAll(async () => {
  session.destroy();
  await server.stop();
});

async function ask(path: string, headers: Record<string, string> = {}) {
  const stream = session.request({ ':path': path, ...headers });
  const [answer] = await once(stream, 'response');
  return { stream, answer };
}
async function bodyOf(stream: ClientHttp2Stream): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
}
const subscribers = async () => JSON.parse(await bodyOf((await ask('/healthz')).stream)).subscribers;

describe('over HTTP/2', () => {
  it('the stream flows, with no header that belongs to a connection', async () => {
    const { stream, answer } = await ask('/api/stream?metrics=cpu');
    expect(answer[':status']).toBe(200);
    expect(answer['content-type']).toBe('text/event-stream; charset=utf-8');
    for (const name of FORBIDDEN) expect(answer).not.toHaveProperty(name);
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await vi.waitFor(() => expect(text.match(/^event: cpu$/gm)?.length).toBeGreaterThan(1), { timeout: 5_000 });
    stream.close();
  });

  it('sixty streams live on one connection, and each is freed when its reader resets it', async () => {
    const streams = await Promise.all(Array.from({ length: 60 }, () => ask('/api/stream?metrics=memory')));
    expect(streams.map(({ answer }) => answer[':status'])).toEqual(streams.map(() => 200));
    expect(await subscribers()).toBe(60);
    for (const { stream } of streams) stream.close();
    await vi.waitFor(async () => expect(await subscribers()).toBe(0), { timeout: 5_000 });
  });

  it('HEAD subscribes nobody', async () => {
    const { stream, answer } = await ask('/api/stream', { ':method': 'HEAD' });
    expect(answer[':status']).toBe(200);
    expect(await bodyOf(stream)).toBe('');
    expect(await subscribers()).toBe(0);
  });

  it.each(['evil.example', 'localhost.evil.example:1'])('the authority %j is not served', async (authority) => {
    const { stream, answer } = await ask('/api/host', { ':authority': authority });
    expect(answer[':status']).toBe(421);
    stream.close();
  });

  it('a page of our own origin is let in, and no other', async () => {
    const { origin, host } = new URL(server.url);
    expect((await ask('/api/host', { origin })).answer[':status']).toBe(200);
    expect((await ask('/api/host', { origin: `http://${host}` })).answer[':status']).toBe(403);
    expect((await ask('/api/host', { origin: 'https://evil.example' })).answer[':status']).toBe(403);
  });

  it('ends with bye when the server stops, whole and in good time, compressed too', async () => {
    const own = await startServer(...TLS);
    const other = connect(own.url, { rejectUnauthorized: false });
    const stream = other.request({ ':path': '/api/stream', 'accept-encoding': 'gzip' });
    const [answer] = await once(stream, 'response');
    expect(answer['content-encoding']).toBe('gzip');
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const startedAt = performance.now();
    const ended = once(stream, 'end');
    const { code } = await own.stop();
    await ended;
    other.destroy();
    expect(code).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(gunzipSync(Buffer.concat(chunks)).toString()).toMatch(/event: bye\nid: \S+\ndata: \{"reason":"shutdown"/);
  });
});

describe('over TLS', () => {
  it('HTTP/1.1 is answered too', async () => {
    const asked = request(`${server.url}/api/snapshot`, { rejectUnauthorized: false }).end();
    const [answer] = await once(asked, 'response');
    expect([answer.statusCode, answer.httpVersion]).toEqual([200, '1.1']);
    answer.resume();
  });

  it.each([
    ['a certificate without its key', ['--tls-cert', file('cert')]],
    ['files that are no pair', ['--tls-cert', file('key'), '--tls-key', file('cert')]],
    ['files that are not there', ['--tls-cert', '/nowhere.pem', '--tls-key', '/nowhere.pem']],
  ])('%s is bad usage', async (_, args) => {
    const { code, stderr } = await runTelltale(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^telltale: .*--tls-/);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
