import {
  formatSeries,
  type History,
  type HistoryColumns,
  instancesOf,
  type MetricName,
  type Pace,
  type Series,
  seriesValue,
} from '@telltale/shared';
import { HttpProblem } from '../errors.ts';
import { dataOf, type EventLog } from '../stream/event-log.ts';
import { Columns } from './columns.ts';
import { chooseGrid, type Grid, timesOf } from './grid.ts';

export interface HistoryQuery {
  readonly series: readonly Series[];
  readonly from: number;
  readonly to: number;
  readonly points: number;
  /** Whether the range ends now, so that a stream can go on from it. */
  readonly live: boolean;
}

export const MAX_SERIES = 200;

/** Answers from the event log: as far back as it reaches, and with everything up to this moment. */
export function queryLog(log: EventLog, ownPace: (metric: MetricName) => Pace, query: HistoryQuery): History {
  const { from, to, points, live } = query;
  const paces = query.series.map(({ metric }) => ownPace(metric));
  const grid = chooseGrid(from, to, points, Math.min(...paces));
  const series: Record<string, HistoryColumns> = Object.create(null);
  for (const metric of new Set(query.series.map((each) => each.metric))) {
    const wanted = query.series.filter((each) => each.metric === metric);
    for (const [name, columns] of readMetric(log, metric, ownPace(metric), wanted, grid)) {
      if (Object.keys(series).length >= MAX_SERIES) throw new HttpProblem(400, `more than ${MAX_SERIES} series`);
      series[name] = columns.toColumns(grid.stepMs > ownPace(metric));
    }
  }
  const cursor = live ? log.cursorAt(log.newestSeq) : null;
  return { cursor, from, to, stepMs: grid.stepMs, times: timesOf(grid), series };
}

function readMetric(
  log: EventLog,
  metric: MetricName,
  pace: Pace,
  wanted: readonly Series[],
  grid: Grid,
): ReadonlyMap<string, Columns> {
  const columns = new Map<string, Columns>();
  const add = (name: string, at: number, value: number | null) => {
    const own = columns.get(name) ?? new Columns(grid);
    columns.set(name, own);
    own.add(at, value);
  };
  for (const series of wanted) {
    if (!series.allInstances) columns.set(formatSeries(metric, series.path, series.instance), new Columns(grid));
  }
  for (const entry of log.after(0)) {
    if (entry.name !== metric || entry.pace !== pace || entry.at <= grid.firstEnd - grid.stepMs) continue;
    const event = JSON.parse(dataOf(entry)) as object;
    for (const series of wanted) {
      const instances = series.allInstances ? instancesOf(event, series) : [series.instance];
      for (const instance of instances) {
        const name = formatSeries(metric, series.path, instance);
        add(name, entry.at, seriesValue(event, { ...series, instance }));
      }
    }
  }
  return columns;
}
