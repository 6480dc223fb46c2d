import { once } from 'node:events';
import { type ClientHttp2Session, connect, createServer, type Http2Server, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSink, type Sink } from './sink.ts';

// HTTP/2 in the flesh, for what it does with many streams on one connection is the point.

const KIB = 1_024;
/** The window of each stream until its reader widens it (RFC 9113, 6.9.2). */
const WINDOW = 65_535;

describe('a stream of HTTP/2', () => {
  let server: Http2Server;
  let session: ClientHttp2Session;
  const sinks: Sink[] = [];
  const outgoings: Http2ServerResponse[] = [];
  const drained = vi.fn();

  beforeEach(async () => {
    drained.mockClear();
    sinks.length = 0;
    server = createServer((incoming, outgoing) => {
      outgoing.writeHead(200);
      outgoing.stream.on('error', () => {});
      outgoings.push(outgoing);
      sinks.push(openSink(incoming as never, outgoing as Http2ServerResponse, null, drained));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(() => {
    session.destroy();
    server.close();
  });

  async function open() {
    const stream = session.request({ ':path': '/' });
    let [bytes, ended] = [0, false];
    stream.on('data', (data: Buffer) => {
      bytes += data.length;
    });
    stream.on('end', () => {
      ended = true;
    });
    stream.on('error', () => {});
    const count = sinks.length;
    stream.resume();
    await vi.waitFor(() => expect(sinks).toHaveLength(count + 1));
    const has = (expected: number) => vi.waitFor(() => expect(bytes).toBe(expected));
    return { stream, sink: sinks[count] as Sink, has, ended: () => ended };
  }

  it('waits here while its reader does not read, and no other waits with it', async () => {
    const [stopped, other] = [await open(), await open()];
    stopped.stream.pause();
    stopped.sink.write(Buffer.alloc(200 * KIB));
    other.sink.write(Buffer.alloc(10 * KIB));
    await other.has(10 * KIB);
    expect(stopped.sink.pending()).toBeGreaterThanOrEqual(200 * KIB - WINDOW);
    expect(other.sink.pending()).toBe(0);
    expect(drained).not.toHaveBeenCalled();
    stopped.stream.resume();
    await stopped.has(200 * KIB);
    await vi.waitFor(() => expect(stopped.sink.pending()).toBe(0));
    expect(drained).toHaveBeenCalled();
  });

  it('has no part in what the kernel holds of another', async () => {
    const [small, big] = [await open(), await open()];
    small.sink.write(Buffer.alloc(KIB));
    await small.has(KIB);
    expect(small.sink.unacknowledged(0)).toBe(0);
    big.sink.write(Buffer.alloc(50 * KIB));
    await big.has(50 * KIB);
    expect(small.sink.unacknowledged(40 * KIB)).toBe(0);
    expect(big.sink.unacknowledged(40 * KIB)).toBeGreaterThanOrEqual(40 * KIB);
  });

  it('that is dropped does not look like one that has ended, and the others go on', async () => {
    const [dropped, other] = [await open(), await open()];
    dropped.stream.pause();
    dropped.sink.write(Buffer.alloc(200 * KIB));
    const closed = once(dropped.stream, 'close');
    dropped.sink.destroy();
    await closed;
    expect(dropped.ended()).toBe(false);
    expect(dropped.stream.rstCode).toBe(8);
    other.sink.write(Buffer.alloc(KIB));
    await other.has(KIB);
  });

  it.each([0, 2, 8])('that its reader resets with the code %d is gone, whatever waits for it', async (code) => {
    const { stream, sink } = await open();
    const closed = once(outgoings.at(-1) as Http2ServerResponse, 'close');
    stream.pause();
    sink.write(Buffer.alloc(200 * KIB));
    await once(stream, 'readable');
    stream.close(code);
    await closed;
  });

  it('takes the whole connection with it when nobody is at the other end', async () => {
    const [gone, other] = [await open(), await open()];
    gone.sink.abandon();
    await vi.waitFor(() => expect([session.destroyed, other.stream.destroyed]).toEqual([true, true]));
  });
});
