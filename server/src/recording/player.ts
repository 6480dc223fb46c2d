import {
  METRIC_NAMES,
  type MetricName,
  metrics,
  type Pace,
  type RecordedEvent,
  type RecordingHead,
  RecordingTime,
} from '@telltale/shared';
import type { Clock } from '../clock.ts';
import type { Sampled, SampledMetric } from '../collect/sampled.ts';
import type { CollectorHealth, Sampler } from '../collect/sampler.ts';

/** Where in a recording: so long after its beginning, or at a time of its own. */
export type Position = { readonly offset: number } | { readonly at: number };

export interface PlayerOptions {
  readonly head: RecordingHead;
  readonly events: AsyncIterable<RecordedEvent>;
  readonly clock: Clock;
  /** How many times as fast as it was. */
  readonly speed: number;
  /** Where to begin; what is before it is there at once, as the past. `null` for the beginning. */
  readonly position: Position | null;
  /** Told everything that comes at one moment, in one call. */
  readonly emit: (batch: readonly Sampled[]) => void;
  readonly onEnd: () => void;
  readonly onError: (error: unknown) => void;
}

/** The sampler's place, taken by a recording. */
export interface Player extends Sampler {
  /** The time in the recording: that of the newest event which was played. */
  readonly now: number;
}

/** What is due within this is played now: fast playing would be made of tiny waits. */
const SOON_MS = 10;
/** As many events are handed on in one piece. */
const MAX_BATCH = 500;
/** A recording can hold any number of faults that never end; these are told to whoever comes later. */
const MAX_FAULTS = 256;
/** `process` is kept once a minute for who asks for it later. */
const WATCH_MS = 60_000;

/** Emits the events of a recording, with their own times, as far apart as they were or as much faster as is wished. */
export function createPlayer(options: PlayerOptions): Player {
  const { head, events, clock, speed, position, emit, onEnd, onError } = options;
  const time = new RecordingTime(head);
  const newest = new Map<MetricName, number>();
  const faults = new Map<string, { readonly metric: string; readonly reason: string }>();
  const watchers: { readonly metric: MetricName; readonly tell: (event: SampledMetric) => void; last: number }[] = [];
  /** What was taken reaches up to here, and what was emitted up to `now`; `time` is one event ahead. */
  let takenAt = head.from ?? head.recordedAt;
  let now = takenAt;
  let running = false;
  let cancelWait: (() => void) | null = null;
  let batch: Sampled[] = [];

  // What is played has the pace at which it was recorded, whatever is asked for. What was made from history has steps
  // that no stream can be asked for; to those who come after the sampler a pace is a number of ms.
  const paceOf = (metric: MetricName): Pace => {
    const declared = metrics[metric].pace;
    return (head.metrics[metric] ?? (declared === 'base' ? 1_000 : declared)) as Pace;
  };

  function flush(): void {
    const events = batch;
    batch = [];
    now = takenAt;
    if (events.length > 0) emit(events);
  }

  function take(event: RecordedEvent): void {
    takenAt = time.at ?? takenAt;
    if (event.name === 'gap') batch.push({ kind: 'gap', at: takenAt, data: event.data });
    else if (event.name === 'fault') takeFault(event.data);
    else {
      const { name, data } = event;
      const sampled = { kind: 'metric', name, pace: paceOf(name), at: data.at, data } as const;
      newest.set(name, data.at);
      for (const watcher of watchers) {
        if (watcher.metric !== name || data.at - watcher.last < WATCH_MS) continue;
        watcher.last = data.at;
        watcher.tell(sampled);
      }
      batch.push(sampled);
    }
  }

  function takeFault(data: Extract<RecordedEvent, { name: 'fault' }>['data']): void {
    const key = JSON.stringify([data.metric, data.fields]);
    if (data.cleared) faults.delete(key);
    else if (faults.size >= MAX_FAULTS && !faults.has(key)) return;
    else faults.set(key, data);
    batch.push({ kind: 'fault', at: takenAt, data });
  }

  const isReached = (offset: number) =>
    position === null || ('offset' in position ? offset >= position.offset : (time.at ?? 0) >= position.at);

  async function play(): Promise<void> {
    /** When the beginning of the recording would have been played. */
    let origin: number | null = null;
    for await (const event of events) {
      const offset = time.next(event);
      if (origin === null && isReached(offset)) origin = clock.monotonic() - offset / speed;
      const wait = origin === null ? 0 : origin + offset / speed - clock.monotonic();
      if (wait > SOON_MS || batch.length >= MAX_BATCH) flush();
      if (wait > SOON_MS) await new Promise<void>((resolve) => (cancelWait = clock.after(wait, resolve)));
      if (!running) return;
      take(event);
    }
    // Whoever watches is told that nothing comes any more, and why; the stream stays open.
    const ended = { fields: [], reason: 'the recording has ended', since: takenAt, cleared: false };
    for (const metric of newest.keys()) takeFault({ metric, ...ended });
    flush();
    onEnd();
  }

  return {
    get now() {
      return now;
    },
    lagMs: 0,
    durations: new Map(),
    start() {
      running = true;
      play().catch(onError);
    },
    stop() {
      running = false;
      cancelWait?.();
    },
    paceOf,
    isAvailable: (metric) => Object.hasOwn(head.metrics, metric) || newest.has(metric),
    hold: () => () => {},
    watch(metric, _pace, tell) {
      watchers.push({ metric, tell, last: Number.NEGATIVE_INFINITY });
    },
    health() {
      const healthOf = (metric: MetricName): CollectorHealth => {
        const reasons = [...faults.values()].filter((fault) => fault.metric === metric).map(({ reason }) => reason);
        const fault = reasons.length > 0 ? reasons.join('; ') : null;
        return { lastSuccessAt: newest.get(metric) ?? null, durationMs: null, fault };
      };
      return new Map(METRIC_NAMES.map((metric) => [metric, healthOf(metric)]));
    },
  };
}
