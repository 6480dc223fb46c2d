import type { MetricEvent } from '../metric.ts';
import { cpu } from './cpu.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';

/** Every metric, by the name it has on the stream. A new one is declared here and the compiler shows the way on. */
export const metrics = { cpu, memory, network };

export type MetricName = keyof typeof metrics;
export type MetricEvents = { [M in MetricName]: MetricEvent<(typeof metrics)[M]['fields']> };
/** What a collector says: the event without its time. */
export type MetricValues<M extends MetricName> = Omit<MetricEvents[M], 'at' | 'elapsedMs'>;

export const METRIC_NAMES = Object.keys(metrics) as readonly MetricName[];

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(metrics, name);
}
