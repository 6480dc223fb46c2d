import type { MetricName, Pace } from '@telltale/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { FakeSink } from '../testing/fake-sink.ts';
import { identity } from './encoding.ts';
import { EventLog } from './event-log.ts';
import { planJoin } from './join.ts';
import { MAX_PENDING_BYTES, MAX_STALL_MS, Subscriber } from './subscriber.ts';

const SELECTION = new Map<MetricName, Pace>([
  ['cpu', 1_000],
  ['memory', 1_000],
]);
const KIB = 'x'.repeat(1_024);

let clock: FakeClock;
let log: EventLog;
let sink: FakeSink;

beforeEach(() => {
  clock = new FakeClock(1_000_000);
  log = new EventLog({ epoch: 'e', maxBytes: 1_024 * 1_024 });
  sink = new FakeSink();
});

/** Appends events of about `kib` KiB each. */
function append(names: readonly MetricName[], kib = 0) {
  const events = names.map((name) => ({ name, pace: 1_000 as const, at: clock.now(), data: { pad: KIB.repeat(kib) } }));
  return Buffer.concat(log.append(events).map(({ frame }) => frame));
}

function open(cursor: string | null): Subscriber {
  const subscriber = new Subscriber({
    ...{ log, sink, body: identity.open(), selection: SELECTION, clock },
    tally: { sentBytes: 0, conflated: 0 },
  });
  subscriber.open(Buffer.from('event: hello\n\n'), planJoin(log, SELECTION, cursor, clock.now()));
  return subscriber;
}

/** One second passes and a `cpu` and a `memory` event come of it. */
function live(subscriber: Subscriber, kib = 0) {
  clock.advance(1_000);
  subscriber.deliver(append(['cpu', 'memory'], kib), log.newestSeq, 1);
}
const idsTaken = () => sink.take().map(({ event, id }) => `${event ?? '-'} ${id ?? '-'}`);

describe('a subscriber that reads', () => {
  it('is handed what comes', () => {
    const subscriber = open(null);
    live(subscriber);
    expect(idsTaken()).toEqual(['hello -', '- e.0', 'cpu e.1', 'memory e.2']);
  });

  it('is replayed what it missed and then told where it stands', () => {
    append(['cpu', 'network', 'memory', 'network']);
    open('e.0');
    expect(idsTaken()).toEqual(['hello -', 'cpu e.1', 'memory e.3', '- e.4']);
  });

  it('is not slow for having taken everything, however much comes at once', () => {
    const subscriber = open(null);
    live(subscriber, (2 * MAX_PENDING_BYTES) / 1_024);
    live(subscriber);
    expect(idsTaken()).toEqual(['hello -', '- e.0', 'cpu e.1', 'memory e.2', 'cpu e.3', 'memory e.4']);
  });

  it('is told nothing twice when it missed nothing', () => {
    append(['cpu', 'memory']);
    open('e.2');
    expect(idsTaken()).toEqual(['hello -']);
  });
});

describe('a replay', () => {
  beforeEach(() => {
    for (let i = 0; i < 50; i++) append(['cpu', 'memory'], 4);
    sink.stuck = true;
  });

  it('is written in pieces, each when the last has gone', () => {
    const subscriber = open('e.0');
    let pieces = 0;
    while (sink.pending() > 0) {
      expect(sink.pending()).toBeLessThan(80 * 1_024);
      pieces++;
      sink.drain();
      subscriber.drained();
    }
    expect(pieces).toBeGreaterThan(5);
    const seqs = sink
      .take()
      .filter(({ event }) => event !== 'hello')
      .map(({ id }) => Number.parseInt(id?.slice(2) ?? '', 36));
    expect(seqs).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  it('is joined by what comes meanwhile, once and in order, and has no heartbeat in between', () => {
    const subscriber = open('e.0');
    live(subscriber);
    clock.advance(20_000);
    subscriber.idle(Buffer.from('event: heartbeat\n\n'), 15_000);
    sink.stuck = false;
    sink.drain();
    subscriber.drained();
    live(subscriber);
    const blocks = sink.take().slice(1);
    expect(blocks.map(({ id }) => id)).toEqual(Array.from({ length: 104 }, (_, i) => `e.${(i + 1).toString(36)}`));
    expect(blocks.some(({ event }) => event === 'heartbeat')).toBe(false);
  });

  it('that is overtaken by the end of the ring becomes a gap', () => {
    const subscriber = open('e.0');
    sink.take();
    for (let i = 0; i < 300; i++) append(['cpu', 'memory'], 4);
    sink.stuck = false;
    sink.drain();
    subscriber.drained();
    expect(idsTaken()).toEqual(['gap e.je', 'cpu e.jf', 'memory e.jg']);
  });
});

describe('a slow subscriber', () => {
  function slow() {
    const subscriber = open(null);
    live(subscriber);
    sink.stuck = true;
    live(subscriber);
    return subscriber;
  }

  it('is skipped beyond its bound and then told the span and the newest, once', () => {
    const subscriber = slow();
    for (let i = 0; i < 300; i++) {
      live(subscriber, 1);
      expect(sink.pending()).toBeLessThanOrEqual(MAX_PENDING_BYTES);
    }
    const got = sink.take();
    const lastAt = 1_000_000 + 1_000 * Math.floor((got.length - 2) / 2);
    sink.stuck = false;
    sink.drain();
    subscriber.observe(undefined);
    const [gap, ...newest] = sink.take();
    expect(gap).toMatchObject({ event: 'gap', id: log.cursorAt(log.newestSeq - 2) });
    expect(JSON.parse(gap?.data ?? '')).toEqual({ from: lastAt, to: clock.now(), reason: 'slow' });
    expect(newest.map(({ event, id }) => [event, id])).toEqual([
      ['cpu', log.cursorAt(log.newestSeq - 1)],
      ['memory', log.cursorAt(log.newestSeq)],
    ]);
    live(subscriber);
    expect(sink.take().map(({ event }) => event)).toEqual(['cpu', 'memory']);
  });

  it('is not sent again what it had before, so its ids never go back', () => {
    const subscriber = slow();
    while (sink.pending() < MAX_PENDING_BYTES - 8_192) live(subscriber, 4);
    const had = log.newestSeq;
    sink.take();
    subscriber.deliver(append(['cpu'], 16), log.newestSeq, 1);
    sink.stuck = false;
    sink.drain();
    subscriber.observe(undefined);
    expect(idsTaken()).toEqual([`gap ${log.cursorAt(had)}`, `cpu ${log.cursorAt(had + 1)}`]);
  });

  it('is one that has not taken what is five seconds old, wherever it waits', () => {
    const subscriber = open(null);
    const look = (unackedBytes: number) => subscriber.observe({ unackedBytes, silent: false });
    look(0);
    sink.take();
    for (let i = 1; i <= 10; i++) {
      live(subscriber);
      look(1_000 * i);
    }
    const taken = sink.take().length;
    expect(taken).toBeGreaterThanOrEqual(8);
    expect(taken).toBeLessThanOrEqual(14);
    look(1);
    expect(sink.take()).toEqual([]);
    look(0);
    expect(sink.take().map(({ event }) => event)).toEqual(['gap', 'cpu', 'memory']);
  });

  it('is not one whose link merely has much under way', () => {
    const subscriber = open(null);
    for (let i = 1; i <= 20; i++) {
      live(subscriber, 20);
      // What was written in the last two seconds is not acknowledged yet.
      subscriber.observe({ unackedBytes: 80 * 1_024, silent: false });
    }
    expect(sink.take().filter(({ event }) => event === 'gap')).toEqual([]);
    live(subscriber);
    expect(sink.take()).toHaveLength(2);
  });

  it('is one that falls further behind in a replay', () => {
    for (let i = 0; i < 20; i++) {
      append(['cpu', 'memory'], 8);
      clock.advance(1_000);
    }
    sink.stuck = true;
    const subscriber = open('e.0');
    const sent = sink.take().length;
    expect(sent).toBeLessThan(20);
    // What was written first was four seconds of it.
    for (let i = 0; i < 10; i++) {
      clock.advance(1_000);
      append(['cpu', 'memory']);
      subscriber.observe(undefined);
    }
    sink.stuck = false;
    sink.drain();
    subscriber.drained();
    expect(sink.take()).toEqual([]);
    subscriber.observe(undefined);
    expect(sink.take().map(({ event }) => event)).toEqual(['gap', 'cpu', 'memory']);
  });

  it('is dropped when it takes nothing for five minutes, whatever the wall clock does', () => {
    const subscriber = slow();
    live(subscriber, 200);
    subscriber.observe(undefined);
    clock.jump(-3_600_000);
    clock.advance(MAX_STALL_MS - 1_000);
    subscriber.observe(undefined);
    expect(sink.destroyed).toBe(false);
    clock.advance(1_000);
    subscriber.observe(undefined);
    expect(sink.destroyed).toBe(true);
  });
});

describe('a link', () => {
  /** Carries so many bytes a second, and tells how old in ms each piece was on arrival. */
  function link(subscriber: Subscriber, bytesPerSecond: number) {
    const onTheWay: { readonly upTo: number; readonly at: number }[] = [];
    const ages: number[] = [];
    let [written, carried] = [0, 0];
    sink.onWrite = (bytes) => {
      written += bytes.length;
      onTheWay.push({ upTo: written, at: clock.now() });
    };
    return {
      ages,
      pass() {
        for (let i = 0; i < 10; i++) {
          clock.advance(100);
          carried = Math.min(written, carried + bytesPerSecond / 10);
          while (onTheWay[0] && onTheWay[0].upTo <= carried) ages.push(clock.now() - (onTheWay.shift()?.at ?? 0));
          subscriber.deliver(append(['cpu', 'memory'], 1), log.newestSeq, 2);
        }
        subscriber.observe({ unackedBytes: written - carried, silent: false });
      },
    };
  }
  const gaps = () => sink.take().filter(({ event }) => event === 'gap');

  it.each([2_000, 5_000, 12_000])('of %d bytes a second is not filled anew with what will be old', (bytesPerSecond) => {
    const { pass, ages } = link(open(null), bytesPerSecond);
    let seconds = 0;
    for (let told = 0; told === 0 && seconds < 100; seconds++) {
      pass();
      told = gaps().length;
    }
    expect(seconds).toBeLessThan(100);
    ages.length = 0;
    for (let i = 0; i < 120; i++) pass();
    expect(gaps().length).toBeGreaterThan(10);
    expect(ages.length).toBeGreaterThan(30);
    expect(Math.max(...ages)).toBeLessThan(7_000);
  });

  it('that carries a fifth more than the stream has no gap', () => {
    const { pass } = link(open(null), 27_000);
    for (let i = 0; i < 120; i++) pass();
    expect(gaps()).toEqual([]);
  });

  it('that was narrow for a while carries everything again', () => {
    const subscriber = open(null);
    const narrow = link(subscriber, 2_000);
    for (let i = 0; i < 90; i++) narrow.pass();
    expect(gaps().length).toBeGreaterThan(2);
    const wide = link(subscriber, 1_000_000);
    for (let i = 0; i < 10; i++) wide.pass();
    gaps();
    for (let i = 0; i < 60; i++) wide.pass();
    expect(gaps()).toEqual([]);
  });
});
