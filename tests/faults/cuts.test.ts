import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counts } from '../support/counts.ts';
import { type Cut, type Faults, startFaultProxy } from '../support/fault-proxy.ts';
import { hostFiles, WIDE_NAME } from '../support/host-files.ts';
import { askRaw } from '../support/http.ts';
import { EVERYTHING, openWitness, Recorder, type Seen } from '../support/recorder.ts';
import { createRandom, inParallel, type Random, seeds, withSeed } from '../support/seed.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { holesOf, isOfTheLog, only, positionOf, toReference, violations } from '../support/validators.ts';

// However often and wherever a stream is cut: what a reader has put together in the end is what there was.

/** Readers of live events wait most of the time; those of what is there already do not. */
const AT_ONCE = { live: 32, replayed: 16 };
const METRICS = ['cpu', 'memory', 'network'];

/** How a reader was cut, what it asked for and what it saw. */
interface Finished {
  readonly what: string;
  readonly metrics: readonly string[];
  readonly seen: readonly Seen[];
}

const reaches = (seq: number) => (seen: Seen) => isOfTheLog(seen) && positionOf(seen.id).seq >= seq;

describe('a stream that is cut', () => {
  let host: Awaited<ReturnType<typeof hostFiles>>;
  let server: RunningServer;
  let witness: Recorder;
  const streamUrl = (query: string, base = server.url) => `${base}/api/stream?${query}`;
  const newest = () => positionOf(witness.cursor as string);
  const cursorAt = (seq: number) => `${newest().epoch}.${seq.toString(36)}`;

  beforeAll(async () => {
    host = await hostFiles([`${WIDE_NAME}0`]);
    server = await startServer('--interval', '100ms', '--max-subscribers-per-address', '512', ...host.args);
    witness = await openWitness(server, `${EVERYTHING}&interval=100ms`);
    await witness.until('30 events', reaches(30));
  });
  afterAll(async () => {
    witness.close();
    await server.stop();
    await host.remove();
  });

  /** Compares what readers put together with what there was; afterwards, since the witness may be a moment behind. */
  const expectAll = async (readers: readonly Finished[]) => {
    const ids = readers.flatMap(({ seen }) => seen.filter(isOfTheLog).map(({ id }) => positionOf(id).seq));
    const last = ids.reduce((most, seq) => Math.max(most, seq));
    await witness.until('what the readers saw', reaches(last));
    const reference = toReference(witness.seen);
    expect(holesOf(reference)).toEqual([]);
    for (const { what, metrics, seen } of readers) {
      expect({ what, wrong: violations(seen, only(reference, metrics)) }).toEqual({ what, wrong: [] });
    }
  };

  function randomFaults(random: Random): Faults {
    const kinds: readonly Cut[] = ['end', 'reset', 'end', 'reset', 'end', 'reset', 'black-hole'];
    return {
      cut: random.pick(kinds),
      // From within the head of the answer to well into the live events.
      cutAfter: random.logarithmic(20, 30_000),
      ...(random.chance(0.3) ? { sliceBytes: random.logarithmic(1, 500) } : {}),
      ...(random.chance(0.2) ? { latencyMs: random.whole(1, 20), jitterMs: random.whole(1, 20) } : {}),
      ...(random.chance(0.1) ? { bytesPerSecond: 200_000 } : {}),
    };
  }

  it(`adds up, cut at random ${counts.cuts} times over by readers of every kind`, async () => {
    let cuts = 0;
    const finished: Finished[] = [];
    await inParallel(seeds(counts.cuts), AT_ONCE.live, (seed) =>
      withSeed(seed, async (random) => {
        const metrics = random.pick([METRICS, METRICS, ['cpu'], ['memory', 'network']]);
        const paced = random.chance(0.5) ? '&interval=100ms' : '';
        const { seq } = newest();
        const cursor = random.chance(0.5) ? cursorAt(random.whole(Math.max(0, seq - 100), seq)) : null;
        const target = seq + random.whole(1, 15);
        const limit = random.whole(1, 8);
        const proxy = await startFaultProxy(server.port, {
          seed,
          faults: (index) => (index < limit ? randomFaults(random) : {}),
        });
        const reader = new Recorder({
          url: () => streamUrl(`metrics=${metrics}${paced}`, proxy.url),
          cursor,
          heedsCheckpoints: random.chance(0.5),
          gzip: random.chance(0.3),
          silenceMs: 400,
        });
        try {
          await reader.until(`event ${target}`, reaches(target));
          finished.push({ what: `seed=${seed}`, metrics, seen: reader.seen });
          cuts += proxy.links.filter(({ wasCut }) => wasCut).length;
        } finally {
          reader.close();
          await proxy.close();
        }
      }),
    );
    await expectAll(finished);
    // Otherwise nothing was tested; with one seed given it may be less.
    if (finished.length === counts.cuts) expect(cuts).toBeGreaterThan(counts.cuts);
  });

  it('adds up, cut after every single byte of an answer', async () => {
    const { seq } = newest();
    const cursor = cursorAt(seq - 6);
    const metrics = ['memory'];
    const query = `metrics=${metrics}&cursor=${cursor}`;
    const last = toReference(witness.seen)
      .get(newest().epoch)
      ?.filter(({ name, seq: at }) => name === 'memory' && at <= seq)
      .at(-1)?.seq as number;
    // All bytes up to the end of that event, as they go over the wire: the head, the chunks, the events.
    const isEnough = (text: string) => text.includes(`id: ${cursorAt(last)}\n`) && text.trimEnd().length < text.length;
    const request = `GET /api/stream?${query} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`;
    const answer = Buffer.from(await askRaw(server.port, request, isEnough));
    const end = answer.lastIndexOf(`id: ${cursorAt(last)}\n`);
    const length = answer.indexOf('\n\n', end) + 2;
    // Cuts within a letter are among them.
    expect(answer.subarray(0, length).filter((byte) => byte >= 0x80).length).toBeGreaterThan(5);

    const places = Array.from({ length: length + 1 }, (_, i) => i);
    const finished: Finished[] = [];
    await inParallel(places, AT_ONCE.replayed, async (cutAfter) => {
      const random = createRandom(cutAfter);
      const cut = random.pick(['end', 'reset'] as const);
      const proxy = await startFaultProxy(server.port, { faults: () => ({ cutAfter, cut }) });
      const url = (attempt: number) => streamUrl(`metrics=${metrics}`, attempt === 0 ? proxy.url : server.url);
      const reader = new Recorder({ url, cursor, heedsCheckpoints: random.chance(0.5) });
      const what = `cut (${cut}) after byte ${cutAfter} of ${length}`;
      try {
        await reader.until(`event ${last}, ${what}`, reaches(last));
        expect(proxy.links[0]).toMatchObject({ sent: cutAfter, wasCut: true });
        finished.push({ what, metrics, seen: reader.seen });
      } finally {
        reader.close();
        await proxy.close();
      }
    });
    await expectAll(finished);
  });
});
