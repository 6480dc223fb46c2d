import { constants } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counts } from '../support/counts.ts';
import { https1, Sessions, TLS } from '../support/http2.ts';
import { goaway, RawSession, reset } from '../support/raw-http2.ts';
import { EVERYTHING, fetchText, openWitness, Recorder } from '../support/recorder.ts';
import { inParallel } from '../support/seed.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { holesOf, isOfTheLog, positionOf, toReference, violations } from '../support/validators.ts';

// Whoever says GOAWAY asks for nothing more. Nobody is kept from asking all the same, and nobody else may notice.

const AT_ONCE = 10;
const QUERY = `${EVERYTHING}&interval=100ms`;
const STREAM = `/api/stream?${QUERY}`;
const { NGHTTP2_NO_ERROR, NGHTTP2_PROTOCOL_ERROR, NGHTTP2_CANCEL } = constants;
const EVENT = /^event: cpu\nid: (\S+)$/gm;
const idsOf = (text: string) => [...text.matchAll(EVENT)].map(([, id = '']) => id);
const isGreeted = (text: string) => text.includes('event: hello');

describe('a session that goes away', () => {
  let server: RunningServer;
  let witness: Recorder;

  beforeAll(async () => {
    server = await startServer('--interval', '100ms', ...TLS);
    witness = await openWitness(server, QUERY, https1);
  });
  afterAll(async () => {
    witness.close();
    await server.stop();
  });

  const subscribers = async () => JSON.parse(await fetchText(`${server.url}/healthz`, https1)).subscribers;

  /** How it is said, and what is still asked for: in one piece, since that is read at once. */
  const WAYS: readonly ((session: RawSession) => Promise<void>)[] = [
    async (session) => {
      session.begin(session.get(1, STREAM), goaway(NGHTTP2_NO_ERROR), session.get(3, STREAM));
      await session.until(1, isGreeted);
      session.send(reset(1, NGHTTP2_CANCEL), reset(3, NGHTTP2_CANCEL));
      await session.closed;
    },
    async (session) => {
      const more = Array.from({ length: 8 }, (_, i) => session.get(2 * i + 3, i % 2 ? '/api/host' : STREAM));
      session.begin(session.get(1, STREAM), goaway(NGHTTP2_NO_ERROR), ...more, goaway(NGHTTP2_NO_ERROR));
      await session.until(1, isGreeted);
      session.destroy();
      await session.closed;
    },
    async (session) => {
      session.begin(goaway(NGHTTP2_NO_ERROR), session.get(1, STREAM), reset(1, NGHTTP2_CANCEL));
      await session.closed;
    },
    async (session) => {
      session.begin(session.get(1, STREAM), goaway(NGHTTP2_PROTOCOL_ERROR), session.get(3, STREAM));
      await session.closed;
    },
  ];

  it(`and asks for more harms nobody, ${counts.goaways} times`, async () => {
    const sessions = new Sessions();
    const url = () => `${server.url}${STREAM}`;
    const others = [sessions.transport, sessions.transport, https1].map(
      (transport) => new Recorder({ url, reconnects: false, transport }),
    );
    try {
      await Promise.all(others.map((reader) => reader.until('an event', isOfTheLog)));
      const visits = Array.from({ length: counts.goaways }, (_, i) => WAYS[i % WAYS.length] as (typeof WAYS)[number]);
      await inParallel(visits, AT_ONCE, async (visit) => visit(await RawSession.open(server.port)));
      // All that remain are the witness and these.
      await expect.poll(subscribers, { timeout: 10_000 }).toBe(1 + others.length);
      const last = positionOf(witness.cursor as string).seq + 10;
      const reaches = (seq: number) =>
        others.map((reader) =>
          reader.until('what came meanwhile', (seen) => isOfTheLog(seen) && positionOf(seen.id).seq >= seq),
        );
      await Promise.all(reaches(last));
      for (const reader of others) reader.close();
      const end = Math.max(...others.map(({ cursor }) => positionOf(cursor as string).seq));
      await witness.until('the same', (seen) => isOfTheLog(seen) && positionOf(seen.id).seq >= end);
      const reference = toReference(witness.seen);
      expect(holesOf(reference)).toEqual([]);
      for (const { seen, events } of others) {
        expect(violations(seen, reference)).toEqual([]);
        expect(events.filter(({ name }) => name === 'gap')).toEqual([]);
      }
    } finally {
      for (const reader of others) reader.close();
      sessions.close();
    }
  });

  it('is served what it had asked for until that ends, and then its connection does', async () => {
    const session = await RawSession.open(server.port);
    session.begin(session.get(1, STREAM), session.get(3, `${STREAM}&cursor=`));
    await session.until(1, (text) => idsOf(text).length > 1);
    session.send(goaway(NGHTTP2_NO_ERROR));
    const before = idsOf(session.text(1)).length;
    for (const stream of [1, 3]) await session.until(stream, (text) => idsOf(text).length > before + 10);
    session.send(reset(1, NGHTTP2_CANCEL));
    const rest = idsOf(session.text(3)).length;
    await session.until(3, (text) => idsOf(text).length > rest + 5);
    const ids = idsOf(session.text(3));
    session.send(reset(3, NGHTTP2_CANCEL));
    await session.closed;
    await witness.until('the same', ({ kind, ...seen }) => kind === 'event' && 'id' in seen && seen.id === ids.at(-1));
    const told = witness.events.filter(({ name }) => name === 'cpu').map(({ id }) => id);
    const from = told.indexOf(ids[0] as string);
    expect(ids).toEqual(told.slice(from, from + ids.length));
  });
});
