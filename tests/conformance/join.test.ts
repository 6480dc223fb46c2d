import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream, type Reader, type StreamEvent } from '../support/sse.ts';

// A cursor gives exactly what was missed, or says that it cannot. A witness that never left tells what there was.

const seqOf = (id: string) => Number.parseInt(id.split('.')[1] ?? '', 36);
const plain = ({ name, id, data }: StreamEvent) => ({ name, id, data });

describe('a reader that comes back', () => {
  const QUERY = '?metrics=cpu,memory&interval=100ms';
  let server: RunningServer;
  let witness: Reader;
  let readers: Reader[] = [];
  const open = async (query: string, headers = {}) => {
    const reader = await openStream(`${server.url}/api/stream${query}`, headers);
    readers.push(reader);
    return reader;
  };
  /** Reads a little, leaves, and answers where it was, once the log has gone on. */
  const leave = async () => {
    const reader = await open(QUERY);
    const seen = await reader.next(7);
    reader.close();
    const { id } = seen.at(-1) as StreamEvent;
    await witness.waitFor((event) => seqOf(event.id) > seqOf(id) + 12);
    return id;
  };
  const expectExactly = async (reader: Reader, cursor: string) => {
    const [hello] = await reader.next(1);
    expect(hello).toMatchObject({ name: 'hello', id: cursor, data: { resumed: true } });
    const got = await reader.next(20);
    await witness.waitFor(({ id }) => seqOf(id) >= seqOf((got.at(-1) as StreamEvent).id));
    const after = witness.events.filter(({ id, name }) => name !== 'hello' && seqOf(id) > seqOf(cursor));
    expect(got.map(plain)).toEqual(after.slice(0, 20).map(plain));
    // The last of them are live: they came after the reader did.
    expect((got.at(-1) as StreamEvent).data.at).toBeGreaterThan(hello?.data.at);
  };

  beforeAll(async () => {
    server = await startServer();
    witness = await openStream(`${server.url}/api/stream${QUERY}`);
    await witness.next(5);
  });
  afterEach(() => {
    for (const reader of readers) reader.close();
    readers = [];
  });
  afterAll(async () => {
    witness.close();
    await server.stop();
  });

  it('gets with Last-Event-ID exactly what it missed, then goes on live', async () => {
    const cursor = await leave();
    await expectExactly(await open(QUERY, { 'last-event-id': cursor }), cursor);
  });

  it('gets the same with ?cursor=', async () => {
    const cursor = await leave();
    await expectExactly(await open(`${QUERY}&cursor=${cursor}`), cursor);
  });

  it('is believed by its header before its query', async () => {
    const cursor = await leave();
    await expectExactly(await open(`${QUERY}&cursor=nonsense`, { 'last-event-id': cursor }), cursor);
  });

  it('may use a cursor under another filter', async () => {
    const cursor = await leave();
    const reader = await open('?metrics=memory&interval=100ms', { 'last-event-id': cursor });
    const [hello, ...got] = await reader.next(7);
    expect(hello?.data.resumed).toBe(true);
    const after = witness.events.filter(({ id, name }) => name === 'memory' && seqOf(id) > seqOf(cursor));
    expect(got.slice(0, 5).map(plain)).toEqual(after.slice(0, 5).map(plain));
  });

  it.each<[string, (epoch: string) => string, string]>([
    ['garbled', () => 'no cursor at all', 'unknown'],
    ['of bytes that are no text', () => '\u00ff\u00fe', 'unknown'],
    ['much too long', (epoch) => `${epoch}.${'1'.repeat(500)}`, 'unknown'],
    ['not in its one form', (epoch) => `${epoch}.007`, 'unknown'],
    ['of another start', () => 'otherepoch.5', 'restart'],
    ['of the future', (epoch) => `${epoch}.zzzzzz`, 'unknown'],
  ])('is told one gap for a cursor that is %s, and goes on with the newest', async (_, cursorOf, reason) => {
    const epoch = witness.events[0]?.data.epoch;
    const reader = await open(QUERY, { 'last-event-id': cursorOf(epoch) });
    expect(reader.status).toBe(200);
    const [hello, gap, ...rest] = (await reader.next(8)) as [StreamEvent, StreamEvent, ...StreamEvent[]];
    expect(hello).toMatchObject({ name: 'hello', data: { resumed: false } });
    expect(gap).toMatchObject({ name: 'gap', data: { from: null, reason } });
    expect(rest.map(({ name }) => name)).toEqual(['cpu', 'memory', 'cpu', 'memory', 'cpu', 'memory']);
    expect(seqOf(gap.id)).toBe(seqOf(rest[0]?.id as string) - 1);
    expect(rest[0]?.data.at).toBeGreaterThan(hello.data.at - 1_000);
    expect(rest.at(-1)?.data.at).toBeGreaterThan(hello.data.at);
  });
});
