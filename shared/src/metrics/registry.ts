import type { MetricEvent } from '../metric.ts';
import { cpu } from './cpu.ts';
import { disk } from './disk.ts';
import { filesystem } from './filesystem.ts';
import { gpu } from './gpu.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import { pressure } from './pressure.ts';
import { process } from './process.ts';
import { self } from './self.ts';
import { sensor } from './sensor.ts';

/** Every metric, by the name it has on the stream. A new one is declared here and the compiler shows the way on. */
export const metrics = { cpu, memory, network, disk, filesystem, pressure, process, sensor, gpu, self };

export type MetricName = keyof typeof metrics;
export type MetricEvents = { [M in MetricName]: MetricEvent<(typeof metrics)[M]['fields']> };
/** What a collector says: the event without its time. */
export type MetricValues<M extends MetricName> = Omit<MetricEvents[M], 'at' | 'elapsedMs'>;

export const METRIC_NAMES = Object.keys(metrics) as readonly MetricName[];
/** What a stream holds unless it is told otherwise: all but what costs too much to be sampled for nobody. */
export const DEFAULT_METRICS: readonly MetricName[] = METRIC_NAMES.filter((name) => !metrics[name].onDemand);

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(metrics, name);
}
