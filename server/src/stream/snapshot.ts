import { METRIC_NAMES, type MetricName, type Pace } from '@telltale/shared';
import { mayRead, type Visitor } from '../visitor.ts';
import { dataOf, type EventLog } from './event-log.ts';

/** JSON text of the newest event of each metric that a visitor may read, and of the faults that last. */
export function snapshotOf(log: EventLog, ownPace: (metric: MetricName) => Pace, visitor: Visitor): string {
  const own = METRIC_NAMES.filter((metric) => mayRead(visitor, metric));
  const newest = own.flatMap((metric) => log.newest(metric, ownPace(metric)) ?? []);
  const events = newest.map((entry) => `${JSON.stringify(entry.name)}:${dataOf(entry)}`);
  const cursor = JSON.stringify(log.cursorAt(log.newestSeq));
  // Who goes on from here with the stream is not told them again.
  const faults = log.standingFaults(0).filter(({ metric }) => mayRead(visitor, metric as MetricName));
  return `{"cursor":${cursor},"events":{${events.join(',')}},"faults":${JSON.stringify(faults)}}`;
}
