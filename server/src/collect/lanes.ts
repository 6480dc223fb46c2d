import type { MetricName, Pace } from '@telltale/shared';
import type { SampledMetric } from './sampled.ts';

/** A tick that comes this many paces late, and at least this many ms, was not late but stopped: the process slept. */
const SUSPEND_PACES = 3;
const SUSPEND_MS = 3_000;
/** Timers may fire a little early; what is due within this is done now. */
const EARLY_MS = 1;

export interface Reading {
  readonly value: unknown;
  readonly monotonic: number;
  readonly at: number;
}

/** One metric at one pace, with its own previous reading: so each event covers exactly its own interval. */
export interface Lane {
  readonly metric: MetricName;
  readonly pace: Pace;
  readonly key: string;
  /** Whom alone to tell; `null` for everybody. */
  readonly tell: ((event: SampledMetric) => void) | null;
  due: number;
  before: Reading | null;
  holders: number;
  cancelLinger: (() => void) | null;
}

const laneKey = (metric: MetricName, pace: Pace) => `${metric}@${pace}`;

/** Whether what was due so long ago was stopped, and not merely late. */
export const isStop = (lateMs: number, pace: Pace): boolean => lateMs > Math.max(SUSPEND_PACES * pace, SUSPEND_MS);

/** What is sampled, and when each is due. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();

  /** The lane of a pace that everybody is told of. */
  find(metric: MetricName, pace: Pace): Lane | undefined {
    return this.#lanes.get(laneKey(metric, pace));
  }

  add(metric: MetricName, pace: Pace, due: number, tell: Lane['tell'] = null): Lane {
    const key = tell ? `${laneKey(metric, pace)} watched` : laneKey(metric, pace);
    const lane: Lane = { metric, pace, key, tell, due, before: null, holders: 0, cancelLinger: null };
    this.#lanes.set(key, lane);
    return lane;
  }

  remove({ key }: Lane): void {
    this.#lanes.delete(key);
  }

  has(lane: Lane): boolean {
    return this.#lanes.get(lane.key) === lane;
  }

  /** When the next is due. */
  get nextDue(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { due } of this.#lanes.values()) earliest = Math.min(earliest, due);
    return earliest;
  }

  /** Answers what is due, and has each be due again a pace later. */
  take(now: number): Map<MetricName, Lane[]> {
    const due = new Map<MetricName, Lane[]>();
    for (const lane of this.#lanes.values()) {
      if (lane.due > now + EARLY_MS) continue;
      const late = now - lane.due;
      if (isStop(late, lane.pace)) lane.before = null;
      // Missed ticks are not made up for: the interval was long, and says so.
      lane.due += lane.pace * (1 + Math.max(0, Math.floor(late / lane.pace)));
      const together = due.get(lane.metric);
      if (together) together.push(lane);
      else due.set(lane.metric, [lane]);
    }
    return due;
  }

  /** No interval reaches across this moment, however slow its pace. */
  beginAnew(): void {
    for (const lane of this.#lanes.values()) lane.before = null;
  }

  /** Nothing is let go any more. */
  cancelLingers(): void {
    for (const lane of this.#lanes.values()) lane.cancelLinger?.();
  }
}
