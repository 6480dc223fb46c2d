import { constants } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counts } from '../support/counts.ts';
import { type Cut, type Faults, startFaultProxy } from '../support/fault-proxy.ts';
import { hostFiles, WIDE_NAME } from '../support/host-files.ts';
import { type Reset, Sessions, TLS } from '../support/http2.ts';
import { EVERYTHING, openWitness, Recorder, type Seen } from '../support/recorder.ts';
import { inParallel, type Random, seeds, withSeed } from '../support/seed.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { holesOf, isOfTheLog, only, positionOf, toReference, violations } from '../support/validators.ts';

// Many streams on one connection, which end one by one or all together: each goes on where it was.

/** Sessions at a time; each has some streams. */
const AT_ONCE = 16;
const METRICS = ['cpu', 'memory', 'network'];
const CODES = [constants.NGHTTP2_NO_ERROR, constants.NGHTTP2_CANCEL, constants.NGHTTP2_INTERNAL_ERROR];

interface Finished {
  readonly what: string;
  readonly metrics: readonly string[];
  readonly seen: readonly Seen[];
}

const reaches = (seq: number) => (seen: Seen) => isOfTheLog(seen) && positionOf(seen.id).seq >= seq;

describe('streams of HTTP/2 that are cut', () => {
  let host: Awaited<ReturnType<typeof hostFiles>>;
  let server: RunningServer;
  let witness: Recorder;
  const calm = new Sessions();
  const newest = () => positionOf(witness.cursor as string);
  const cursorAt = (seq: number) => `${newest().epoch}.${seq.toString(36)}`;

  beforeAll(async () => {
    host = await hostFiles([`${WIDE_NAME}0`]);
    server = await startServer('--interval', '100ms', '--max-subscribers-per-address', '512', ...TLS, ...host.args);
    witness = await openWitness(server, `${EVERYTHING}&interval=100ms`, calm.transport);
    await witness.until('30 events', reaches(30));
  });
  afterAll(async () => {
    witness.close();
    calm.close();
    await server.stop();
    await host.remove();
  });

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

  /** Some of the bytes are of the handshake of TLS, so that it is cut as well. */
  function randomFaults(random: Random): Faults {
    const kinds: readonly Cut[] = ['end', 'reset', 'end', 'reset', 'end', 'reset', 'black-hole'];
    return {
      cut: random.pick(kinds),
      cutAfter: random.logarithmic(200, 60_000),
      ...(random.chance(0.2) ? { sliceBytes: random.logarithmic(1, 500) } : {}),
      ...(random.chance(0.2) ? { latencyMs: random.whole(1, 20), jitterMs: random.whole(1, 20) } : {}),
    };
  }

  const randomReset = (random: Random): Reset => ({
    // Before the answer, or after some of it.
    after: random.chance(0.2) ? 0 : random.logarithmic(1, 10_000),
    code: random.pick(CODES),
  });

  it(`add up, ${counts.sessions} sessions cut at random with all that is on them, and streams reset between`, async () => {
    let [cuts, resets] = [0, 0];
    const finished: Finished[] = [];
    const all = seeds(counts.sessions);
    await inParallel(all, AT_ONCE, (seed) =>
      withSeed(seed, async (random) => {
        const { seq } = newest();
        const target = seq + random.whole(5, 30);
        const [cutSessions, resetStreams] = [random.whole(1, 5), random.whole(2, 10)];
        const proxy = await startFaultProxy(server.port, {
          seed,
          faults: (index) => (index < cutSessions ? randomFaults(random) : {}),
        });
        const sessions = new Sessions({
          urlOf: () => proxy.url.replace('http:', 'https:'),
          resetOf: (index) => (index < resetStreams ? randomReset(random) : null),
        });
        const readers = Array.from({ length: random.whole(1, 5) }, () => {
          const metrics = random.pick([METRICS, METRICS, ['cpu'], ['memory', 'network']]);
          const paced = random.chance(0.5) ? '&interval=100ms' : '';
          const reader = new Recorder({
            url: () => `${server.url}/api/stream?metrics=${metrics}${paced}`,
            cursor: random.chance(0.5) ? cursorAt(random.whole(Math.max(0, seq - 100), seq)) : null,
            heedsCheckpoints: random.chance(0.5),
            gzip: random.chance(0.3),
            silenceMs: 400,
            transport: sessions.transport,
          });
          return { metrics, reader };
        });
        try {
          await Promise.all(readers.map(({ reader }) => reader.until(`event ${target}`, reaches(target))));
          for (const { metrics, reader } of readers)
            finished.push({ what: `seed=${seed}`, metrics, seen: reader.seen });
          cuts += proxy.links.filter(({ wasCut }) => wasCut).length;
          resets += sessions.resets;
        } finally {
          for (const { reader } of readers) reader.close();
          sessions.close();
          await proxy.close();
        }
      }),
    );
    await expectAll(finished);
    // Otherwise nothing was tested; with one seed given it may be less.
    if (all.length === counts.sessions) {
      expect(cuts).toBeGreaterThan(counts.sessions);
      expect(resets).toBeGreaterThan(counts.sessions);
    }
  });

  it(`add up, reset at ${counts.resets} places of an answer, and those beside them notice nothing`, async () => {
    const { seq } = newest();
    const cursor = cursorAt(seq - 60);
    const metrics = ['memory', 'network'];
    const sessions = new Sessions({ resetOf: (index) => (index % 3 === 0 ? null : { after: index, code: 8 }) });
    const url = () => `${server.url}/api/stream?metrics=${metrics}&interval=100ms`;
    const finished: Finished[] = [];
    const beside = new Recorder({ url, cursor, reconnects: false, transport: sessions.transport });
    try {
      const places = Array.from({ length: counts.resets }, (_, i) => i);
      await inParallel(places, AT_ONCE, async (place) => {
        const reader = new Recorder({ url, cursor, transport: sessions.transport });
        try {
          await reader.until(`event ${seq}, from place ${place}`, reaches(seq));
          finished.push({ what: `reader ${place}`, metrics, seen: reader.seen });
        } finally {
          reader.close();
        }
      });
      const live = newest().seq;
      await beside.until('live events', reaches(live));
      expect(sessions.count).toBe(1);
      expect(sessions.resets).toBeGreaterThan(counts.resets);
      finished.push({ what: 'beside them', metrics, seen: beside.seen });
      await expectAll(finished);
    } finally {
      beside.close();
      sessions.close();
    }
  });
});
