import { type AnyEvent, blankValues, encodeBlock, metrics } from '@telltale/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeWorld, hello } from '../testing.ts';
import { Connection, type ConnectionStatus } from './connection.ts';

const cpu = (seq: number, usage: number) => ({
  event: 'cpu',
  id: `e.${seq}`,
  data: { at: seq * 1_000, elapsedMs: 1_000, ...blankValues(metrics.cpu.fields), usage },
});

let world: FakeWorld;
let events: AnyEvent[];
let statuses: ConnectionStatus[];

beforeEach(() => {
  world = new FakeWorld();
  events = [];
  statuses = [];
});

async function connect(cursor: string | null = null): Promise<Connection> {
  const connection = new Connection(
    {
      base: 'http://nas:7411/',
      token: 'secret',
      metrics: ['cpu', 'memory'],
      interval: null,
      cursor,
      onEvent: (event) => events.push(event),
      onStatus: (status) => statuses.push(status),
    },
    world,
  );
  await world.pass(0);
  return connection;
}

const states = () => statuses.map(({ state }) => state);

describe('a connection', () => {
  it('asks for its metrics, with its token in a header and never in the URL', async () => {
    await connect('e.5');
    expect(world.stream.url).toBe('http://nas:7411/api/stream?metrics=cpu%2Cmemory');
    expect(world.stream.headers).toMatchObject({ authorization: 'Bearer secret', 'last-event-id': 'e.5' });
  });

  it('is live from hello on, and hands over typed events', async () => {
    await connect();
    await world.stream.send({ retry: 1_000 }, hello(['cpu', 'memory']), cpu(1, 12.5));
    expect(states()).toEqual(['live']);
    expect(events.map(({ name }) => name)).toEqual(['hello', 'cpu']);
  });

  it('goes on where it was after the server ended the stream, after a wait of its own', async () => {
    await connect();
    await world.stream.send(hello(['cpu']), cpu(1, 1), cpu(2, 2));
    await world.stream.end();
    expect(statuses.at(-1)).toMatchObject({ state: 'retrying', retryAt: world.now() + 500 });
    await world.pass(499);
    expect(world.streams).toHaveLength(1);
    await world.pass(1);
    expect(world.stream.headers['last-event-id']).toBe('e.2');
    await world.stream.send(hello(['cpu'], { resumed: true }));
    expect(states().at(-1)).toBe('live');
  });

  it('waits as long as the server asked in bye', async () => {
    await connect();
    await world.stream.send(hello(['cpu']), { event: 'bye', data: { reason: 'shutdown', retryMs: 2_345 } });
    await world.stream.end();
    expect(statuses.at(-1)?.retryAt).toBe(world.now() + 2_345);
  });

  it('waits ever longer for a server that is not there', async () => {
    world.refuse = () => null;
    await connect();
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) {
      const wait = (statuses.at(-1)?.retryAt ?? 0) - world.now();
      waits.push(wait);
      await world.pass(wait);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(statuses.at(-1)?.detail).toBe('the server cannot be reached');
  });

  it('says what is wrong when it is refused, and does not try again', async () => {
    world.refuse = () => Response.json({ detail: 'metric "x" is unknown' }, { status: 400 });
    await connect();
    expect(statuses).toEqual([{ state: 'closed', detail: 'metric "x" is unknown', retryAt: null }]);
    await world.pass(100_000);
    expect(world.streams).toHaveLength(0);
  });

  it('comes back when a full server says so', async () => {
    world.refuse = () => new Response('', { status: 503, headers: { 'retry-after': '7' } });
    await connect();
    expect(statuses.at(-1)).toMatchObject({ state: 'retrying', retryAt: world.now() + 7_000 });
  });

  it('refuses a page that is no stream', async () => {
    world.refuse = () => new Response('<html>', { headers: { 'content-type': 'text/html' } });
    await connect();
    expect(statuses.at(-1)?.detail).toContain('not a Telltale server');
  });

  it('R6: is late when events are overdue, and live again with the next', async () => {
    await connect();
    await world.stream.send(hello(['cpu']), cpu(1, 1));
    await world.pass(2_900);
    expect(states()).toEqual(['live']);
    await world.pass(1_000);
    expect(states()).toEqual(['live', 'late']);
    await world.stream.send(cpu(2, 2));
    expect(states()).toEqual(['live', 'late', 'live']);
  });

  it('R6: gives up a connection that was silent for two heartbeats, and reconnects', async () => {
    await connect();
    await world.stream.send(hello(['cpu']), cpu(1, 1));
    const first = world.stream;
    await world.pass(31_500);
    expect(first.aborted()).toBe(true);
    expect(world.streams.length).toBeGreaterThan(1);
    expect(world.stream.headers['last-event-id']).toBe('e.1');
  });

  it('survives events that are unknown or broken', async () => {
    await connect();
    await world.stream.send(
      hello(['cpu']),
      { event: 'weather', data: 1 },
      { event: 'cpu', data: { at: 'noon' } },
      cpu(3, 3),
    );
    expect(events.map(({ name }) => name)).toEqual(['hello', 'cpu']);
  });

  it('tries at once when it is told to', async () => {
    const connection = await connect();
    await world.stream.fail();
    connection.retryNow();
    await world.pass(0);
    expect(world.streams).toHaveLength(2);
  });

  it('ends for good when it is closed', async () => {
    const connection = await connect();
    await world.stream.send(hello(['cpu']));
    connection.close();
    await world.pass(60_000);
    expect(world.streams).toHaveLength(1);
    expect(world.stream.aborted()).toBe(true);
    expect(states()).toEqual(['live', 'closed']);
  });

  it('hands over an event once, however often it is sent', async () => {
    await connect('e.1');
    await world.stream.send(hello(['cpu']), cpu(1, 1), cpu(2, 2), cpu(2, 2), cpu(3, 3));
    await world.stream.fail();
    await world.pass(500);
    await world.stream.send(hello(['cpu'], { resumed: true }, 'e.3'), cpu(3, 3), cpu(4, 4));
    expect(events.filter(({ name }) => name === 'cpu').map(({ data }) => (data as { usage: number }).usage)).toEqual([
      2, 3, 4,
    ]);
  });

  it('passes a gap on once, and takes what a new server says for new', async () => {
    await connect('e.9');
    const gap = { event: 'gap', id: 'f.0', data: { from: null, to: 1, reason: 'restart' } };
    await world.stream.send(hello(['cpu'], {}, 'e.9'), gap);
    await world.stream.fail();
    await world.pass(500);
    expect(world.stream.headers['last-event-id']).toBe('f.0');
    await world.stream.send(hello(['cpu'], { resumed: true }, 'f.0'), { ...cpu(1, 1), id: 'f.1' });
    expect(events.map(({ name }) => name)).toEqual(['hello', 'gap', 'hello', 'cpu']);
  });

  it('moves on with blocks of an id alone', async () => {
    const connection = await connect('e.1');
    await world.stream.send(hello(['cpu'], {}, 'e.1'), cpu(2, 2), { id: 'e.a' });
    expect(connection.cursor).toBe('e.a');
  });

  it('loses nothing and repeats nothing wherever it is cut', async () => {
    const blocks = [hello(['cpu'], { resumed: true }, 'e.0'), cpu(1, 1), cpu(2, 2), { id: 'e.5' }].map(encodeBlock);
    const text = blocks.join('');
    for (let bytes = 0; bytes <= text.length; bytes += 7) {
      world = new FakeWorld();
      events = [];
      await connect('e.0');
      await world.stream.sendText(text.slice(0, bytes));
      await world.stream.fail();
      await world.pass(1_000);
      const from = Number.parseInt(world.stream.headers['last-event-id']?.slice(2) ?? '', 36);
      const rest = [1, 2].filter((seq) => seq > from).map((seq) => cpu(seq, seq));
      await world.stream.send(hello(['cpu'], { resumed: true }, `e.${from}`), ...rest);
      expect(events.filter(({ name }) => name === 'cpu').map(({ data }) => 'at' in data && data.at)).toEqual([
        1_000, 2_000,
      ]);
    }
  });

  it('makes no attempt while the device is offline, and one at once when it is online', async () => {
    const connection = await connect();
    await world.stream.send(hello(['cpu']));
    world.page.signal('offline');
    expect(states().at(-1)).toBe('live');
    await world.stream.fail();
    await world.pass(60_000);
    expect(world.streams).toHaveLength(1);
    expect(statuses.at(-1)).toEqual({ state: 'retrying', detail: 'this device is offline', retryAt: null });
    world.page.signal('online');
    connection.retryNow();
    await world.pass(0);
    expect(world.streams).toHaveLength(2);
  });

  it('tries at once after the machine has slept', async () => {
    await connect();
    await world.stream.send(hello(['cpu']), cpu(1, 1));
    await world.sleep(3_600_000);
    expect(world.streams).toHaveLength(2);
    expect(world.stream.headers['last-event-id']).toBe('e.1');
  });

  it('lets go while it is paused, and goes on where it was', async () => {
    const connection = await connect();
    await world.stream.send(hello(['cpu']), cpu(1, 1));
    connection.pause();
    await world.pass(100_000);
    expect(world.streams).toHaveLength(1);
    expect(world.stream.aborted()).toBe(true);
    connection.resume();
    await world.pass(0);
    expect(world.stream.headers['last-event-id']).toBe('e.1');
    expect(states()).toEqual(['live', 'paused', 'connecting']);
  });

  it('is made wider where it is, and goes back only as far as it is told to', async () => {
    const connection = await connect();
    await world.stream.send(hello(['cpu', 'memory']), cpu(8, 1));
    connection.select(['cpu', 'memory', 'network'], 'e.5');
    await world.pass(0);
    expect(world.streams.map((stream) => stream.aborted())).toEqual([true, false]);
    expect(world.stream.headers['last-event-id']).toBe('e.5');
    connection.select(['cpu', 'memory', 'network'], 'e.z');
    await world.pass(0);
    expect(world.streams).toHaveLength(2);
  });
});
