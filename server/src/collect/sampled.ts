import type { Events, MetricName, Pace } from '@telltale/shared';
import type { FaultChange } from './fault-book.ts';

/** One metric at one moment, at one of its paces. */
export interface SampledMetric {
  readonly kind: 'metric';
  readonly name: MetricName;
  readonly pace: Pace;
  readonly at: number;
  readonly data: object;
}

/** What the sampler saw at one moment, ready for the log. */
export type Sampled =
  | SampledMetric
  | { readonly kind: 'fault'; readonly at: number; readonly data: FaultChange }
  | { readonly kind: 'gap'; readonly at: number; readonly data: Events['gap'] };

/** Whether an event holds anything but its time. */
export function tellsSomething(event: SampledMetric): boolean {
  const { data } = event as { readonly data: Readonly<Record<string, unknown>> };
  // Nearly always the first value is one: a list of all of them took a twentieth of all sampling.
  for (const name in data) {
    const value = data[name];
    const isTime = name === 'at' || name === 'elapsedMs';
    if (!isTime && value !== null && !(Array.isArray(value) && value.length === 0)) return true;
  }
  return false;
}
