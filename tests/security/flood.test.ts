import { once } from 'node:events';
import * as http from 'node:http';
import * as net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counts } from '../support/counts.ts';
import { ask, askRaw } from '../support/http.ts';
import { p99, type Watch, watchHealth } from '../support/latency.ts';
import { type RunningServer, startServer } from '../support/server.ts';

// Whoever wants to do harm by asking much, slowly or endlessly. Meanwhile a monitor that asks from another address is
// answered as ever.

const P99_MS = 250;

let server: RunningServer;
let watch: Watch;
const open: net.Socket[] = [];

/** A connection whose end is known. */
function connect(localAddress: string) {
  const own = process.platform === 'linux' ? { localAddress } : {};
  const socket = net.connect({ port: server.port, host: '127.0.0.1', ...own });
  open.push(socket);
  let text = '';
  socket.on('error', () => {});
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const startedAt = performance.now();
  const closed = new Promise<number>((resolve) => socket.once('close', () => resolve(performance.now() - startedAt)));
  const answered = new Promise<boolean>((resolve) => {
    socket.once('data', () => resolve(true));
    socket.once('close', () => resolve(text !== ''));
  });
  return { socket, closed, answered };
}
const subscribers = async () => JSON.parse((await ask(`${server.url}/healthz`)).body).subscribers;

beforeAll(async () => {
  server = await startServer('--interval', '200ms');
  watch = watchHealth(server.url);
});
afterAll(() => server.stop());

// Each from an address of its own, so that none has the places of another.
describe.concurrent('S9: bounded under attack', () => {
  it('80 connections that send a header a second are closed within 7 s', async () => {
    const all = Array.from({ length: 80 }, () => connect('127.0.0.2'));
    for (const { socket } of all) socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
    const drip = setInterval(() => {
      for (const { socket } of all) if (!socket.destroyed) socket.write('X-A: b\r\n');
    }, 1_000);
    const times = await Promise.all(all.map(({ closed }) => closed));
    clearInterval(drip);
    expect(Math.max(...times)).toBeLessThan(7_000);
  });

  it('bodies that never end are not waited for', async () => {
    const all = Array.from({ length: 20 }, () => connect('127.0.0.3'));
    const head = 'POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Telltale: 1\r\n';
    for (const { socket } of all) socket.write(`${head}Origin: http://localhost\r\nContent-Length: 1000\r\n\r\n{`);
    const times = await Promise.all(all.map(({ closed }) => closed));
    expect(Math.max(...times)).toBeLessThan(13_000);
  });

  it('long bodies are refused before they are read, whatever they say of their length', async () => {
    const headers = { origin: server.url, 'content-type': 'application/json', 'x-telltale': '1' };
    for (const path of ['/api/session', '/api/stream', '/']) {
      const lines = [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Length: 1000000', '', ''];
      // Said to be long, and not sent: whoever answers has not waited for it.
      const text = await askRaw(server.port, lines.join('\r\n'), (sofar) => sofar.includes('\r\n\r\n'));
      expect(text).toMatch(/^HTTP\/1\.1 413 /);
    }
    const chunked = http.request(`${server.url}/api/session`, { method: 'POST', headers, agent: false });
    chunked.on('error', () => {});
    for (let i = 0; i < 100; i++) chunked.write('x'.repeat(1_000));
    const [answer] = await once(chunked, 'response');
    expect(answer.statusCode).toBe(413);
    chunked.destroy();
  });

  it('one address has so many connections and no more, and others have theirs', async () => {
    const flood = Array.from({ length: 400 }, () => connect('127.0.0.5'));
    const asks = ({ socket, answered }: ReturnType<typeof connect>) => {
      socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
      return answered;
    };
    const answers = await Promise.all(flood.map(asks));
    expect(answers.filter(Boolean)).toHaveLength(128);
    expect(await asks(connect('127.0.0.6'))).toBe(true);
  });

  it('a flood of subscribers is told to come back', async () => {
    const addresses = ['127.0.0.11', '127.0.0.12', '127.0.0.13'];
    const statuses = await Promise.all(
      addresses.flatMap((localAddress) =>
        Array.from({ length: 100 }, async () => {
          const request = http.get(`${server.url}/api/stream?metrics=cpu`, { agent: false, localAddress });
          request.on('error', () => {}).on('socket', (socket) => open.push(socket));
          const [response] = await once(request, 'response');
          response.on('error', () => {}).resume();
          return response.statusCode as number;
        }),
      ),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(3 * 64);
    expect(statuses.filter((status) => status === 503)).toHaveLength(3 * 36);
  });

  it('many requests for as much history as there may be are answered', async () => {
    const series = Array.from({ length: 200 }, (_, i) => `cpu.cores.usage:${i}`).join(',');
    const url = `${server.url}/api/history?series=${series}&from=-24h&points=2000`;
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const request = http.get(url, { agent: false, headers: { 'accept-encoding': 'gzip' } });
        const [response] = await once(request, 'response');
        response.resume();
        await once(response, 'end');
        return response.statusCode as number;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe('S9: meanwhile and afterwards', () => {
  it(`a monitor is answered, 99 times of 100 within ${P99_MS} ms`, async () => {
    const { times, control } = await watch.stop();
    // On a machine that is busy with something else nobody is answered in time; a soak has one for itself, and on one of two
    // processors the figure was 17 ms, of a server that does nothing 5 ms.
    const limit = counts.patient ? P99_MS : Math.max(P99_MS, 2 * p99(control));
    const said = `p99 ${p99(times).toFixed(1)} ms, of a server that does nothing ${p99(control).toFixed(1)} ms`;
    console.log(`${times.length} answers of /healthz during the attacks, ${said}`);
    expect(times.length).toBeGreaterThan(100);
    expect(p99(times)).toBeLessThan(limit);
  });

  it('nobody is left', async () => {
    for (const socket of open) socket.destroy();
    await expect.poll(subscribers, { timeout: 5_000 }).toBe(0);
  });
});
