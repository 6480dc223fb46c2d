import { once } from 'node:events';
import * as net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaultProxy, type Faults, startFaultProxy } from '../support/fault-proxy.ts';

// The proxy that hurts the others must itself do exactly what it says.

const ANSWER = Buffer.from(Array.from({ length: 5_000 }, (_, i) => i % 251));

describe('the fault proxy', () => {
  let server: net.Server;
  let proxy: FaultProxy | null = null;
  /** What the server was told by the latest connection, and how that ended. */
  let heard: { bytes: Buffer[]; ended: Promise<unknown>; failed: Promise<unknown>; socket: net.Socket } | null = null;

  beforeEach(async () => {
    server = net.createServer({ allowHalfOpen: true }, (socket) => {
      const bytes: Buffer[] = [];
      socket.on('data', (data) => bytes.push(data));
      const ended = new Promise((resolve) => socket.on('end', resolve));
      const failed = new Promise((resolve) => socket.on('error', resolve));
      heard = { bytes, ended, failed, socket };
      socket.write(ANSWER);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    heard?.socket.destroy();
    server.close();
    await proxy?.close();
  });

  const through = async (faults: Faults, seed = 1) => {
    const { port } = server.address() as net.AddressInfo;
    proxy = await startFaultProxy(port, { seed, faults: () => faults });
    const socket = net.connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
    const pieces: Buffer[] = [];
    let count = 0;
    socket.on('data', (data) => {
      pieces.push(data);
      count += data.length;
    });
    const ending = new Promise<string>((resolve) => {
      socket.once('end', () => resolve('end'));
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
    const has = (bytes: number) => expect.poll(() => count, { interval: 5 }).toBe(bytes);
    return { socket, ending, has, got: () => Buffer.concat(pieces), link: () => proxy?.links[0] };
  };

  it('changes nothing of its own accord', async () => {
    const { has, got } = await through({ latencyMs: 5, jitterMs: 10, sliceBytes: 700, bytesPerSecond: 1_000_000 });
    await has(ANSWER.length);
    expect(got()).toEqual(ANSWER);
  });

  it.each([0, 1, 777, 4_999, 5_000])('ends a connection after exactly %d bytes', async (cutAfter) => {
    const { ending, got, link } = await through({ cutAfter, sliceBytes: 100, cut: 'end' });
    expect(await ending).toBe('end');
    expect(got()).toEqual(ANSWER.subarray(0, cutAfter));
    expect(link()).toMatchObject({ sent: cutAfter, wasCut: true });
  });

  it('resets one after exactly so many bytes', async () => {
    const { ending, got } = await through({ cutAfter: 1_234, cut: 'reset' });
    // libuv makes an end of a reset that comes together with the last bytes; the server is told in any case.
    await ending;
    expect(got()).toEqual(ANSWER.subarray(0, 1_234));
    expect(await heard?.failed).toMatchObject({ code: 'ECONNRESET' });
  });

  it('resets one at any time', async () => {
    const { ending, has, link } = await through({});
    await has(ANSWER.length);
    link()?.reset();
    expect(await ending).toBe('ECONNRESET');
    expect(await heard?.failed).toMatchObject({ code: 'ECONNRESET' });
  });

  it('swallows everything in a black hole, in both directions, and keeps the connection open', async () => {
    const { socket, has, got, link } = await through({ cutAfter: 10, cut: 'black-hole' });
    await has(10);
    socket.write('is anybody there?');
    heard?.socket.write('yes');
    await expect.poll(() => heard?.socket.bytesWritten).toBe(ANSWER.length + 3);
    expect(got()).toHaveLength(10);
    expect(heard?.bytes).toEqual([]);
    expect([socket.destroyed, link()?.wasCut]).toEqual([false, true]);
  });

  it('stops reading, so that the server is stuck, and reads again', async () => {
    const { has, link } = await through({});
    await has(ANSWER.length);
    link()?.stopReading();
    const big = Buffer.alloc(16 * 1024 * 1024);
    let taken = false;
    heard?.socket.write(big, () => {
      taken = true;
    });
    const stuckAt = await new Promise<number>((resolve) => {
      let last = -1;
      const timer = setInterval(() => {
        const now = heard?.socket.writableLength ?? 0;
        if (now === last) {
          clearInterval(timer);
          resolve(now);
        }
        last = now;
      }, 100);
    });
    expect(taken).toBe(false);
    expect(stuckAt).toBeGreaterThan(0);
    link()?.readAgain();
    await has(ANSWER.length + big.length);
  });

  it('closes one half: the server hears the end and still gets through', async () => {
    const { has, link } = await through({});
    await has(ANSWER.length);
    link()?.halfClose();
    await heard?.ended;
    heard?.socket.write('more');
    await has(ANSWER.length + 4);
  });

  it('does the same again for the same seed', async () => {
    const sizes = async (seed: number) => {
      const { has, socket, link } = await through({ sliceBytes: 900 }, seed);
      await has(ANSWER.length);
      socket.destroy();
      expect(link()?.sent).toBe(ANSWER.length);
      const split = link()?.pieces;
      await proxy?.close();
      return split;
    };
    const [first, again, other] = [await sizes(7), await sizes(7), await sizes(8)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
