import { readdirSync, readFileSync } from 'node:fs';
import * as net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counts } from '../support/counts.ts';
import { hostFiles } from '../support/host-files.ts';
import { ask } from '../support/http.ts';
import { openWitness } from '../support/recorder.ts';
import { inParallel, type Random, seeds, withSeed } from '../support/seed.ts';
import { startWeighedServer } from '../support/server.ts';
import { isOfTheLog, positionOf } from '../support/validators.ts';

// Whoever comes and goes leaves nothing behind, however it goes.

const AT_ONCE = 8;
/** A connection that is kept by mistake holds tens of kilobytes (a socket, a request, an answer with their buffers). */
const LEAST_LEAK_BYTES = 2_000;
const isLinux = process.platform === 'linux';

describe('R5: readers that come and go', () => {
  let host: Awaited<ReturnType<typeof hostFiles>>;
  let server: Awaited<ReturnType<typeof startWeighedServer>>;
  let beginning = '';

  beforeAll(async () => {
    // So much that a replay takes several writes.
    host = await hostFiles(Array.from({ length: 100 }, (_, i) => `veth${i}`));
    server = await startWeighedServer('--log-level', 'error', ...host.args);
    const witness = await openWitness(server, 'metrics=network');
    await witness.until('three looks', (seen) => isOfTheLog(seen) && witness.events.filter(isOfTheLog).length >= 4);
    witness.close();
    beginning = `${positionOf(witness.cursor as string).epoch}.0`;
  });
  afterAll(async () => {
    await server.stop();
    await host.remove();
  });

  /** Sends bytes, waits for `enough` of an answer, leaves in its own way, and waits until the socket has gone. */
  function visit(request: string, enough: string | null, leave: (socket: net.Socket) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      let text = '';
      let left = false;
      const leaveOnce = () => {
        if (!left) leave(socket);
        left = true;
      };
      const socket = net.connect(server.port, '127.0.0.1');
      socket.setTimeout(10_000, () => reject(new Error(`no end after ${JSON.stringify(text.slice(0, 300))}`)));
      socket.write(request, () => {
        if (enough === null) leaveOnce();
      });
      socket.on('data', (data) => {
        text += data;
        if (enough !== null && text.includes(enough)) leaveOnce();
      });
      socket.on('error', () => {});
      socket.once('close', () => resolve());
    });
  }

  const request = (target: string, method = 'GET') =>
    `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`;
  const stream = '/api/stream';
  const close = (socket: net.Socket) => void socket.destroy();
  const reset = (socket: net.Socket) => void socket.resetAndDestroy();
  const halfClose = (socket: net.Socket) => void socket.end();
  const WAYS: Readonly<Record<string, () => Promise<void>>> = {
    'closes after an event': () => visit(request(stream), 'event: network', close),
    'resets after an event': () => visit(request(stream), 'event: network', reset),
    'closes its half after an event': () => visit(request(stream), 'event: network', halfClose),
    'closes at the head': () => visit(request(stream), 'HTTP/1.1 200', close),
    'resets before the head': () => visit(request(stream), null, reset),
    'closes its half before the head': () => visit(request(stream), null, halfClose),
    'resets in the middle of its request': () => visit(request(stream).slice(0, 40), null, reset),
    'closes in the middle of its request': () => visit(request(stream).slice(0, 40), null, close),
    'asks for the head alone': () => visit(request(stream, 'HEAD'), '\r\n\r\n', close),
    'resets during a replay': () => visit(request(`${stream}?cursor=${beginning}`), 'event: hello', reset),
    'closes during a replay': () => visit(request(`${stream}?cursor=${beginning}`), 'event: hello', close),
    'has another pace begun': () => visit(request(`${stream}?interval=5s`), 'event: hello', reset),
    'is refused': () => visit(request(`${stream}?metrics=warp`), 'HTTP/1.1 400', close),
  };

  const subscribers = async () => JSON.parse((await ask(`${server.url}/healthz`)).body).subscribers;
  const files = () => (isLinux ? readdirSync(`/proc/${server.pid}/fd`).length : 0);
  const residentKb = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]);

  /** Every way equally often, in a random order. */
  async function round(random: Random): Promise<void> {
    const names = Object.keys(WAYS);
    const visits = Array.from({ length: counts.cycles }, (_, i) => ({
      name: names[i % names.length] as string,
      at: random.next(),
    }));
    visits.sort((a, b) => a.at - b.at);
    await inParallel(visits, AT_ONCE, async ({ name }) => {
      await WAYS[name]?.().catch((error: Error) =>
        Promise.reject(new Error(`one that ${name}: ${error.message}`, { cause: error })),
      );
    });
    await expect.poll(subscribers, { timeout: 10_000 }).toBe(0);
  }

  it(`are forgotten: ${3 * counts.cycles} of them leave no place taken, no file open and no memory behind`, async () => {
    const filesBefore = files();
    for (const seed of seeds(1)) {
      await withSeed(seed, async (random) => {
        await round(random);
        const warm = await server.weigh();
        await round(random);
        const first = await server.weigh();
        const residentFirst = isLinux ? residentKb() : 0;
        await round(random);
        const second = await server.weigh();
        console.log(
          `bytes after each round: ${warm.bytes}, ${first.bytes}, ${second.bytes}; resources ${JSON.stringify(second.resources)}`,
        );
        expect(second.resources).toEqual(first.resources);
        expect(second.bytes - first.bytes).toBeLessThan(LEAST_LEAK_BYTES * counts.cycles);
        if (!isLinux) return;
        expect(residentKb() - residentFirst).toBeLessThan(16 * 1024);
        await expect.poll(() => Math.abs(files() - filesBefore), { timeout: 10_000 }).toBeLessThanOrEqual(2);
      });
    }
  });
});
