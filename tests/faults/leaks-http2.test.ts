import { readdirSync, readFileSync } from 'node:fs';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counts } from '../support/counts.ts';
import { hostFiles } from '../support/host-files.ts';
import { https1, TLS } from '../support/http2.ts';
import { fetchText, openWitness, type SeenEvent } from '../support/recorder.ts';
import { inParallel, type Random, seeds, withSeed } from '../support/seed.ts';
import { startWeighedServer } from '../support/server.ts';
import { dataOf, loggedBytes, positionOf } from '../support/validators.ts';

// Sessions with many streams that come and go leave nothing behind, in whatever phase each of them is.

const AT_ONCE = 8;
/** What one look at the heap differs from the next by, with code that was compiled between them and the like. */
const NOISE_BYTES = 512 * 1024;
/** A session that is kept by mistake holds at least fifty kilobytes; one way of leaving in thirty may be the bad one. */
const LEAST_LEAK_BYTES = 1_000;
/** Of resident memory, which no collection brings back, in one round. */
const MOST_GROWTH_KB = 16 * 1024;
const isLinux = process.platform === 'linux';

/** How far a stream has come when its reader leaves; `null` for no further than the request. */
const PHASES: Readonly<Record<string, string | null>> = {
  asked: null,
  answered: '',
  'been greeted': 'event: hello',
  'been replayed much': 'event: network',
};

interface Visit {
  readonly socket: net.Socket;
  readonly session: ClientHttp2Session;
  readonly streams: readonly ClientHttp2Stream[];
}
const resetAll = (code: number) => (visit: Visit) => {
  for (const stream of visit.streams) {
    stream.close(code);
    // One that has something to read is not gone before.
    stream.resume();
  }
  visit.session.close();
};
const LEAVES: Readonly<Record<string, (visit: Visit) => void>> = {
  'resets every stream': resetAll(constants.NGHTTP2_CANCEL),
  'resets every stream without an error': resetAll(constants.NGHTTP2_NO_ERROR),
  'says that it goes away, and goes': ({ session }) => {
    session.goaway();
    session.destroy();
  },
  'gives up the session': ({ session }) => session.destroy(),
  'ends its connection': ({ socket }) => void socket.end(),
  'closes its connection': ({ socket }) => void socket.destroy(),
  'resets its connection': ({ socket }) => void socket.resetAndDestroy(),
};

describe('R5: sessions that come and go', () => {
  let host: Awaited<ReturnType<typeof hostFiles>>;
  let server: Awaited<ReturnType<typeof startWeighedServer>>;
  let beginning = '';
  /** How fast the log grows, whoever comes, in bytes a ms. */
  let growth = 0;
  const open = new Set<net.Socket>();

  beforeAll(async () => {
    // So much that a replay takes several writes, and more than the window of a stream.
    host = await hostFiles(Array.from({ length: 100 }, (_, i) => `veth${i}`));
    server = await startWeighedServer('--log-level', 'error', '--interval', '500ms', ...TLS, ...host.args);
    const witness = await openWitness(server, 'metrics=network', https1);
    const looks = () => witness.events.filter(({ name }) => name === 'network');
    await witness.until('four looks', () => looks().length >= 4);
    witness.close();
    const [first, ...others] = looks() as [SeenEvent, ...SeenEvent[]];
    growth = loggedBytes(others) / (dataOf(others.at(-1) as SeenEvent).at - dataOf(first).at);
    beginning = `${positionOf(witness.cursor as string).epoch}.0`;
  });
  afterAll(async () => {
    await server.stop();
    await host.remove();
  });

  const STREAMS: readonly Readonly<Record<string, string>>[] = [
    { ':path': '/api/stream?metrics=network' },
    { ':path': '/api/stream?metrics=cpu,network', 'accept-encoding': 'gzip' },
    { ':path': '/api/stream?metrics=network&interval=5s' },
  ];
  const replayed = () => ({ ':path': `/api/stream?metrics=network&cursor=${beginning}` });
  const others = (): readonly Readonly<Record<string, string>>[] => [
    ...STREAMS,
    { ...replayed(), 'accept-encoding': 'gzip' },
    { ':method': 'HEAD', ':path': '/api/stream' },
    { ':path': '/api/stream?metrics=warp' },
  ];

  /** The first stream tells when it is time to leave; the others are wherever they are by then. */
  function visit(enough: string | null, leave: (visit: Visit) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(server.port, '127.0.0.1');
      open.add(socket);
      socket.on('error', () => {});
      socket.setTimeout(10_000, () => reject(new Error('no end after 10 s')));
      socket.once('close', () => resolve());
      // What ends its half is seen by the server; Node's own client does not always see the other half end.
      socket.once('finish', () => resolve());
      const session = connect(server.url, {
        createConnection: () => tls.connect({ socket, ALPNProtocols: ['h2'], rejectUnauthorized: false }),
      });
      session.on('error', () => {});
      session.once('connect', () => {
        const streams = [replayed(), ...others()].map((headers) => session.request(headers));
        for (const stream of streams) stream.on('error', () => {});
        for (const stream of streams.slice(2)) stream.resume();
        // The second is not read at all: its window closes.
        let text = '';
        const [first] = streams as [ClientHttp2Stream];
        const look = () => {
          if (enough === null || !text.includes(enough)) return;
          first.removeAllListeners('data');
          leave({ socket, session, streams });
        };
        if (enough === null) leave({ socket, session, streams });
        first.once('response', look);
        first.on('data', (data) => {
          text += data;
          look();
        });
      });
    });
  }

  const WAYS = Object.entries(PHASES).flatMap(([phase, enough]) =>
    Object.entries(LEAVES).map(([how, leave]) => ({ name: `has ${phase} and ${how}`, go: () => visit(enough, leave) })),
  );
  WAYS.push({
    name: 'resets its connection in the middle of the handshake',
    go: () =>
      new Promise((resolve) => {
        const socket = net.connect(server.port, '127.0.0.1').on('error', () => {});
        const secure = tls.connect({ socket, ALPNProtocols: ['h2'], rejectUnauthorized: false }).on('error', () => {});
        // The first keys are known when the server has answered.
        secure.once('keylog', () => void socket.resetAndDestroy());
        socket.once('close', () => resolve());
      }),
  });

  const subscribers = async () => JSON.parse(await fetchText(`${server.url}/healthz`, https1)).subscribers;
  const weigh = async () => {
    const { bytes, resources } = await server.weigh();
    return { bytes: bytes - Math.round(growth * performance.now()), resources };
  };
  const files = () => (isLinux ? readdirSync(`/proc/${server.pid}/fd`).length : 0);
  const residentKb = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]);

  /** Every way equally often, in a random order. */
  async function round(random: Random): Promise<void> {
    const visits = Array.from({ length: counts.visits }, (_, i) => ({
      way: WAYS[i % WAYS.length] as (typeof WAYS)[number],
      at: random.next(),
    }));
    visits.sort((a, b) => a.at - b.at);
    await inParallel(visits, AT_ONCE, async ({ way: { name, go } }) => {
      await go().catch((error: Error) =>
        Promise.reject(new Error(`one that ${name}: ${error.message}`, { cause: error })),
      );
    });
    await expect.poll(subscribers, { timeout: 10_000 }).toBe(0);
    for (const socket of open) socket.destroy();
    open.clear();
  }

  it(`are forgotten: ${3 * counts.visits} of them leave no stream, no session, no file and no memory behind`, async () => {
    const filesBefore = files();
    for (const seed of seeds(1)) {
      await withSeed(seed, async (random) => {
        await round(random);
        const warm = await weigh();
        await round(random);
        const first = await weigh();
        const residentFirst = isLinux ? residentKb() : 0;
        await round(random);
        const second = await weigh();
        console.log(
          `bytes after each round: ${warm.bytes}, ${first.bytes}, ${second.bytes}; resources ${JSON.stringify(second.resources)}`,
        );
        expect(second.resources).toEqual(first.resources);
        expect(Object.keys(second.resources).filter((kind) => kind.startsWith('HTTP2'))).toEqual([]);
        expect(second.bytes - first.bytes).toBeLessThan(NOISE_BYTES + LEAST_LEAK_BYTES * counts.visits);
        if (!isLinux) return;
        let grownKb = residentKb() - residentFirst;
        // The allocator takes a piece for itself once in a while; what leaks takes as much in every round.
        for (let more = 0; grownKb >= MOST_GROWTH_KB && more < 3; more++) {
          const before = residentKb();
          await round(random);
          grownKb = residentKb() - before;
        }
        expect(grownKb).toBeLessThan(MOST_GROWTH_KB);
        await expect.poll(() => Math.abs(files() - filesBefore), { timeout: 10_000 }).toBeLessThanOrEqual(2);
      });
    }
  });
});
