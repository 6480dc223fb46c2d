import { blankValues, type History, metrics } from '@telltale/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeWorld, hello } from '../testing.ts';
import { Source } from './source.ts';

const NETWORK = blankValues(metrics.network.fields);
const cpuData = (at: number, usage: number) => ({
  at,
  elapsedMs: 1_000,
  ...blankValues(metrics.cpu.fields),
  usage,
});
const cpu = (seq: number, usage: number) => ({ event: 'cpu', id: `e.${seq}`, data: cpuData(seq * 1_000 + 500, usage) });

const history: History = {
  cursor: 'e.3',
  from: 0,
  to: 4_000,
  stepMs: 1_000,
  times: [1_000, 2_000, 3_000, 4_000],
  series: { 'cpu.usage': { avg: [null, 11, 12, null] } },
};

let world: FakeWorld;
let source: Source;
let notices: number;

beforeEach(() => {
  world = new FakeWorld();
  world.respond = (url) => {
    if (url.includes('api/history')) return Response.json(history);
    if (url.includes('api/snapshot')) return Response.json({ cursor: 'e.3', events: {} });
    return Response.json({ name: 'vm', telltale: { startedAt: 0 } });
  };
  source = new Source({ base: 'http://nas:7411/', token: null }, world);
  notices = 0;
  source.subscribe(() => notices++);
});

const shown = (series: string) => {
  const { times, values } = source.points(series) ?? { times: [], values: [] };
  return [...times].map((time, i) => [time, values[i]]);
};

describe('a source', () => {
  it('opens one stream for everything that is needed in one frame', async () => {
    source.need({ metrics: ['memory'], series: [] });
    source.need({ metrics: [], series: ['cpu.usage'] });
    source.need({ metrics: ['cpu'], series: ['cpu.usage'] });
    await world.pass(20);
    expect(world.streams.map(({ url }) => new URL(url).searchParams.get('metrics'))).toEqual(['memory,cpu']);
  });

  it('knows what could not be read before it went on from where history ends', async () => {
    const fault = { metric: 'cpu', fields: ['iowait'], reason: 'not told by this kernel', since: 1, cleared: false };
    const respond = world.respond;
    world.respond = (url) =>
      url.includes('api/snapshot') ? Response.json({ cursor: 'e.3', events: {}, faults: [fault] }) : respond(url);
    source.need({ metrics: [], series: ['cpu.usage'] });
    await world.pass(20);
    expect(source.faultsOf('cpu')).toEqual([fault]);
  });

  /** What history is asked for, request by request. */
  const askedOf = () => {
    const asked: string[] = [];
    const respond = world.respond;
    world.respond = (url) => {
      if (url.includes('api/history')) asked.push(new URL(url).searchParams.get('series') ?? '');
      return respond(url);
    };
    return asked;
  };

  it('asks for what all read as soon as the first of them is about to be drawn, in one request', () => {
    const asked = askedOf();
    const reads = (...series: string[]) =>
      source.subscribe(
        () => {},
        () => ({ metrics: [], series }),
      );
    reads('cpu.usage');
    reads('cpu.load1', 'cpu.usage');
    reads('memory.usedBytes')();
    source.need({ metrics: [], series: ['cpu.usage'] });
    source.gatherNow();
    source.gatherNow();
    // Not a turn has passed.
    expect(asked).toEqual(['cpu.usage,cpu.load1']);
  });

  it('waits for what somebody is made of, who says that there will be more', async () => {
    const asked = askedOf();
    source.subscribe(
      () => {},
      () => ({ metrics: ['cpu'], series: [], more: true }),
    );
    source.need({ metrics: ['cpu'], series: [] });
    source.gatherNow();
    expect(asked).toEqual([]);
    source.need({ metrics: [], series: ['cpu.usage'] });
    source.gatherNow();
    await world.pass(20);
    expect(asked).toEqual(['cpu.usage']);
  });

  it('tells nobody anything before the first answers, and then all at once', async () => {
    source.need({ metrics: [], series: ['cpu.usage'] });
    source.gatherNow();
    expect([source.hushed !== null, notices]).toEqual([true, 0]);
    await world.pass(1);
    expect([source.hushed, notices]).toEqual([null, 1]);
  });

  it('is filled from history and goes on from its cursor', async () => {
    source.need({ metrics: [], series: ['cpu.usage'] });
    await world.pass(20);
    expect(world.stream.headers['last-event-id']).toBe('e.3');
    await world.stream.send(hello(['cpu'], { resumed: true }), cpu(4, 13));
    expect(shown('cpu.usage')).toEqual([
      [1_500, 11],
      [2_500, 12],
      [4_500, 13],
    ]);
  });

  it('opens the stream afresh where there is no history to be had', async () => {
    world.respond = () => null;
    source.need({ metrics: [], series: ['cpu.usage'] });
    await world.pass(20);
    expect(world.stream.headers['last-event-id']).toBeUndefined();
  });

  it('widens the stream at its cursor, and closes the narrower one', async () => {
    source.need({ metrics: [], series: ['cpu.usage'] });
    await world.pass(20);
    await world.stream.send(hello(['cpu'], { resumed: true }), cpu(7, 1));
    const narrow = world.stream;
    source.need({ metrics: ['network'], series: [] });
    await world.pass(20);
    expect(narrow.aborted()).toBe(true);
    expect(world.stream.url).toContain('network');
    expect(world.stream.headers['last-event-id']).toBe('e.7');
    expect(source.status.state).toBe('live');
  });

  it('does not reopen for more series of metrics that come anyway', async () => {
    source.need({ metrics: [], series: ['cpu.usage'] });
    await world.pass(20);
    source.need({ metrics: [], series: ['cpu.user', 'cpu.idle'] });
    await world.pass(20);
    expect(world.streams).toHaveLength(1);
  });

  it('gives one notice a frame, however many events came', async () => {
    source.need({ metrics: ['cpu'], series: [] });
    await world.pass(100);
    notices = 0;
    await world.stream.send(hello(['cpu']), ...Array.from({ length: 50 }, (_, i) => cpu(i + 10, i)));
    await world.pass(16);
    expect(notices).toBe(1);
  });

  it('keeps a series for each member of a list, whatever it is called', async () => {
    source.need({ metrics: [], series: ['network.interfaces.rxBytesPerSecond:*'] });
    await world.pass(20);
    const member = (name: string, rate: number) => ({
      ...{ name, kind: null, up: null, speedBitsPerSecond: null, rxBytesPerSecond: rate, txBytesPerSecond: null },
      ...{ rxPacketsPerSecond: null, txPacketsPerSecond: null, rxErrorsPerSecond: null, txErrorsPerSecond: null },
      ...{ rxDropsPerSecond: null, txDropsPerSecond: null, rxBytes: null, txBytes: null, reset: false },
    });
    const interfaces = [member('__proto__', 1), member('a,b*', 2), member('constructor', 3)];
    const data = { at: 9_000, elapsedMs: 1_000, ...NETWORK, interfaces };
    await world.stream.send(hello(['network']), { event: 'network', id: 'e.9', data });
    const names = source.names('network.interfaces.rxBytesPerSecond:*');
    expect(names.map((name) => name.split(':')[1])).toEqual(['__proto__', 'a%2Cb%2A', 'constructor']);
    expect(names.map((name) => source.points(name)?.values[0])).toEqual([1, 2, 3]);
  });

  it('says how old its values are while nothing comes', async () => {
    source.need({ metrics: ['cpu'], series: [] });
    await world.pass(20);
    await world.stream.send(hello(['cpu']), cpu(9, 1));
    await world.stream.fail();
    world.refuse = () => null;
    notices = 0;
    await world.pass(5_000);
    expect(source.silentMs).toBe(5_000);
    expect(source.now).toBe(14_500);
    expect(notices).toBeGreaterThanOrEqual(4);
  });

  it('has values that get older while it hears no more than that the server is there', async () => {
    source.need({ metrics: ['cpu'], series: [] });
    await world.pass(20);
    await world.stream.send(hello(['cpu']), cpu(9, 1));
    await world.pass(4_000);
    await world.stream.send({ event: 'heartbeat', id: 'e.9', data: { at: 13_500 } });
    expect([source.silentMs, source.now]).toEqual([4_000, 13_500]);
  });
});
