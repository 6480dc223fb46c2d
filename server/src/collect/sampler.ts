import { blankValues, METRIC_NAMES, type MetricName, metrics, type Pace } from '@telltale/shared';
import type { Clock } from '../clock.ts';
import type { Collector, Collectors, Sample } from './collector.ts';
import { FaultBook, type FaultChange } from './fault-book.ts';
import { TickGrid } from './tick-grid.ts';

/** What the sampler saw at one moment, ready for the log. `first`: a lane begins here, nothing before it was sampled. */
export type Sampled =
  | {
      readonly kind: 'metric';
      readonly name: MetricName;
      readonly pace: Pace;
      readonly at: number;
      readonly data: object;
    }
  | { readonly kind: 'fault'; readonly at: number; readonly data: FaultChange }
  | { readonly kind: 'gap'; readonly at: number; readonly data: { from: number; to: number; reason: 'suspend' } };

export interface CollectorHealth {
  /** Epoch ms of the last sample that told anything. */
  readonly lastSuccessAt: number | null;
  readonly durationMs: number | null;
  readonly fault: string | null;
}

export interface Sampler {
  start(): void;
  stop(): void;
  /** The pace at which a metric comes when `asked` for: some metrics do not go below a second. */
  paceOf(metric: MetricName, asked: Pace | null): Pace;
  /** Keeps a metric sampled at a pace until the answer is called, and {@link LINGER_MS} longer. */
  hold(metric: MetricName, pace: Pace): () => void;
  health(): ReadonlyMap<MetricName, CollectorHealth>;
}

export interface SamplerOptions {
  readonly clock: Clock;
  readonly collectors: Collectors;
  readonly base: Pace;
  /** Told about everything that one tick saw, in one call. */
  readonly emit: (batch: readonly Sampled[]) => void;
  /** Told when a pace other than a metric's own begins to be sampled, before its first event. */
  readonly began?: (metric: MetricName, pace: Pace) => void;
}

/** Whether an event holds anything but its time. */
function tellsSomething(sampled: Sampled): boolean {
  if (sampled.kind !== 'metric') return false;
  const { at, elapsedMs, ...values } = sampled.data as Record<string, unknown>;
  return Object.values(values).some((value) => value !== null && !(Array.isArray(value) && value.length === 0));
}

/** How long a pace outlives the last one who asked, so that a reconnect within it misses nothing. */
export const LINGER_MS = 30_000;
/** A tick that comes this many paces late, and at least this many ms, was not late but stopped: the process slept. */
const SUSPEND_PACES = 3;
const SUSPEND_MS = 3_000;
/** Timers may fire a little early; what is due within this is done now. */
const EARLY_MS = 1;

interface Reading {
  readonly value: unknown;
  readonly monotonic: number;
  readonly at: number;
}

/** One metric at one pace, with its own previous reading: so each event covers exactly its own interval. */
interface Lane {
  readonly metric: MetricName;
  readonly pace: Pace;
  due: number;
  before: Reading | null;
  holders: number;
  cancelLinger: (() => void) | null;
}

/** Samples every metric at its own pace, and at others while somebody asks. One timer, one read per metric and tick. */
export function createSampler({ clock, collectors, base, emit, began }: SamplerOptions): Sampler {
  const grid = new TickGrid(base, clock);
  const lanes = new Map<string, Lane>();
  const newest = new Map<MetricName, Reading>();
  const busy = new Set<MetricName>();
  const book = new FaultBook();
  const durations = new Map<MetricName, number>();
  const successes = new Map<MetricName, number>();
  let cancelTimer: (() => void) | null = null;
  let lastTickAt: number | null = null;
  let running = false;

  const ownPace = (metric: MetricName): Pace => {
    const declared: 'base' | Pace = metrics[metric].pace;
    return declared === 'base' ? base : declared;
  };
  const paceOf = (metric: MetricName, asked: Pace | null): Pace =>
    asked === null || (asked < 1_000 && metrics[metric].pace !== 'base') ? ownPace(metric) : asked;
  const laneKey = (metric: MetricName, pace: Pace) => `${metric}@${pace}`;

  function addLane(metric: MetricName, pace: Pace, due: number): Lane {
    const lane: Lane = { metric, pace, due, before: null, holders: 0, cancelLinger: null };
    lanes.set(laneKey(metric, pace), lane);
    return lane;
  }

  function toEvent(lane: Lane, reading: Reading): Sampled {
    const before = lane.before;
    const elapsed = before && reading.monotonic - before.monotonic;
    const own = collectors[lane.metric] as Collector<MetricName>;
    const values = own.derive(reading.value, before?.value ?? null, elapsed);
    lane.before = reading;
    const elapsedMs = elapsed === null ? null : Math.round(elapsed * 10) / 10;
    return {
      kind: 'metric',
      name: lane.metric,
      pace: lane.pace,
      at: reading.at,
      data: { at: reading.at, elapsedMs, ...values },
    };
  }

  function accept(due: readonly Lane[], metric: MetricName, sample: Sample<unknown>, startedAt: number): Sampled[] {
    const reading = { value: sample.reading, monotonic: clock.monotonic(), at: clock.now() };
    durations.set(metric, Math.round((reading.monotonic - startedAt) * 1000) / 1000);
    // First, since what cannot be understood throws: then the look has failed, and none of the rest is true.
    const events = due.filter((lane) => lanes.has(laneKey(metric, lane.pace))).map((lane) => toEvent(lane, reading));
    newest.set(metric, reading);
    if (events.some(tellsSomething)) successes.set(metric, reading.at);
    const faults = book.update(metric, sample.faults, reading.at);
    return [...faults.map((data) => ({ kind: 'fault', at: reading.at, data }) as const), ...events];
  }

  /** Nothing could be read: the values are said to be absent, and the next interval starts afresh. */
  function fail(due: readonly Lane[], metric: MetricName, error: unknown): Sampled[] {
    const at = clock.now();
    const reason = error instanceof Error ? error.message : String(error);
    newest.delete(metric);
    const faults = book.update(metric, [{ fields: [], reason }], at);
    const events = due.map((lane): Sampled => {
      lane.before = null;
      const data = { at, elapsedMs: null, ...blankValues(metrics[metric].fields) };
      return { kind: 'metric', name: metric, pace: lane.pace, at, data };
    });
    return [...faults.map((data) => ({ kind: 'fault', at, data }) as const), ...events];
  }

  /** Reads one metric for all lanes that are due. A reading that takes time comes later, in a batch of its own. */
  function sample(metric: MetricName, due: readonly Lane[]): Sampled[] {
    // Never two looks at once: a look that takes longer than its pace is finished first.
    if (busy.has(metric)) return [];
    const startedAt = clock.monotonic();
    try {
      const result = collectors[metric].read();
      if (!(result instanceof Promise)) return accept(due, metric, result, startedAt);
      busy.add(metric);
      result
        .then((late) => accept(due, metric, late, startedAt))
        // Whether the machine could not be read or what it said not be understood: neither may stop the server.
        .catch((error: unknown) => fail(due, metric, error))
        .then((events) => {
          busy.delete(metric);
          if (running) emit(events);
        });
      return [];
    } catch (error) {
      return fail(due, metric, error);
    }
  }

  function sampleDue(now: number): Sampled[] {
    const due = new Map<MetricName, Lane[]>();
    for (const lane of lanes.values()) {
      if (lane.due > now + EARLY_MS) continue;
      const late = now - lane.due;
      if (late > Math.max(SUSPEND_PACES * lane.pace, SUSPEND_MS)) lane.before = null;
      // Missed ticks are not made up for: the interval was long, and says so.
      lane.due += lane.pace * (1 + Math.max(0, Math.floor(late / lane.pace)));
      const together = due.get(lane.metric);
      if (together) together.push(lane);
      else due.set(lane.metric, [lane]);
    }
    return [...due].flatMap(([metric, together]) => sample(metric, together));
  }

  function tick(): void {
    const now = grid.now();
    const earliest = Math.min(...[...lanes.values()].map(({ due }) => due));
    const batch: Sampled[] = [];
    const at = clock.now();
    if (lastTickAt !== null && now - earliest > Math.max(SUSPEND_PACES * base, SUSPEND_MS)) {
      batch.push({ kind: 'gap', at, data: { from: lastTickAt, to: at, reason: 'suspend' } });
      // The gap is everybody's: no interval reaches across it, however slow its pace.
      for (const lane of lanes.values()) lane.before = null;
    }
    lastTickAt = at;
    batch.push(...sampleDue(now));
    grid.follow();
    schedule();
    if (batch.length > 0) emit(batch);
  }

  function schedule(): void {
    cancelTimer?.();
    const earliest = Math.min(...[...lanes.values()].map(({ due }) => due));
    cancelTimer = running ? clock.after(Math.max(0, earliest - grid.now()), tick) : null;
  }

  function hold(metric: MetricName, pace: Pace): () => void {
    const lane = lanes.get(laneKey(metric, pace)) ?? beginLane(metric, pace);
    lane.holders++;
    lane.cancelLinger?.();
    lane.cancelLinger = null;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      lane.holders--;
      if (lane.holders > 0 || pace === ownPace(metric)) return;
      lane.cancelLinger = clock.after(LINGER_MS, () => lanes.delete(laneKey(metric, pace)));
    };
  }

  /**
   * A slower pace starts from the newest reading, so its first event (gauges only) is there at once and the second
   * covers exactly one pace. A faster one starts on its own next tick.
   */
  function beginLane(metric: MetricName, pace: Pace): Lane {
    began?.(metric, pace);
    const own = lanes.get(laneKey(metric, ownPace(metric)));
    const seed = newest.get(metric);
    if (own && seed && pace >= own.pace) {
      const lane = addLane(metric, pace, own.due - own.pace + pace);
      emit([toEvent(lane, seed)]);
      return lane;
    }
    const lane = addLane(metric, pace, grid.nextMultiple(pace));
    schedule();
    return lane;
  }

  return {
    paceOf,
    hold,
    start() {
      running = true;
      grid.begin();
      for (const metric of METRIC_NAMES) addLane(metric, ownPace(metric), 0);
      tick();
    },
    stop() {
      running = false;
      cancelTimer?.();
      for (const lane of lanes.values()) lane.cancelLinger?.();
    },
    health() {
      return new Map(
        METRIC_NAMES.map((metric) => [
          metric,
          {
            lastSuccessAt: successes.get(metric) ?? null,
            durationMs: durations.get(metric) ?? null,
            fault: book.reasonOf(metric),
          },
        ]),
      );
    },
  };
}
