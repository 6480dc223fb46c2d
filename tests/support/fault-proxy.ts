import { once } from 'node:events';
import * as net from 'node:net';
import { createRandom } from './seed.ts';

// A bad network between a client and a server of ours, on loopback and the same again for the same seed.

/** What happens to the response on its way; nothing by default. */
export interface Faults {
  /** Every byte comes this much later, and up to so much more. */
  readonly latencyMs?: number;
  readonly jitterMs?: number;
  readonly bytesPerSecond?: number;
  /** The client is given pieces of 1 to so many bytes, each in a write of its own. */
  readonly sliceBytes?: number;
  /** The client gets exactly so many bytes of the response, then `cut` happens. */
  readonly cutAfter?: number;
  readonly cut?: Cut;
}

/** An end (FIN), a reset (RST), or silence on a connection that stays open. */
export type Cut = 'end' | 'reset' | 'black-hole';

/** One connection through the proxy. */
export interface Link {
  /** Bytes of the response that the client was given, and the sizes of the writes. */
  readonly sent: number;
  readonly pieces: readonly number[];
  /** Whether {@link Faults.cutAfter} was reached. */
  readonly wasCut: boolean;
  /** Takes nothing from the server any longer, so that its socket backs up. */
  stopReading(): void;
  readAgain(): void;
  /** Tells the server that the client will not say any more, and goes on reading. */
  halfClose(): void;
  reset(): void;
  /** Swallows everything from now on, in both directions, and never answers. */
  blackHole(): void;
}

export interface FaultProxy {
  readonly port: number;
  readonly url: string;
  /** Every connection so far. */
  readonly links: readonly Link[];
  close(): Promise<void>;
}

/** Beyond this many bytes on their way nothing is taken from the server, as a full pipe would. */
const MAX_QUEUED = 64 * 1024;
/** A narrow line holds what it carries in so long, and hands it out in pieces of so long. */
const LINE = { queueMs: 100, pieceMs: 10 };

/** Listens on loopback and hands everything on to a port of loopback. `faults` is asked for each connection, by number. */
export async function startFaultProxy(
  port: number,
  { seed = 0, faults = () => ({}) }: { seed?: number; faults?: (index: number) => Faults } = {},
): Promise<FaultProxy> {
  const links: OpenLink[] = [];
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const index = links.length;
    links.push(openLink(client, port, faults(index), seed + index));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = (server.address() as net.AddressInfo).port;
  return {
    port: own,
    url: `http://127.0.0.1:${own}`,
    links,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { destroy } of links) destroy();
      return closed;
    },
  };
}

type OpenLink = Link & { destroy(): void };

function openLink(client: net.Socket, port: number, faults: Faults, seed: number): OpenLink {
  const { latencyMs = 0, jitterMs = 0, bytesPerSecond, sliceBytes, cutAfter = Number.POSITIVE_INFINITY } = faults;
  const random = createRandom(seed);
  const carriedIn = (ms: number) => Math.ceil(((bytesPerSecond ?? Number.POSITIVE_INFINITY) * ms) / 1_000);
  const maxQueued = Math.min(MAX_QUEUED, carriedIn(LINE.queueMs));
  const upstream = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  const queue: { readonly bytes: Buffer; readonly due: number }[] = [];
  let queued = 0;
  const pieces: number[] = [];
  let lineFreeAt = 0;
  let sent = 0;
  let wasCut = false;
  let swallowing = false;
  let stopped = false;
  let ended = false;
  let wake = () => {};

  upstream.on('data', (bytes: Buffer) => {
    if (swallowing) return;
    // What left first arrives first, however it jitters.
    const due = Math.max(queue.at(-1)?.due ?? 0, performance.now() + latencyMs + random.next() * jitterMs);
    queue.push({ bytes, due });
    queued += bytes.length;
    if (queued > maxQueued) upstream.pause();
    wake();
  });
  upstream.once('end', () => {
    ended = true;
    wake();
  });
  client.on('data', (bytes) => {
    if (!swallowing) upstream.write(bytes);
  });
  client.once('end', () => {
    if (!swallowing) upstream.end();
  });
  // Whatever ends one side in a bad way ends the other in the same way.
  upstream.on('error', () => client.resetAndDestroy());
  client.on('error', () => upstream.resetAndDestroy());
  upstream.once('close', (hadError) => {
    if (!hadError && !swallowing) ended = true;
    wake();
  });
  client.once('close', () => {
    upstream.destroy();
    wake();
  });

  const awake = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const drained = () =>
    new Promise<void>((resolve) => {
      const done = () => {
        client.off('drain', done).off('close', done);
        resolve();
      };
      client.once('drain', done).once('close', done);
    });
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

  async function give(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    sent += bytes.length;
    pieces.push(bytes.length);
    if (!client.write(bytes)) await drained();
    if (bytesPerSecond === undefined) return;
    lineFreeAt += (1_000 * bytes.length) / bytesPerSecond;
    // A timer takes a millisecond at least: small pieces pay together. One that is late is made up for.
    const ahead = lineFreeAt - performance.now();
    if (ahead > 5) await wait(ahead);
  }

  /** Cuts only after what was given has left this process. */
  function cutNow(): void {
    wasCut = true;
    if (faults.cut === 'black-hole') return blackHole();
    client.write('', () => {
      if (faults.cut === 'reset') reset();
      else {
        client.end();
        upstream.destroy();
      }
    });
  }

  async function pump(): Promise<void> {
    while (!client.destroyed && !wasCut) {
      const first = stopped ? undefined : queue[0];
      if (first === undefined) {
        if (ended && !stopped && queue.length === 0) return void client.end();
        await awake();
        lineFreeAt = Math.max(lineFreeAt, performance.now());
        continue;
      }
      const early = first.due - performance.now();
      if (early > 0) await wait(early);
      for (let at = 0; at < first.bytes.length && !client.destroyed && !swallowing; ) {
        const size = sliceBytes === undefined ? carriedIn(LINE.pieceMs) : random.whole(1, sliceBytes);
        const piece = first.bytes.subarray(at, Math.min(at + size, at + cutAfter - sent));
        at += piece.length;
        await give(piece);
        if (sent >= cutAfter) return cutNow();
        // Otherwise the kernel would put the pieces together again.
        if (sliceBytes !== undefined) await new Promise(setImmediate);
      }
      queue.shift();
      queued -= first.bytes.length;
      if (!stopped && queued <= maxQueued) upstream.resume();
    }
  }
  void pump();

  function blackHole(): void {
    swallowing = true;
    queue.length = 0;
    upstream.resume();
  }
  function reset(): void {
    client.resetAndDestroy();
    upstream.resetAndDestroy();
  }

  return {
    get sent() {
      return sent;
    },
    pieces,
    get wasCut() {
      return wasCut;
    },
    stopReading() {
      stopped = true;
      upstream.pause();
    },
    readAgain() {
      stopped = false;
      upstream.resume();
      wake();
    },
    halfClose: () => void upstream.end(),
    reset,
    blackHole,
    destroy() {
      client.destroy();
      upstream.destroy();
    },
  };
}
