import { type AnyEvent, blankValues, metrics } from '@telltale/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeWorld, hello } from '../testing.ts';
import { type ConnectOptions, connect, type Stream, StreamRefused } from './connect.ts';
import { EventQueue, MAX_WAITING } from './event-queue.ts';

const cpuEvent = (seq: number) => ({ at: seq, elapsedMs: 1_000, ...blankValues(metrics.cpu.fields), usage: seq });
const cpu = (seq: number) => ({ event: 'cpu', id: `e.${seq.toString(36)}`, data: cpuEvent(seq) });

let world: FakeWorld;
beforeEach(() => {
  world = new FakeWorld();
});

async function open(more: Partial<ConnectOptions> = {}): Promise<Stream> {
  const stream = connect({ url: 'http://nas:7411', metrics: ['cpu'], ...more }, world);
  await world.pass(0);
  return stream;
}

describe('connect', () => {
  it('asks for what was chosen, from a position on', async () => {
    await open({ metrics: ['cpu', 'memory'], interval: 500, cursor: 'e.7', token: 'secret' });
    expect(world.stream.url).toBe('http://nas:7411/api/stream?metrics=cpu%2Cmemory&interval=500ms');
    expect(world.stream.headers).toMatchObject({ 'last-event-id': 'e.7', authorization: 'Bearer secret' });
  });

  it('calls listeners by name until they are taken off', async () => {
    const stream = await open();
    const seen: (number | null)[] = [];
    const off = stream.on('cpu', ({ usage }) => seen.push(usage));
    stream.on('memory', () => seen.push(-1));
    await world.stream.send(hello(['cpu']), cpu(1));
    off();
    off();
    await world.stream.send(cpu(2));
    expect(seen).toEqual([1]);
    expect(stream.cursor).toBe('e.2');
  });

  it('tells of its status', async () => {
    const stream = await open();
    const states: string[] = [];
    stream.onStatus(({ state }) => states.push(state));
    await world.stream.send(hello(['cpu']));
    await world.stream.fail();
    stream.close();
    stream.close();
    expect(states).toEqual(['live', 'retrying', 'closed']);
    expect(stream.status.state).toBe('closed');
  });

  it('is a loop over every event, which ends when it is closed', async () => {
    const stream = await open();
    const names: string[] = [];
    const loop = (async () => {
      for await (const { name } of stream) names.push(name);
    })();
    await world.stream.send(hello(['cpu']), cpu(1), cpu(2));
    stream.close();
    await loop;
    expect(names).toEqual(['hello', 'cpu', 'cpu']);
    for await (const { name } of stream) names.push(name);
    expect(names).toHaveLength(3);
  });

  it('ends the loop with the reason when it is refused', async () => {
    world.refuse = () => Response.json({ detail: 'this token was revoked' }, { status: 401 });
    const stream = await open();
    const loop = (async () => {
      for await (const _ of stream);
    })();
    await expect(loop).rejects.toThrow(new StreamRefused('this token was revoked'));
  });

  it('reads something else where it is', async () => {
    const stream = await open();
    await world.stream.send(hello(['cpu']), cpu(5));
    stream.select({ metrics: ['cpu', 'memory'] });
    await world.pass(0);
    expect(world.stream.url).toContain('metrics=cpu%2Cmemory');
    expect(world.stream.headers['last-event-id']).toBe('e.5');
    stream.select({ interval: 5_000 });
    await world.pass(0);
    expect(world.stream.url).toContain('metrics=cpu%2Cmemory&interval=5s');
    expect(world.stream.headers['last-event-id']).toBe('e.5');
    expect(world.streams.map((each) => each.aborted())).toEqual([true, true, false]);
  });

  it('drops its connection while the page is hidden for long, and goes on where it was', async () => {
    const stream = await open();
    await world.stream.send(hello(['cpu']), cpu(5));
    world.page.signal('hidden');
    await world.pass(59_000);
    expect(world.stream.aborted()).toBe(false);
    await world.pass(2_000);
    expect(stream.status.state).toBe('paused');
    world.page.signal('shown');
    await world.pass(0);
    expect(world.stream.headers['last-event-id']).toBe('e.5');
  });
});

describe('a loop that takes its time', () => {
  const event = (seq: number): AnyEvent => ({ name: 'cpu', data: cpuEvent(seq) as never });

  it('is given one gap in place of what there was no room for', async () => {
    const queue = new EventQueue(
      () => 0,
      () => {},
    );
    for (let seq = 1; seq <= MAX_WAITING + 10; seq++) queue.push(event(seq));
    queue.end(null);
    const all: AnyEvent[] = [];
    for await (const each of queue) all.push(each);
    expect(all[0]).toEqual({ name: 'gap', data: { from: 1, to: 10, reason: 'slow' } });
    expect(all.slice(1).map(({ data }) => 'at' in data && data.at)).toEqual(
      Array.from({ length: MAX_WAITING }, (_, i) => i + 11),
    );
  });

  it('is forgotten when it is left', async () => {
    let left = 0;
    const queue = new EventQueue(
      () => 0,
      () => left++,
    );
    queue.push(event(1));
    queue.push(event(2));
    for await (const _ of queue) break;
    expect(left).toBe(1);
    expect(await queue.next()).toEqual({ value: undefined, done: true });
  });
});
