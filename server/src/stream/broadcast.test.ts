import { type DecodedBlock, METRIC_NAMES, type MetricName, type Pace, parseCursor } from '@telltale/shared';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { FakeSink } from '../testing/fake-sink.ts';
import { Broadcast, HEARTBEAT_MS, type Membership } from './broadcast.ts';
import { EventLog } from './event-log.ts';
import type { KernelSocket } from './kernel-sockets.ts';
import { type Selection, selects } from './selection.ts';

const ALL: Selection = new Map(METRIC_NAMES.map((name) => [name, 1_000] as const));
const only = (name: MetricName): Selection => new Map([[name, 1_000]]);

function server(maxBytes = 16 * 1_024 * 1_024) {
  const clock = new FakeClock();
  const log = new EventLog({ epoch: 'e', maxBytes });
  const held: string[] = [];
  const kernel = new Map<string, KernelSocket>();
  const broadcast = new Broadcast({
    log,
    clock,
    random: () => 0.5,
    version: '0.0.0',
    host: () => ({ id: 'id', name: 'name' }),
    hold(selection) {
      const key = [...selection.keys()].join();
      held.push(key);
      return () => held.splice(held.indexOf(key), 1);
    },
    kernelSockets: () => kernel,
  });
  const publish = (names: readonly (MetricName | 'fault')[], pad = 0) =>
    broadcast.publish(
      log.append(
        names.map((name) => ({
          name,
          pace: name === 'fault' ? null : (1_000 as Pace),
          at: clock.now(),
          // Faults that end at once: what stands is told again, and has its own tests.
          data: { at: clock.now(), cleared: true, pad: 'x'.repeat(pad) },
        })),
      ),
    );
  return { clock, log, held, kernel, broadcast, publish };
}
const brief = ({ event, id }: DecodedBlock) => `${event ?? '-'} ${id ?? '-'}`;

describe('the stream', () => {
  it('begins with retry, hello and the newest of each metric', () => {
    const { broadcast, publish } = server();
    publish(['cpu', 'memory']);
    publish(['cpu', 'network']);
    const sink = new FakeSink();
    broadcast.join(sink, ALL, null);
    const [retry, hello, ...rest] = sink.take();
    expect(retry).toEqual({ retry: 2_000 });
    expect(hello).toMatchObject({ event: 'hello', id: 'e.1' });
    expect(JSON.parse(hello?.data ?? '')).toMatchObject({
      protocol: 1,
      epoch: 'e',
      host: { id: 'id', name: 'name' },
      heartbeatMs: 15_000,
      resumed: false,
      metrics: { cpu: 1_000, memory: 1_000, network: 1_000 },
    });
    expect(rest.map(brief)).toEqual(['memory e.2', 'cpu e.3', 'network e.4']);
  });

  it('sends each reader what it chose, and moves all of them on to the end of the log', () => {
    const { broadcast, publish } = server();
    const [cpu, memory] = [new FakeSink(), new FakeSink()];
    broadcast.join(cpu, only('cpu'), null);
    broadcast.join(memory, only('memory'), null);
    for (const sink of [cpu, memory]) sink.take();
    publish(['cpu', 'fault', 'memory', 'network']);
    expect(cpu.take().map(brief)).toEqual(['cpu e.1', 'fault e.2', '- e.4']);
    expect(memory.take().map(brief)).toEqual(['fault e.2', 'memory e.3', '- e.4']);
  });

  it('has a heartbeat with the newest position after a silence, and none while there are events', () => {
    const { clock, broadcast, publish } = server();
    const [quiet, busy] = [new FakeSink(), new FakeSink()];
    broadcast.join(quiet, only('memory'), null);
    broadcast.join(busy, only('cpu'), null);
    for (const sink of [quiet, busy]) sink.take();
    for (let second = 0; second < 16; second++) {
      publish(['cpu']);
      clock.advance(1_000);
    }
    expect(busy.take().every(({ event }) => event === 'cpu')).toBe(true);
    expect(quiet.take().map(brief)).toEqual([`heartbeat e.${(15).toString(36)}`]);
  });

  it.each([-3_600_000, 3_600_000])('keeps its heartbeat when the wall clock jumps by %d ms', (jump) => {
    const { clock, broadcast } = server();
    const sink = new FakeSink();
    broadcast.join(sink, ALL, null);
    sink.take();
    clock.jump(jump);
    clock.advance(3 * HEARTBEAT_MS + 1_000);
    expect(sink.take().map(({ event }) => event)).toEqual(['heartbeat', 'heartbeat', 'heartbeat']);
    expect(sink.destroyed).toBe(false);
  });

  it('wakes up when something is due, and not to look whether it is', () => {
    const { clock, broadcast } = server();
    const timers = vi.spyOn(clock, 'after');
    broadcast.join(new FakeSink(), ALL, null);
    clock.advance(60_000);
    // The kernel is asked every 5 s, and four heartbeats fall between.
    expect(timers.mock.calls.length).toBeLessThan(20);
  });

  it('holds what is read while it is read, and runs no timer when nobody listens', () => {
    const { clock, held, broadcast } = server();
    const first = broadcast.join(new FakeSink(), only('cpu'), null);
    const second = broadcast.join(new FakeSink(), only('cpu'), null);
    expect([broadcast.size, clock.timers, held]).toEqual([2, 1, ['cpu', 'cpu']]);
    first.leave();
    first.leave();
    second.leave();
    expect([broadcast.size, clock.timers, held]).toEqual([0, 0, []]);
  });

  it('says goodbye with a position from which nothing is lost, even within a replay', () => {
    const { broadcast, publish } = server();
    for (let i = 0; i < 20; i++) publish(['cpu'], 10_000);
    const [live, replaying] = [new FakeSink(), new FakeSink()];
    replaying.stuck = true;
    broadcast.join(live, ALL, 'e.k');
    broadcast.join(replaying, ALL, 'e.0');
    broadcast.close();
    for (const sink of [live, replaying]) {
      const blocks = sink.take();
      const events = blocks.filter(({ event }) => event === 'cpu');
      expect(blocks.at(-2)).toEqual({ retry: 2_000 });
      expect(blocks.at(-1)).toMatchObject({ event: 'bye', id: events.at(-1)?.id ?? 'e.k' });
      expect(sink.ended).toBe(true);
    }
  });
});

const anySelection = fc
  .subarray([...METRIC_NAMES], { minLength: 1 })
  .map((names): Selection => new Map(names.map((name) => [name, 1_000] as const)));
const anyBatch = fc.array(fc.constantFrom<MetricName | 'fault'>(...METRIC_NAMES, 'fault'), {
  minLength: 1,
  maxLength: 5,
});
/** What happens: something is published, or reader 0-2 is cut after some of its blocks, gets stuck, or is freed. */
const anyStep = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('publish' as const), names: anyBatch, pad: fc.constantFrom(0, 90_000) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), who: fc.nat(2), keep: fc.nat(12) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stick' as const), who: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('free' as const), who: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const) }) },
);

/**
 * A reader that reconnects with the last id it saw. It checks what the contract promises of every block: an event is
 * new, and nothing that it chose lies between it and the position before, but after a fresh join or a `gap`, which leads
 * to the newest of each metric, all of them no newer than the log was at that moment.
 */
class Reader {
  cursor: string | null = null;
  sink = new FakeSink();
  readonly seen: number[] = [];
  gaps = 0;
  #membership: Membership | null = null;
  #blocks: { block: DecodedBlock; newest: number }[] = [];
  /** Up to here events may be missing: they were passed over by a fresh join or a gap. */
  excused = 0;
  /** Up to here events may come again: whoever joins to a gap is sent the newest of each metric. */
  #refreshed = 0;
  #last: string | undefined;
  readonly selection: Selection;
  readonly #log: EventLog;
  readonly #broadcast: Broadcast;

  constructor(log: EventLog, broadcast: Broadcast, selection: Selection) {
    this.#log = log;
    this.#broadcast = broadcast;
    this.selection = selection;
  }

  connect(): void {
    this.sink = new FakeSink();
    this.sink.onWrite = () => {
      for (const block of this.sink.take()) this.#blocks.push({ block, newest: this.#log.newestSeq });
    };
    this.#membership = this.#broadcast.join(this.sink, this.selection, this.cursor);
  }

  free(): void {
    this.sink.stuck = false;
    this.sink.drain();
    this.#membership?.drained();
  }

  /** The connection breaks after so many blocks; what came behind them was never seen. */
  cut(keep: number, all: ReadonlyMap<number, boolean>): void {
    this.#membership?.leave();
    for (const { block, newest } of this.#blocks.slice(0, keep)) this.#read(block, newest, all);
    this.#blocks = [];
  }

  /** `all`: every position of the log, and whether this reader chose it. */
  #read({ event, id }: DecodedBlock, newest: number, all: ReadonlyMap<number, boolean>): void {
    if (id === undefined) return;
    const seq = parseCursor(id)?.seq ?? Number.NaN;
    const at = this.cursor === null ? null : (parseCursor(this.cursor)?.seq ?? 0);
    if (event === 'hello') {
      if (at !== null) expect(seq).toBe(at);
      else this.excused = newest;
      this.#refreshed = 0;
    } else {
      if (event === 'gap') {
        this.gaps++;
        this.excused = newest;
        if (this.#last === 'hello') this.#refreshed = newest;
        else expect(seq, 'ids never go back').toBeGreaterThanOrEqual(at ?? 0);
      } else {
        expect(seq, 'ids never go back').toBeGreaterThanOrEqual(at ?? 0);
        for (let missed = (at ?? 0) + 1; missed < seq; missed++) {
          if (missed > this.excused) expect(all.get(missed), `${missed} was lost before ${id}`).toBe(false);
        }
      }
      if (event !== undefined && event !== 'gap' && event !== 'heartbeat') {
        if (seq > this.#refreshed) expect(this.seen, `${id} came twice`).not.toContain(seq);
        expect(all.get(seq)).toBe(true);
        this.seen.push(seq);
      } else if (event === undefined || event === 'heartbeat') {
        // The newest position: then the reader has everything up to here.
        if (seq > this.excused) expect(all.get(seq) && !this.seen.includes(seq)).toBe(false);
      }
    }
    this.#last = event;
    this.cursor = id;
  }
}

type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

/** Plays the steps and lets every reader read to the end. */
function replay(selections: readonly Selection[], steps: readonly Step[], maxBytes: number) {
  const { clock, log, broadcast, publish } = server(maxBytes);
  const chosen = selections.map(() => new Map<number, boolean>());
  const readers = selections.map((selection) => new Reader(log, broadcast, selection));
  const say = (names: readonly (MetricName | 'fault')[], pad: number) => {
    const first = log.newestSeq + 1;
    publish(names, pad);
    names.forEach((name, i) => {
      const entry = { name, pace: name === 'fault' ? null : 1_000 } as never;
      for (const [who, selection] of selections.entries()) chosen[who]?.set(first + i, selects(selection, entry));
    });
  };
  const cut = (who: number, keep: number) => readers[who]?.cut(keep, chosen[who] ?? new Map());
  say(['cpu', 'memory', 'network'], 0);
  for (const reader of readers) reader.connect();
  for (const step of steps) {
    if (step.kind === 'publish') say(step.names, step.pad);
    else if (step.kind === 'wait') clock.advance(16_000);
    else {
      const reader = readers[step.who] as Reader;
      if (step.kind === 'stick') reader.sink.stuck = true;
      else if (step.kind === 'free') {
        reader.free();
        // The next look finds out.
        clock.advance(5_500);
      } else {
        cut(step.who, step.keep);
        reader.connect();
      }
    }
  }
  for (const [who, reader] of readers.entries()) {
    reader.free();
    clock.advance(5_500);
    cut(who, Number.POSITIVE_INFINITY);
    const position = parseCursor(reader.cursor ?? '')?.seq ?? 0;
    expect([...(chosen[who] ?? [])].filter(([seq, mine]) => mine && seq > position)).toEqual([]);
  }
  return { readers, chosen };
}

describe('the kernel', () => {
  it('tells of a reader that is behind long before our own queue does', () => {
    const { clock, kernel, broadcast, publish } = server();
    const sink = new FakeSink();
    sink.inode = '7';
    broadcast.join(sink, only('cpu'), null);
    for (let i = 1; i <= 9; i++) {
      // The kernel takes everything, and the reader nothing.
      kernel.set('7', { unackedBytes: i * 10_000, silent: false });
      publish(['cpu'], 10_000);
      clock.advance(1_000);
    }
    const events = sink.take().filter(({ event }) => event === 'cpu').length;
    expect(events).toBeGreaterThanOrEqual(5);
    expect(events).toBeLessThan(9);
    kernel.clear();
    clock.advance(1_000);
    expect(sink.take().map(({ event }) => event)).toEqual(['gap', 'cpu']);
    publish(['cpu']);
    expect(sink.take().map(({ event }) => event)).toEqual(['cpu']);
    expect(sink.destroyed).toBe(false);
  });

  it('tells of a peer that is gone, which is freed within half a minute; one that only stopped reading is not', () => {
    const { clock, kernel, broadcast, publish } = server();
    const [dead, stopped] = [new FakeSink(), new FakeSink()];
    dead.inode = '1';
    stopped.inode = '2';
    for (const sink of [dead, stopped]) broadcast.join(sink, only('cpu'), null);
    for (let i = 1; i <= 28; i++) {
      kernel.set('1', { unackedBytes: i * 1_000, silent: i > 1 });
      kernel.set('2', { unackedBytes: i * 1_000, silent: false });
      publish(['cpu'], 1_000);
      clock.advance(1_000);
    }
    expect([dead.destroyed, stopped.destroyed]).toEqual([true, false]);
  });
});

describe('compressed readers', () => {
  it('share a compressor by selection, eight at most; the others are sent it plain', () => {
    const { broadcast } = server();
    const selections = METRIC_NAMES.flatMap((name) =>
      ([100, 200, 500, 1_000] as const).map((pace): Selection => new Map([[name, pace]])),
    );
    const codings = selections.map((selection) => {
      const coding = broadcast.codingFor(selection, true);
      broadcast.join(new FakeSink(), selection, null, coding);
      return coding;
    });
    expect(codings.filter((coding) => coding === 'gzip')).toHaveLength(8);
    expect(broadcast.codingFor(selections[0] as Selection, true)).toBe('gzip');
    expect(broadcast.codingFor(selections.at(-1) as Selection, true)).toBeNull();
    expect(broadcast.codingFor(selections[0] as Selection, false)).toBeNull();
  });
});

describe('a goodbye to many', () => {
  it('is spread over time, and so is their coming back', () => {
    const { clock, broadcast } = server();
    const sinks = Array.from({ length: 500 }, () => new FakeSink());
    for (const sink of sinks) broadcast.join(sink, ALL, null);
    broadcast.close();
    const gone = () => sinks.filter(({ ended }) => ended).length;
    expect(gone()).toBe(50);
    clock.advance(300);
    expect(gone()).toBe(200);
    clock.advance(3_000);
    expect(gone()).toBe(500);
    const bye = sinks[499]?.take().at(-1);
    // Half of the spread, since chance says 0.5 here: the more there are, the longer it is.
    expect(JSON.parse(bye?.data ?? '')).toEqual({ reason: 'shutdown', retryMs: 2_000 });
  });
});

describe('every reader', () => {
  const three = fc.tuple(anySelection, anySelection, anySelection);

  it('gets everything it chose, once and in order, however often it is cut', () => {
    // Readers that keep up, and a ring that holds all of it: then there is never a gap.
    const calm = fc.array(
      anyStep.filter(({ kind }) => kind !== 'stick'),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(three, calm, (selections, steps) => {
        const { readers, chosen } = replay(selections, steps, 16 * 1_024 * 1_024);
        readers.forEach(({ seen, gaps, excused }, who) => {
          expect(gaps).toBe(0);
          expect(seen).toEqual([...seen].sort((a, b) => a - b));
          // A reader that was cut before it saw anything began afresh.
          const owed = [...(chosen[who] ?? [])].filter(([seq, mine]) => mine && seq > excused).map(([seq]) => seq);
          expect(seen.filter((seq) => seq > excused)).toEqual(owed);
        });
      }),
    );
  });

  it('is told of every hole and sent nothing twice, however slow it is and however short the log', () => {
    const steps = fc.array(anyStep, { maxLength: 60 });
    fc.assert(
      fc.property(
        three,
        steps,
        fc.constantFrom(200_000, 1_000_000, 16 * 1_024 * 1_024),
        (selections, all, maxBytes) => {
          replay(selections, all, maxBytes);
        },
      ),
    );
  });
});
