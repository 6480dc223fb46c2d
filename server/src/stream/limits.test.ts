import { readFileSync } from 'node:fs';
import type { MetricName, Pace } from '@telltale/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { LINGER_MS } from '../collect/sampler.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { FakeSink } from '../testing/fake-sink.ts';
import { Broadcast } from './broadcast.ts';
import { EventLog } from './event-log.ts';
import { planJoin } from './join.ts';
import type { KernelSocket } from './kernel-sockets.ts';

// The limits that PROTOCOL.md states and that take minutes to see, seen on a clock that can be put forward. Those that
// are seen at once are held by tests/conformance/limits.test.ts, which also knows of every number on that page.

const page = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8').replace(/\s+/g, ' ');

/** The numbers of a sentence of the page. */
function stated(sentence: string): readonly number[] {
  expect(page).toContain(sentence);
  return [...sentence.matchAll(/\d+/g)].map(([digits]) => Number(digits));
}

const KIB = 1_024;
const MIB = 1_024 * KIB;
const SECOND = 1_000;
const MINUTE = 60_000;
/** How often anything is looked at. */
const CHECK_MS = 500;
const CPU = new Map<MetricName, Pace>([['cpu', 100]]);

let clock: FakeClock;
let log: EventLog;
let broadcast: Broadcast;
let sink: FakeSink;
/** What the kernel says of the one connection. */
let kernel: KernelSocket | null;

beforeEach(() => {
  clock = new FakeClock(1_000_000);
  log = new EventLog({ epoch: 'e' });
  sink = new FakeSink();
  sink.inode = '1';
  kernel = null;
  broadcast = new Broadcast({
    ...{ log, clock, random: () => 0.5, version: '0' },
    host: () => ({ id: null, name: null }),
    hold: () => () => {},
    kernelSockets: () => new Map(kernel ? [['1', kernel]] : []),
  });
});

/** An event whose block has so many bytes. */
function publish(bytes: number) {
  const event = (pad: number) => ({ name: 'cpu' as const, pace: 100 as const, at: clock.now(), data: 'x'.repeat(pad) });
  const shell = Buffer.byteLength(`event: cpu\nid: ${log.cursorAt(log.newestSeq + 1)}\ndata: ""\n\n`);
  broadcast.publish(log.append([event(bytes - shell) as never]));
}
const resumes = (cursor: string) => planJoin(log, CPU, cursor, clock.now());
const names = () => sink.take().map(({ event }) => event);

describe('what a cursor can ask for', () => {
  const sentence = '| what a cursor can ask for | the last 10 minutes, 16 MiB at most | a `gap`, `evicted` |';

  it('is of the last minutes', () => {
    const [minutes = 0] = stated(sentence);
    publish(KIB);
    clock.advance(minutes * MINUTE);
    publish(KIB);
    expect(resumes('e.0').resumed).toBe(true);
    clock.advance(1);
    publish(KIB);
    expect(resumes('e.0')).toMatchObject({ resumed: false, gap: { data: { reason: 'evicted' } } });
    expect(resumes('e.1').resumed).toBe(true);
  });

  it('has at most so many bytes', () => {
    const [, mib = 0] = stated(sentence);
    for (let i = 0; i < mib; i++) publish(MIB);
    expect([log.bytes, resumes('e.0').resumed]).toEqual([mib * MIB, true]);
    publish(100);
    expect(log.bytes).toBeLessThan(mib * MIB);
    expect(resumes('e.0')).toMatchObject({ resumed: false, gap: { data: { reason: 'evicted' } } });
  });
});

describe('what may wait for one reader', () => {
  const sentence =
    '| what may wait for one reader | 256 KiB in the server, or 5 s wherever it waits, seen within another 5 s | it is sent nothing until it has read everything, then a `gap`, `slow` |';

  it('has a number of bytes in the server', () => {
    const [kib = 0] = stated(sentence);
    broadcast.join(sink, CPU, null);
    sink.stuck = true;
    for (let i = 0; i < 100; i++) publish(4 * KIB);
    expect(sink.pending()).toBe(kib * KIB);
  });

  it.each([0, 1_300, 2_600, 3_900])('is so old, and seen so much later, %d ms after the last look', (phase) => {
    const [, old = 0, later = 0] = stated(sentence);
    broadcast.join(sink, CPU, null);
    // From one look to the next while all keep up, and a while more.
    clock.advance(CHECK_MS + phase);
    sink.take();
    let unackedBytes = 0;
    const wroteAt: number[] = [];
    sink.onWrite = (bytes) => {
      unackedBytes += bytes.length;
      kernel = { unackedBytes, silent: false };
      wroteAt.push(clock.monotonic());
    };
    for (let i = 0; i < 200; i++) {
      publish(KIB);
      clock.advance(100);
    }
    const [first = 0, last = 0] = [wroteAt[0], wroteAt.at(-1)];
    expect(last - first).toBeGreaterThan(old * SECOND - CHECK_MS);
    expect(last - first).toBeLessThanOrEqual((old + later) * SECOND + CHECK_MS);
    sink.take();
    kernel = null;
    clock.advance(later * SECOND);
    expect(sink.take()[0]).toMatchObject({ event: 'gap', data: expect.stringContaining('"reason":"slow"') });
  });

  it('is no more than one takes in some seconds that was slow before', () => {
    const [seconds = 0] = stated(
      'After the first no more waits for it than it takes in 5 s, until it has taken everything',
    );
    const bytesPerSecond = 2_000;
    broadcast.join(sink, CPU, null);
    names();
    let [waiting, most, gaps] = [0, 0, 0];
    sink.onWrite = (bytes) => {
      waiting += bytes.length;
      if (gaps > 0) most = Math.max(most, waiting);
    };
    for (let i = 0; i < 3_000; i++) {
      publish(KIB);
      clock.advance(100);
      waiting = Math.max(0, waiting - bytesPerSecond / 10);
      kernel = waiting === 0 ? null : { unackedBytes: waiting, silent: false };
      gaps += names().filter((name) => name === 'gap').length;
    }
    expect(gaps).toBeGreaterThan(10);
    expect(most).toBeLessThanOrEqual(1.1 * seconds * bytesPerSecond);
    expect(most).toBeGreaterThan(0.7 * seconds * bytesPerSecond);
  });

  it.each([
    [-CHECK_MS, false],
    [2 * 5_000, true],
  ])('is older in a replay: one that is %d ms more than so far behind is slow: %s', (more, isSlow) => {
    const [seconds = 0] = stated(
      'One that is being given the past is slow when it is 5 s further behind than at first',
    );
    for (let i = 0; i < 10; i++) {
      publish(100 * KIB);
      clock.advance(SECOND);
    }
    sink.stuck = true;
    const membership = broadcast.join(sink, CPU, 'e.0');
    // One event is all that is written at first; the next is a second younger.
    for (let ms = 0; ms < (seconds + 1) * SECOND + more; ms += 100) clock.advance(100);
    sink.stuck = false;
    sink.drain();
    membership.drained();
    clock.advance(6 * SECOND);
    expect(names().includes('gap')).toBe(isSlow);
  });
});

describe('how long a reader may take nothing', () => {
  const sentence =
    '| how long a reader may take nothing | 5 minutes; 15 s when its machine is silent too | it is dropped, without a `bye` |';

  /** Until it is dropped, in ms. */
  function stopReading(silent: boolean): number {
    broadcast.join(sink, CPU, null);
    clock.advance(CHECK_MS);
    kernel = { unackedBytes: 10 * KIB, silent };
    publish(10 * KIB);
    const stoppedAt = clock.monotonic();
    while (!sink.destroyed && clock.monotonic() < stoppedAt + 60 * MINUTE) clock.advance(100);
    return clock.monotonic() - stoppedAt;
  }

  it.each([
    [false, MINUTE, 0],
    [true, SECOND, 1],
  ])('is minutes, or seconds when its machine is silent: %s', (silent, unit, index) => {
    const limit = (stated(sentence)[index] ?? 0) * unit;
    const after = stopReading(silent);
    expect(after).toBeGreaterThanOrEqual(limit);
    expect(after).toBeLessThanOrEqual(limit + 3 * SECOND);
    expect(names()).not.toContain('bye');
  });
});

describe('time', () => {
  it('without a byte ends with a heartbeat', () => {
    const [, seconds = 0] = stated('of 60 s is longer than the heartbeat of 15 s');
    broadcast.join(sink, CPU, null);
    names();
    clock.advance(seconds * SECOND - CHECK_MS);
    expect(names()).toEqual([]);
    clock.advance(2 * CHECK_MS);
    expect(names()).toEqual(['heartbeat']);
  });

  it('goes on for a pace that nobody asks for any more', () => {
    const [seconds = 0] = stated('is sampled only for those who ask, and for 30 s longer');
    expect(LINGER_MS).toBe(seconds * SECOND);
  });
});
