import type { MetricName, MetricValues } from '@telltale/shared';

/** What could not be read, and why. An empty `fields` means the whole metric. */
export interface ReadFault {
  readonly fields: readonly string[];
  readonly reason: string;
  /** Set where this machine or its provider never tells: said once, and its health is not the worse for it. */
  readonly permanent?: true;
}

/** One look at the machine: counters and gauges as they stood, and what was missing. */
export interface Sample<R> {
  readonly reading: R;
  readonly faults: readonly ReadFault[];
  /**
   * When it was taken, in monotonic ms of any beginning; without it, now. A provider that is asked too soon may repeat
   * itself: one that was told before is nothing new, and the interval goes on.
   */
  readonly measuredAt?: number;
}

export type Look<R> = Sample<R> | null;

/**
 * One metric on one platform, in two halves: `read` touches the machine, `derive` only thinks.
 * Rates come from two readings, so a collector keeps no state and serves any number of paces at once.
 */
export interface Collector<M extends MetricName, R = unknown> {
  /**
   * Reads the machine. What is missing is a fault, not an exception; an exception counts as the whole metric missing.
   * `null` says that this machine has nothing of the kind, which is no fault: the metric is silent.
   */
  read(): Look<R> | Promise<Look<R>>;
  /** `before` and `elapsedMs` are `null` in the first event after a start or gap: then rates are `null`, gauges are not. */
  derive(now: R, before: R | null, elapsedMs: number | null): MetricValues<M>;
}

/** A collector for every metric. A metric that is declared but missing here does not compile. */
export type Collectors = { readonly [M in MetricName]: Collector<M> };

/** Those that look at the machine; `self` looks at ourselves, and is the same everywhere. */
export type HostCollectors = Omit<Collectors, 'self'>;

/** Hides the type of a collector's readings, which is nobody else's business. */
export function collector<M extends MetricName, R>(own: Collector<M, R>): Collector<M> {
  return own as unknown as Collector<M>;
}
