import { execFileSync, spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counts } from '../support/counts.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { hostFiles } from '../support/host-files.ts';
import { Sessions, TLS } from '../support/http2.ts';
import { makeNamespace } from '../support/namespace.ts';
import { EVERYTHING, openWitness, Recorder, type Seen, type SeenEvent, type Transport } from '../support/recorder.ts';
import { createRandom, seeds } from '../support/seed.ts';
import { startServer, startWeighedServer } from '../support/server.ts';
import {
  agesOf,
  dataOf,
  holesOf,
  isOfTheLog,
  loggedBytes,
  positionOf,
  type Reference,
  toReference,
  violations,
} from '../support/validators.ts';

// A line that carries less than the stream cannot be helped: its reader is told what it misses, and what it does get is
// new. One that carries just enough gets everything.

/** PROTOCOL.md: no more waits than a reader that was slow takes in 5 s; and what the sockets and the line of a test hold. */
const OLDEST_MS = 5_000 + 1_500;
/** What waits for a reader in the server is 256 KiB; the rest is what one look at the heap differs from the next by. */
const MOST_MEMORY = 2 * 1024 * 1024;
/** The log keeps so many bytes of events; the ten minutes for which it does are longer than any test here. */
const MOST_LOGGED = 16 * 1024 * 1024;
const QUERY = `${EVERYTHING}&interval=100ms`;

const isGap = (seen: Seen): seen is SeenEvent => seen.kind === 'event' && seen.name === 'gap';

/** Waits for so many gaps and for what comes after the last. */
async function untilConflated(reader: Recorder, waitMs?: number): Promise<void> {
  const gaps = () => reader.events.filter(isGap).length;
  for (let count = 1; count <= counts.gaps; count++) {
    await reader.until(`gap ${count}`, (seen) => isGap(seen) && gaps() >= count, waitMs);
  }
  const last = reader.events.findLastIndex(isGap);
  await reader.until('what follows', () => reader.events.slice(last + 1).filter(isOfTheLog).length > 10);
}

function expectConflated({ seen, events }: Recorder, reference: Reference): void {
  expect(violations(seen, reference)).toEqual([]);
  const gaps = events.filter(isGap);
  for (const gap of gaps) {
    const { from, to, reason } = dataOf(gap);
    expect(reason).toBe('slow');
    expect(to - from).toBeGreaterThan(0);
  }
  const later = events.slice(events.indexOf(gaps[0] as SeenEvent) + 1);
  expect(Math.max(...agesOf(later))).toBeLessThan(OLDEST_MS);
}

/** What there was, as far as these readers saw it. */
async function referenceFor(witness: Recorder, readers: readonly Recorder[]): Promise<Reference> {
  for (const reader of readers) reader.close();
  const upTo = Math.max(...readers.map(({ cursor }) => positionOf(cursor as string).seq));
  await witness.until('what they saw', (seen) => isOfTheLog(seen) && positionOf(seen.id).seq >= upTo);
  const reference = toReference(witness.seen);
  expect(holesOf(reference)).toEqual([]);
  return reference;
}

describe.concurrent.each([
  // The kernel keeps megabytes for such a reader, and the end of that is seen only after it has read them all.
  { over: 'HTTP/1.1', interfaces: 400, tls: [], isPatient: true },
  // Here the window of a stream keeps all but 64 KiB in the server.
  { over: 'HTTP/2', interfaces: 60, tls: TLS, isPatient: false },
])('a line over $over', ({ interfaces, tls, isPatient }) => {
  const [seed = 0] = seeds(1);
  const random = createRandom(seed);
  let host: Awaited<ReturnType<typeof hostFiles>>;
  let server: Awaited<ReturnType<typeof startWeighedServer>>;
  let witness: Recorder;
  /** Of the stream, in bytes a second. */
  let width = 0;
  const proxies: FaultProxy[] = [];

  beforeAll(async () => {
    host = await hostFiles(Array.from({ length: interfaces }, (_, i) => `veth${i}`));
    server = await startWeighedServer('--interval', '100ms', ...tls, ...host.args);
    witness = await openWitness(server, QUERY, tls.length > 0 ? new Sessions().transport : undefined);
    const { at } = dataOf((await witness.until('an event', isOfTheLog)) as SeenEvent);
    await witness.until('two seconds', (seen) => isOfTheLog(seen) && dataOf(seen).at > at + 2_000);
    const events = witness.events.filter((event) => isOfTheLog(event) && dataOf(event).at > at);
    width = (1_000 * loggedBytes(events)) / (dataOf(events.at(-1) as SeenEvent).at - at);
  });
  afterAll(async () => {
    witness.close();
    for (const proxy of proxies) await proxy.close();
    await server.stop();
    await host.remove();
  });

  /** Bytes that the server holds, less the log, which fills meanwhile: the least of a few looks, for some see a tick. */
  async function weigh(): Promise<number> {
    const looks: number[] = [];
    while (looks.length < 4) {
      const { bytes } = await server.weigh();
      looks.push(bytes - Math.min(MOST_LOGGED, loggedBytes(witness.events.filter(isOfTheLog))));
    }
    return Math.min(...looks);
  }

  async function open(share: number): Promise<Recorder> {
    console.log(`seed=${seed}: a line of ${Math.round(100 * share)} % of ${Math.round(width / 1_000)} kB/s`);
    const proxy = await startFaultProxy(server.port, { seed, faults: () => ({ bytesPerSecond: share * width }) });
    proxies.push(proxy);
    const sessions = new Sessions({ urlOf: () => proxy.url.replace('http:', 'https:') });
    const base = tls.length > 0 ? server.url : proxy.url;
    const transport = tls.length > 0 ? { transport: sessions.transport } : {};
    return new Recorder({ url: () => `${base}/api/stream?${QUERY}`, reconnects: false, ...transport });
  }

  it.runIf(counts.patient || !isPatient)(
    'that is too narrow has no silent hole, and nothing old after a gap',
    async () => {
      const memory = await weigh();
      const reader = await open(0.35 + 0.3 * random.next());
      try {
        await untilConflated(reader);
        expect((await weigh()) - memory).toBeLessThan(MOST_MEMORY);
        expectConflated(reader, await referenceFor(witness, [reader]));
      } finally {
        reader.close();
      }
    },
  );

  it('that is just wide enough has no gap at all', async () => {
    const reader = await open(1.2);
    try {
      const until = Date.now() + 5_000;
      await reader.until('five seconds', (seen) => isOfTheLog(seen) && dataOf(seen).at > until);
      expect(violations(reader.seen, await referenceFor(witness, [reader]))).toEqual([]);
      expect(reader.events.filter(isGap)).toEqual([]);
      expect(Math.max(...agesOf(reader.events))).toBeLessThan(2_000);
    } finally {
      reader.close();
    }
  });
});

/** Two kilobytes a second, and a queue before it, as a modem has it. */
const MODEM = ['tbf', 'rate', '16kbit', 'burst', '2kb', 'latency', '5s'];
/** A reader with nothing of ours in it. */
const READER = `require('node:http').get(process.argv[1], (response) => response.pipe(process.stdout));`;
const namespace = counts.patient ? makeNamespace() : 'it takes minutes, npm run soak has them';
const [title, isPossible] =
  typeof namespace === 'string' ? [`a modem: SKIPPED, ${namespace}`, false] : ['a modem', true];
if (counts.patient && !isPossible) console.warn(title);

describe.runIf(isPossible)(title, () => {
  if (typeof namespace === 'string') return;
  afterAll(() => namespace.remove());

  it('has nothing old after a gap, however much less than the stream it carries', async () => {
    const server = await startServer(
      ...['--host', namespace.address, '--insecure-no-auth', '--allow-root', '--interval', '100ms'],
    );
    const [device = ''] =
      /\S+(?=\s+inet )/.exec(
        execFileSync('ip', ['-o', 'addr', 'show', 'to', namespace.address], { encoding: 'utf8' }),
      ) ?? [];
    execFileSync('tc', ['qdisc', 'add', 'dev', device, 'root', ...MODEM]);
    const [ip, ...args] = namespace.command;
    const far: Transport = (url, _, answered) => {
      const child = spawn(ip, [...args, process.execPath, '-e', READER, url], { stdio: ['ignore', 'pipe', 'inherit'] });
      answered({ status: 200, coding: undefined, body: child.stdout });
      return { setTimeout() {}, destroy: () => child.kill('SIGKILL') };
    };
    const witness = await openWitness(server, QUERY);
    const reader = new Recorder({ url: () => `${server.url}/api/stream?${QUERY}`, reconnects: false, transport: far });
    try {
      // What was sent in the first ten seconds at most, until it was seen to be too much, takes its time.
      await untilConflated(reader, 200_000);
      expectConflated(reader, await referenceFor(witness, [reader]));
    } finally {
      for (const each of [witness, reader]) each.close();
      await server.kill();
    }
  });
});
