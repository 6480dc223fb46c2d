import { blankValues, DEFAULT_METRICS, METRIC_NAMES, type MetricName, metrics, type Pace } from '@telltale/shared';
import type { Clock } from '../clock.ts';
import type { Collector, Collectors, Look } from './collector.ts';
import { FaultBook } from './fault-book.ts';
import { isStop, type Lane, Lanes, type Reading } from './lanes.ts';
import { round } from './rate.ts';
import { type Sampled, type SampledMetric, tellsSomething } from './sampled.ts';
import { TickGrid } from './tick-grid.ts';
import { TimeWatch } from './time-watch.ts';

/** What a look counts for in the mean of how long they take: one that was held up by chance says little. */
const DURATION_WEIGHT = 0.1;

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
  /** Whether this machine has anything of the kind, as far as is known. */
  isAvailable(metric: MetricName): boolean;
  /** How much later than planned the timer of the last tick fired, in ms. */
  readonly lagMs: number;
  /** Keeps a metric sampled at a pace until the answer is called, and {@link LINGER_MS} longer. */
  hold(metric: MetricName, pace: Pace): () => void;
  /** Samples a metric at a pace for one listener alone: nobody else is told, and it takes no place in the log. */
  watch(metric: MetricName, pace: Pace, tell: (event: SampledMetric) => void): void;
  /** How long looks at each metric take, in ms, the last ones counting most; without those that were never looked at. */
  readonly durations: ReadonlyMap<MetricName, number>;
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
  /** Told when a pace is no longer sampled, or the machine has nothing of the kind any more: its last event is old. */
  readonly ended?: (metric: MetricName, pace: Pace) => void;
}

/** How long a pace outlives the last one who asked, so that a reconnect within it misses nothing. */
export const LINGER_MS = 30_000;

/**
 * Samples every metric at its own pace, and at others while somebody asks. One timer, one read per metric and tick.
 * What can be thought without them is elsewhere: when a tick is due (`tick-grid`), what is due with it (`lanes`), what
 * happened to time (`time-watch`), what was said of faults (`fault-book`).
 */
export function createSampler({ clock, collectors, base, emit, began, ended }: SamplerOptions): Sampler {
  const grid = new TickGrid(base, clock);
  const lanes = new Lanes();
  /** Looks under way, and whom they are for. */
  const busy = new Map<MetricName, Lane[]>();
  const book = new FaultBook();
  const durations = new Map<MetricName, number>();
  const successes = new Map<MetricName, number>();
  const absent = new Set<MetricName>();
  const watch = new TimeWatch(clock);
  let cancelTimer: (() => void) | null = null;
  let lastTickAt: number | null = null;
  let lagMs = 0;
  let running = false;

  const ownPace = (metric: MetricName): Pace => {
    const declared: 'base' | Pace = metrics[metric].pace;
    return declared === 'base' ? base : declared;
  };
  const paceOf = (metric: MetricName, asked: Pace | null): Pace =>
    asked === null || (asked < 1_000 && !metrics[metric].subSecond) ? ownPace(metric) : asked;

  /** Passes on what everybody may know. */
  function forEverybody(due: readonly Lane[], events: readonly SampledMetric[]): SampledMetric[] {
    return events.filter((event, i) => {
      const tell = due[i]?.tell;
      tell?.(event);
      return !tell;
    });
  }

  function toEvent(lane: Lane, reading: Reading): SampledMetric {
    const before = lane.before;
    const elapsed = before && reading.monotonic - before.monotonic;
    const own = collectors[lane.metric] as Collector<MetricName>;
    const values = own.derive(reading.value, before?.value ?? null, elapsed);
    lane.before = reading;
    const elapsedMs = elapsed === null ? null : round(elapsed, 1);
    return {
      kind: 'metric',
      name: lane.metric,
      pace: lane.pace,
      at: reading.at,
      data: { at: reading.at, elapsedMs, ...values },
    };
  }

  function accept(due: readonly Lane[], metric: MetricName, sample: Look<unknown>, startedAt: number): Sampled[] {
    if (sample === null) return acceptAbsence(due, metric);
    absent.delete(metric);
    const monotonic = clock.monotonic();
    const reading = { value: sample.reading, monotonic: sample.measuredAt ?? monotonic, at: clock.now() };
    const took = monotonic - startedAt;
    const mean = durations.get(metric) ?? took;
    durations.set(metric, mean + DURATION_WEIGHT * (took - mean));
    // First, since what cannot be understood throws: then the look has failed, and none of the rest is true.
    const isNew = ({ before }: Lane) => before === null || sample.measuredAt !== before.monotonic;
    const current = due.filter((lane) => lanes.has(lane) && isNew(lane));
    const events = current.map((lane) => toEvent(lane, reading));
    if (events.some(tellsSomething)) successes.set(metric, reading.at);
    const faults = book.update(metric, sample.faults, reading.at);
    const said = faults.map((data) => ({ kind: 'fault', at: reading.at, data }) as const);
    return [...said, ...forEverybody(current, events)];
  }

  function acceptAbsence(due: readonly Lane[], metric: MetricName): Sampled[] {
    const at = clock.now();
    absent.add(metric);
    for (const lane of due) {
      lane.before = null;
      if (!lane.tell) ended?.(metric, lane.pace);
    }
    return book.update(metric, [], at).map((data) => ({ kind: 'fault', at, data }) as const);
  }

  /** Nothing could be read: the values are said to be absent, and the next interval starts afresh. */
  function fail(due: readonly Lane[], metric: MetricName, error: unknown): Sampled[] {
    const at = clock.now();
    const reason = error instanceof Error ? error.message : String(error);
    absent.delete(metric);
    const faults = book.update(metric, [{ fields: [], reason }], at);
    const events = due.map((lane): SampledMetric => {
      lane.before = null;
      const data = { at, elapsedMs: null, ...blankValues(metrics[metric].fields) };
      return { kind: 'metric', name: metric, pace: lane.pace, at, data };
    });
    return [...faults.map((data) => ({ kind: 'fault', at, data }) as const), ...forEverybody(due, events)];
  }

  /** Reads one metric for all lanes that are due. A reading that takes time comes later, in a batch of its own. */
  function sample(metric: MetricName, due: readonly Lane[]): Sampled[] {
    // Never two looks at once: a look that takes longer than its pace is finished first. Who has seen nothing yet shares it.
    const underWay = busy.get(metric);
    if (underWay) {
      underWay.push(...due.filter((lane) => lane.before === null && !underWay.includes(lane)));
      return [];
    }
    const lookers = [...due];
    const startedAt = clock.monotonic();
    try {
      const result = collectors[metric].read();
      if (!(result instanceof Promise)) return accept(due, metric, result, startedAt);
      busy.set(metric, lookers);
      result
        .then((late) => accept(lookers, metric, late, startedAt))
        // Whether the machine could not be read or what it said not be understood: neither may stop the server.
        .catch((error: unknown) => fail(lookers, metric, error))
        .then((events) => {
          busy.delete(metric);
          if (running && events.length > 0) emit(events);
        });
      return [];
    } catch (error) {
      return fail(due, metric, error);
    }
  }

  function tick(): void {
    const now = grid.now();
    const batch: Sampled[] = [];
    const at = clock.now();
    lagMs = Math.max(0, now - lanes.nextDue);
    const stopped = lastTickAt !== null && isStop(lagMs, base);
    const gap = watch.look() ?? (stopped ? { from: lastTickAt ?? at, to: at, reason: 'suspend' as const } : null);
    if (gap) {
      batch.push({ kind: 'gap', at, data: gap });
      // The gap is everybody's.
      lanes.beginAnew();
    }
    lastTickAt = at;
    for (const [metric, due] of lanes.take(now)) batch.push(...sample(metric, due));
    grid.follow();
    schedule();
    if (batch.length > 0) emit(batch);
  }

  function schedule(): void {
    cancelTimer?.();
    cancelTimer = running ? clock.after(Math.max(0, lanes.nextDue - grid.now()), tick) : null;
  }

  function hold(metric: MetricName, pace: Pace): () => void {
    const lane = lanes.find(metric, pace) ?? beginLane(metric, pace);
    lane.holders++;
    lane.cancelLinger?.();
    lane.cancelLinger = null;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      lane.holders--;
      if (lane.holders > 0 || (pace === ownPace(metric) && !metrics[metric].onDemand)) return;
      lane.cancelLinger = clock.after(LINGER_MS, () => {
        lanes.remove(lane);
        ended?.(metric, pace);
      });
    };
  }

  /**
   * A slower pace starts from the newest reading of the metric's own, so its first event (gauges only) is there at once and the second
   * covers exactly one pace. A faster one starts on its own next tick, and what nobody had asked for at once.
   */
  function beginLane(metric: MetricName, pace: Pace): Lane {
    began?.(metric, pace);
    const own = lanes.find(metric, ownPace(metric));
    const seed = own?.before;
    if (own && seed && pace >= own.pace) {
      const lane = lanes.add(metric, pace, own.due - own.pace + pace);
      emit([toEvent(lane, seed)]);
      return lane;
    }
    if (metrics[metric].onDemand) {
      const lane = lanes.add(metric, pace, running ? grid.now() : 0);
      if (running) tick();
      return lane;
    }
    const lane = lanes.add(metric, pace, grid.nextMultiple(pace));
    schedule();
    return lane;
  }

  return {
    paceOf,
    hold,
    watch(metric, pace, tell) {
      lanes.add(metric, pace, running ? grid.nextMultiple(pace) : 0, tell);
      schedule();
    },
    isAvailable: (metric) => !absent.has(metric),
    durations,
    get lagMs() {
      return lagMs;
    },
    start() {
      running = true;
      grid.begin();
      for (const metric of DEFAULT_METRICS) lanes.add(metric, ownPace(metric), 0);
      tick();
    },
    stop() {
      running = false;
      cancelTimer?.();
      lanes.cancelLingers();
    },
    health() {
      return new Map(
        METRIC_NAMES.map((metric) => [
          metric,
          {
            lastSuccessAt: successes.get(metric) ?? null,
            durationMs: durations.has(metric) ? round(durations.get(metric) as number, 1) : null,
            fault: book.reasonOf(metric),
          },
        ]),
      );
    },
  };
}
