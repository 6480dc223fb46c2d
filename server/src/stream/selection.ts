import {
  DEFAULT_METRICS,
  isMetricName,
  METRIC_NAMES,
  type MetricName,
  PACE_NAMES,
  type Pace,
  parsePace,
} from '@telltale/shared';
import { HttpProblem } from '../errors.ts';
import type { Entry } from './event-log.ts';

/** What a subscriber reads: each metric at one pace. */
export type Selection = ReadonlyMap<MetricName, Pace>;

/** What somebody reads who may not know of anything else: of other metrics it is not even told what is wrong. */
export class OwnSelection extends Map<MetricName, Pace> {}

export type PaceOf = (metric: MetricName, asked: Pace | null) => Pace;

/** Reads `metrics=` and `interval=`. Throws a 400 that names what is allowed. */
export function parseSelection(metrics: string | undefined, interval: string | undefined, paceOf: PaceOf): Selection {
  const asked = interval === undefined ? null : parsePace(interval);
  if (interval !== undefined && asked === null) {
    throw new HttpProblem(400, `interval "${clip(interval)}" is not one of ${PACE_NAMES.join(', ')}`);
  }
  const names = metrics === undefined ? DEFAULT_METRICS : metrics.split(',');
  return new Map(
    names.map((name) => {
      if (!isMetricName(name)) {
        throw new HttpProblem(400, `metric "${clip(name)}" is not one of ${METRIC_NAMES.join(', ')}`);
      }
      return [name, paceOf(name, asked)];
    }),
  );
}

const clip = (text: string) => (text.length > 64 ? `${text.slice(0, 64)}…` : text);

/** Whether a reader of this is told of faults of a metric. */
export function hearsOf(selection: Selection, metric: string): boolean {
  return !(selection instanceof OwnSelection) || selection.has(metric as MetricName);
}

export function selects(selection: Selection, { name, pace, metric }: Entry): boolean {
  if (pace === null) return metric === undefined || hearsOf(selection, metric);
  return selection.get(name as MetricName) === pace;
}

/** Subscribers with the same key are sent the same bytes. */
export function selectionKey(selection: Selection): string {
  const parts = [...selection].map(([metric, pace]) => `${metric}@${pace}`).sort();
  return [...(selection instanceof OwnSelection ? ['own'] : []), ...parts].join(',');
}
