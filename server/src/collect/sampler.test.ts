import { DEFAULT_METRICS, METRIC_NAMES, type MetricName, type Pace } from '@telltale/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import type { Collector, Collectors } from './collector.ts';
import type { Sampled } from './sampled.ts';
import { createSampler, LINGER_MS, type Sampler } from './sampler.ts';

type Data = { at: number; elapsedMs: number | null; before: number | null; now: number };

let clock: FakeClock;
let batches: (readonly Sampled[])[];
let began: string[];
let ended: string[];
let sampler: Sampler;

/** Reads the number of its own look, and derives what it was given. */
function counting(): Collector<MetricName> {
  let looks = 0;
  const own = {
    read: () => ({ reading: ++looks, faults: [] as never[] }),
    derive: (now: number, before: number | null) => ({ now, before }),
  };
  return own as unknown as Collector<MetricName>;
}

function start(given: Partial<Record<MetricName, unknown>> = {}, base: Pace = 1_000): void {
  const collectors = Object.fromEntries(METRIC_NAMES.map((name) => [name, given[name] ?? counting()]));
  sampler = createSampler({
    clock,
    collectors: collectors as unknown as Collectors,
    base,
    emit: (batch) => batches.push(batch),
    began: (metric, pace) => began.push(`${metric}@${pace}`),
    ended: (metric, pace) => ended.push(`${metric}@${pace}`),
  });
  sampler.start();
}

beforeEach(() => {
  // In the middle of a second: ticks need not be moved, and every interval is exact.
  clock = new FakeClock(1_800_000_000_500);
  batches = [];
  began = [];
  ended = [];
});
afterEach(() => {
  sampler.stop();
  expect(clock.timers).toBe(0);
});

const all = () => batches.flat();
const events = (name: MetricName, pace: Pace = 1_000): Data[] =>
  all().flatMap((each) =>
    each.kind === 'metric' && each.name === name && each.pace === pace ? [each.data as Data] : [],
  );
const of = (kind: 'fault' | 'gap') => all().flatMap((each) => (each.kind === kind ? [each.data] : []));
/** Promises settle without time passing. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the sampler', () => {
  it('looks once at the start, without an interval, and everything of one tick is one batch', () => {
    start();
    expect(batches).toHaveLength(1);
    expect(events('cpu')).toEqual([{ at: clock.now(), elapsedMs: null, before: null, now: 1 }]);
    expect(all()).toHaveLength(DEFAULT_METRICS.length);
  });

  it('keeps its pace over a thousand ticks, and its place in the steps of a history', () => {
    start();
    clock.advance(1_001_000);
    const [, , ...regular] = events('cpu');
    expect(regular.length).toBeGreaterThanOrEqual(999);
    for (const { at, elapsedMs } of regular) {
      expect(elapsedMs).toBe(1_000);
      expect(Math.abs((at % 1_000) - 500)).toBeLessThanOrEqual(1);
    }
  });

  it('covers exactly one reading to the next', () => {
    start();
    clock.advance(5_000);
    for (const { now, before } of events('memory').slice(1)) expect(before).toBe(now - 1);
  });

  it('tells nothing of a look that was told before, and counts the interval from one measurement to the next', () => {
    const at = [70, 70, 1_570, 3_570, 3_570, 4_570];
    let looks = 0;
    start({ cpu: { ...counting(), read: () => ({ reading: looks, measuredAt: at[looks++], faults: [] }) } });
    clock.advance(5_000);
    expect(looks).toBe(at.length);
    expect(events('cpu').map(({ now, elapsedMs }) => [now, elapsedMs])).toEqual([
      [0, null],
      [2, 1_500],
      [3, 2_000],
      [5, 1_000],
    ]);
  });

  it('never looks twice at once: a look that takes longer than its pace is finished first', async () => {
    let open = 0;
    const waiting: (() => void)[] = [];
    const slow = {
      read: () => {
        open++;
        expect(open).toBe(1);
        return new Promise((resolve) =>
          waiting.push(() => {
            open--;
            resolve({ reading: clock.monotonic(), faults: [] });
          }),
        );
      },
      derive: (now: number, before: number | null) => ({ now, before }),
    };
    start({ cpu: slow });
    for (let i = 0; i < 5; i++) {
      clock.advance(3_300);
      expect(waiting).toHaveLength(1);
      waiting.pop()?.();
      await settled();
    }
    expect(events('cpu')).toHaveLength(5);
    expect(events('memory').length).toBeGreaterThan(14);
    expect(sampler.health().get('cpu')?.durationMs).toBeGreaterThan(2_000);
    clock.advance(1_000);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no such file');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no such file'))],
    [
      'throws what is no error',
      () => {
        // biome-ignore lint/style/useThrowOnlyError: libraries do
        throw 'no such file';
      },
    ],
    ['says what cannot be understood', () => ({ reading: 'bad', faults: [] })],
    ['says later what cannot be understood', () => Promise.resolve({ reading: 'bad', faults: [] })],
  ])('says null, and why, once, while a collector %s, and goes on with the rest', async (_, failing) => {
    let broken = false;
    const cpu = {
      read: () => (broken ? failing() : { reading: 1, faults: [] }),
      derive(now: unknown) {
        if (now === 'bad') throw new Error('no such file');
        return { usage: 5 };
      },
    };
    start({ cpu });
    const pass = async (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        clock.advance(1_000);
        await settled();
      }
    };
    await pass(2);
    broken = true;
    await pass(5);
    const since = of('fault')[0] as { since: number };
    expect(of('fault')).toMatchObject([{ metric: 'cpu', fields: [], reason: 'no such file', cleared: false }]);
    expect(sampler.health().get('cpu')?.fault).toBe('no such file');
    expect(events('cpu').at(-1)).toMatchObject({ elapsedMs: null, usage: null, cores: [], quota: null });
    broken = false;
    await pass(3);
    expect(of('fault')).toMatchObject([{ cleared: false }, { cleared: true, since: since.since }]);
    expect(
      events('cpu')
        .slice(-3)
        .map(({ elapsedMs }) => elapsedMs),
    ).toEqual([null, 1_000, 1_000]);
    expect(events('memory').every(({ elapsedMs }, i) => i === 0 || elapsedMs !== null)).toBe(true);
  });

  it('says a fault of some fields without stopping the rest', () => {
    const faults = [{ fields: ['load1'], reason: 'gone' }];
    start({ cpu: { ...counting(), read: () => ({ reading: 1, faults }) } });
    clock.advance(5_000);
    expect(of('fault')).toHaveLength(1);
    expect(sampler.health().get('cpu')).toMatchObject({ fault: 'load1: gone', lastSuccessAt: expect.any(Number) });
  });
});

describe('another pace', () => {
  it('is sampled only while somebody holds it, and a while longer', () => {
    start();
    clock.advance(10_000);
    expect(events('cpu', 5_000)).toEqual([]);
    const [one, two] = [sampler.hold('cpu', 5_000), sampler.hold('cpu', 5_000)];
    expect(began).toEqual(['cpu@5000']);
    clock.advance(60_000);
    one();
    one();
    clock.advance(60_000);
    const held = events('cpu', 5_000).length;
    expect(held).toBeGreaterThanOrEqual(24);
    two();
    clock.advance(LINGER_MS + 100_000);
    const extra = events('cpu', 5_000).length - held;
    expect(extra).toBeGreaterThanOrEqual(5);
    expect(extra).toBeLessThanOrEqual(7);
    expect(events('cpu').every(({ elapsedMs }, i) => i < 2 || elapsedMs === 1_000)).toBe(true);
  });

  it('goes on without a break for whoever comes back in time', () => {
    start();
    clock.advance(3_000);
    sampler.hold('cpu', 5_000)();
    clock.advance(LINGER_MS - 1);
    const release = sampler.hold('cpu', 5_000);
    clock.advance(100_000);
    expect(began).toEqual(['cpu@5000']);
    const [first, ...rest] = events('cpu', 5_000);
    expect(first?.elapsedMs).toBeNull();
    expect(rest.length).toBeGreaterThan(24);
    expect(rest.every(({ elapsedMs }) => elapsedMs === 5_000)).toBe(true);
    release();
  });

  it.each([100, 200, 500, 2_000, 5_000, 10_000, 60_000] as const)(
    'of %d ms covers that whole pace in each event',
    (pace) => {
      start();
      clock.advance(7_200);
      const release = sampler.hold('cpu', pace);
      clock.advance(20 * pace + 1_000);
      const [first, ...rest] = events('cpu', pace);
      expect(first?.elapsedMs).toBeNull();
      expect(rest.length).toBeGreaterThanOrEqual(18);
      expect(rest.map(({ elapsedMs }) => elapsedMs)).toEqual(rest.map(() => pace));
      release();
      clock.advance(LINGER_MS);
    },
  );

  it('that is slower than the own one begins at once, with the newest reading', () => {
    start();
    clock.advance(3_000);
    sampler.hold('cpu', 10_000);
    expect(events('cpu', 10_000)).toMatchObject([{ elapsedMs: null, at: events('cpu').at(-1)?.at }]);
  });

  it('is the metric’s own unless one is asked for', () => {
    start({}, 2_000);
    expect([sampler.paceOf('cpu', null), sampler.paceOf('cpu', 100), sampler.paceOf('cpu', 60_000)]).toEqual([
      2_000, 100, 60_000,
    ]);
  });
});

describe('R14, R15: a pause', () => {
  it('of ten seconds is one gap, and nothing reaches across it or is made up for', () => {
    start();
    clock.advance(60_000);
    sampler.hold('cpu', 5_000);
    clock.advance(30_000);
    const [before, lastAt] = [events('cpu').length, events('cpu').at(-1)?.at];
    clock.stall(10_000);
    clock.advance(6_000);
    expect(of('gap')).toEqual([{ from: lastAt, to: expect.any(Number), reason: 'suspend' }]);
    const [{ to }] = of('gap') as unknown as [{ to: number }];
    expect(to - (lastAt as number)).toBeGreaterThanOrEqual(10_000);
    expect(to - (lastAt as number)).toBeLessThanOrEqual(11_000);
    const after = events('cpu').slice(before);
    expect(after[0]?.elapsedMs).toBeNull();
    expect(after.length).toBeLessThanOrEqual(7);
    expect(events('cpu', 5_000).filter(({ at }) => at >= to)[0]?.elapsedMs).toBeNull();
    const gapAt = all().findIndex(({ kind }) => kind === 'gap');
    expect(
      all()
        .slice(gapAt)
        .every(({ at }) => at >= to),
    ).toBe(true);
  });

  it('of two seconds is only a long interval, and says how long', () => {
    start();
    clock.advance(10_000);
    clock.stall(2_200);
    clock.advance(5_000);
    expect(of('gap')).toEqual([]);
    expect(Math.max(...events('cpu').map(({ elapsedMs }) => elapsedMs ?? 0))).toBeGreaterThan(2_000);
    expect(
      events('cpu')
        .slice(1)
        .every(({ elapsedMs }) => elapsedMs !== null),
    ).toBe(true);
  });

  it.each([3_600_000, 5_000])(
    'is not what it is to sleep for %d ms: then one gap says that the machine slept',
    (ms) => {
      start();
      clock.advance(10_000);
      const lastAt = events('cpu').at(-1)?.at as number;
      clock.sleep(ms);
      clock.advance(10_000);
      const [gap] = of('gap') as { from: number; to: number }[];
      expect(of('gap')).toEqual([{ from: lastAt, to: lastAt + 1_000 + ms, reason: 'suspend' }]);
      expect(events('cpu').find(({ at }) => at === gap?.to)?.elapsedMs).toBeNull();
    },
  );

  it('is not what a jump of the wall clock is: that is a gap of its own, and no interval is longer for it', () => {
    start();
    clock.advance(10_000);
    const lastAt = events('cpu').at(-1)?.at as number;
    clock.jump(-3_600_000);
    clock.advance(10_000);
    clock.jump(7_200_000);
    clock.advance(10_000);
    const [back, forth] = of('gap') as { from: number; to: number; reason: string }[];
    expect(of('gap')).toHaveLength(2);
    expect(back).toEqual({ from: lastAt, to: lastAt - 3_599_000, reason: 'clock' });
    expect((forth?.to as number) - (forth?.from as number)).toBe(7_201_000);
    const intervals = events('cpu').map(({ elapsedMs }) => elapsedMs);
    expect(intervals.filter((elapsedMs) => elapsedMs === null)).toHaveLength(3);
    for (const elapsedMs of intervals.slice(2)) expect(Math.abs((elapsedMs ?? 1_000) - 1_000)).toBeLessThanOrEqual(2);
  });

  it('is not what it is to move the clock as NTP does', () => {
    start();
    for (let second = 0; second < 600; second++) {
      clock.jump(second % 2 === 0 ? 0.5 : -500);
      clock.advance(1_000);
    }
    expect(of('gap')).toEqual([]);
  });
});

describe('what costs too much to be sampled for nobody', () => {
  it('is looked at only while somebody holds it: at once, then at its pace, and a while longer', () => {
    start();
    clock.advance(10_300);
    expect(events('process', 2_000)).toEqual([]);
    const release = sampler.hold('process', 2_000);
    expect(events('process', 2_000)).toEqual([{ at: clock.now(), elapsedMs: null, before: null, now: 1 }]);
    clock.advance(10_000);
    expect(events('process', 2_000).map(({ elapsedMs }) => elapsedMs)).toEqual([null, ...Array(5).fill(2_000)]);
    release();
    clock.advance(LINGER_MS);
    const last = events('process', 2_000).length;
    clock.advance(60_000);
    expect(events('process', 2_000)).toHaveLength(last);
    expect([began, ended]).toEqual([['process@2000'], ['process@2000']]);
  });

  it('shares a look that is under way with whoever has seen nothing yet', async () => {
    let answer = (_: unknown) => {};
    const slow = { ...counting(), read: () => new Promise((resolve) => (answer = resolve)) };
    start({ process: slow });
    sampler.hold('process', 2_000);
    sampler.hold('process', 60_000);
    answer({ reading: 1, faults: [] });
    await settled();
    expect([events('process', 2_000).length, events('process', 60_000).length]).toEqual([1, 1]);
  });

  it.each(['before', 'after'])('may be watched from %s the start, and nobody else is told', (when) => {
    const collectors = Object.fromEntries(METRIC_NAMES.map((name) => [name, counting()])) as unknown as Collectors;
    sampler = createSampler({ clock, collectors, base: 1_000, emit: (batch) => batches.push(batch) });
    const told: Data[] = [];
    const watch = () => sampler.watch('process', 60_000, ({ data }) => told.push(data as Data));
    if (when === 'before') watch();
    sampler.start();
    if (when === 'after') watch();
    // Somebody who reads at the same pace has a lane of its own.
    const release = sampler.hold('process', 60_000);
    clock.advance(180_000);
    release();
    clock.advance(LINGER_MS + 120_000);
    expect(told.map(({ elapsedMs }) => elapsedMs).slice(0, 3)).toEqual([null, 60_000, 60_000]);
    expect(told.length).toBeGreaterThanOrEqual(5);
    expect(events('process', 60_000)).toHaveLength(4);
  });
});

describe('a metric of which the machine has nothing', () => {
  it('is silent and no fault, until there is something', () => {
    let plugged = false;
    const own = counting();
    start({ gpu: { ...own, read: () => (plugged ? own.read() : null) } });
    clock.advance(10_000);
    expect(sampler.isAvailable('gpu')).toBe(false);
    expect(sampler.isAvailable('cpu')).toBe(true);
    expect([events('gpu', 5_000), of('fault'), sampler.health().get('gpu')?.fault]).toEqual([[], [], null]);
    plugged = true;
    clock.advance(10_000);
    expect(events('gpu', 5_000).map(({ elapsedMs }) => elapsedMs)).toEqual([null, 5_000]);
    expect(sampler.isAvailable('gpu')).toBe(true);
    plugged = false;
    ended.length = 0;
    clock.advance(5_000);
    expect(ended).toEqual(['gpu@5000']);
    plugged = true;
    clock.advance(5_000);
    // It is another one, or was reset: nothing reaches across.
    expect(events('gpu', 5_000).at(-1)?.elapsedMs).toBeNull();
  });
});
