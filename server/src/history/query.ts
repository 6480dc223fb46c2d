import { formatSeries, type HistoryColumns, type MetricName, type Series } from '@telltale/shared';
import { HttpProblem } from '../errors.ts';
import { PackedTable } from './codec/table.ts';
import { Columns } from './columns.ts';
import { chooseGrid, type Grid, indexOf, timesOf } from './grid.ts';
import { COUNT, LAST, MAX, MIN, SUM } from './roll-up.ts';
import type { Rows } from './rows.ts';
import type { Mark, Shelf } from './shelf/shelf.ts';
import { TIER_NAMES, TIERS, type TierName } from './tiers.ts';

/** What is asked of the history: some series over a range, in at most so many steps. Times are epoch ms. */
export interface HistoryQuery {
  readonly series: readonly Series[];
  readonly from: number;
  readonly to: number;
  readonly points: number;
  /** How often each metric is recorded, in ms. */
  readonly paces: Readonly<Partial<Record<MetricName, number>>>;
}

/** The answer, a dense grid; `columns` makes those of a series when it is its turn. */
export interface HistoryAnswer {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  readonly times: readonly number[];
  readonly gaps: readonly Mark[];
  readonly series: readonly string[];
  readonly columns: (series: string) => HistoryColumns;
}

export const MAX_SERIES = 200;

/** Where the answers are: what lies on the shelf, and after it what has not got there yet, oldest first. */
export interface Sources {
  readonly shelf: Shelf | null;
  readonly unshelved: readonly {
    readonly tables: ReadonlyMap<string, PackedTable>;
    readonly rows: ReadonlyMap<string, Rows>;
  }[];
  readonly marks: readonly Mark[];
  /** The first moment of which there is something, on the shelf or not, in a tier; `null` for nothing. */
  readonly reach: (tier: TierName) => number | null;
}

/**
 * The tier to read, and the grid: of the tiers that reach as far back in the range as any other the finest gives the steps,
 * and the coarsest that tells the same for them is read, with the least effort.
 */
function chooseTier(query: HistoryQuery, paceMs: number, reach: Sources['reach']): { tier: TierName; grid: Grid } {
  const { from, to, points } = query;
  const begins = new Map(TIER_NAMES.map((name) => [name, reach(name) ?? Number.POSITIVE_INFINITY]));
  const beginOf = (name: TierName) => begins.get(name) as number;
  // A coarser tier begins with the whole of a step, of which a finer one may hold the end alone.
  const reachesAsFar = (name: TierName) =>
    TIER_NAMES.every((other) => Math.max(from, beginOf(name)) <= Math.max(from, beginOf(other) + TIERS[other].stepMs));
  const finest = TIER_NAMES.find(reachesAsFar) ?? 'raw';
  const grid = chooseGrid(from, to, points, Math.max(paceMs, TIERS[finest].stepMs));
  const tellsTheSame = (name: TierName) =>
    TIERS[name].stepMs > 0 &&
    grid.stepMs % TIERS[name].stepMs === 0 &&
    beginOf(name) <= Math.max(from, beginOf(finest));
  return { tier: TIER_NAMES.findLast(tellsTheSame) ?? finest, grid };
}

const keyOf = ({ path }: Series) => path.join('.');

/** The keys of a table that a series stands for, each with the name of its own series. */
function keysFor(series: Series, keys: readonly string[]): [key: string, name: string][] {
  const { metric, path, instance, allInstances } = series;
  const key = formatSeries(metric, path, instance).slice(metric.length + 1);
  if (!allInstances) return [[key, `${metric}.${key}`]];
  return keys.filter((each) => each.startsWith(`${keyOf(series)}:`)).map((each) => [each, `${metric}.${each}`]);
}

/** Gathers the answer. Throws a 400 when `*` stands for more series than may be asked for. */
export function queryHistory(query: HistoryQuery, { shelf, unshelved, marks, reach }: Sources): HistoryAnswer {
  const { from, to, series, paces } = query;
  const metrics = [...new Set(series.map(({ metric }) => metric))];
  const paceOf = (metric: MetricName) => paces[metric] ?? 1_000;
  const { tier, grid } = chooseTier(query, Math.min(...metrics.map(paceOf)), reach);
  const begin = grid.firstEnd - grid.stepMs;
  const end = grid.firstEnd + (grid.length - 1) * grid.stepMs;
  const found = new Map<string, Columns>();
  const columnsOf = (name: string) => {
    const known = found.get(name) ?? new Columns(grid);
    if (!found.has(name) && found.size >= MAX_SERIES) {
      throw new HttpProblem(
        400,
        `"*" stands for too many: at most ${MAX_SERIES} series are answered; name those you want`,
      );
    }
    found.set(name, known);
    return known;
  };
  const stepsOf = (times: Float64Array) => Int32Array.from(times, (at) => indexOf(grid, at) ?? -1);

  for (const each of series) if (!each.allInstances) columnsOf(formatSeries(each.metric, each.path, each.instance));
  for (const metric of metrics) {
    const wanted = series.filter((each) => each.metric === metric);
    const addTable = (table: PackedTable) => {
      const steps = stepsOf(table.times());
      for (const [key, name] of wanted.flatMap((each) => keysFor(each, table.keys))) {
        const columns = table.columns(key);
        if (columns) addColumns(columnsOf(name), columns, steps);
      }
    };
    for (const chunk of shelf?.find(tier, metric, begin, end) ?? []) {
      const body = shelf?.body(chunk);
      if (body) addTable(new PackedTable(body));
    }
    for (const { tables, rows } of unshelved) {
      const table = tables.get(metric);
      if (table) addTable(table);
      const own = rows.get(metric);
      if (!own || own.lastAt <= begin || own.firstAt > end) continue;
      const steps = stepsOf(own.times);
      for (const [key, name] of wanted.flatMap((series) => keysFor(series, own.keys))) {
        const values = own.column(key);
        if (values) addColumns(columnsOf(name), [values], steps);
      }
    }
  }
  return {
    from,
    to,
    stepMs: grid.stepMs,
    times: timesOf(grid),
    gaps: [...(shelf?.marks(begin, end) ?? []), ...marks.filter((mark) => mark.to > begin && mark.from < end)],
    series: [...found.keys()],
    columns: (name) => {
      const metric = name.slice(0, name.indexOf('.')) as MetricName;
      return (found.get(name) as Columns).toColumns(grid.stepMs > paceOf(metric));
    },
  };
}

/** One column is of samples; five are of what was rolled up. */
function addColumns(target: Columns, columns: readonly Float64Array[], steps: Int32Array): void {
  const [values] = columns as [Float64Array];
  const isRolledUp = columns.length > 1;
  const counts = columns[COUNT];
  for (let row = 0; row < values.length; row++) {
    const step = steps[row] as number;
    const value = values[row] as number;
    if (step < 0 || Number.isNaN(value)) continue;
    if (!isRolledUp) target.add(step, value, 1, value, value, value);
    else {
      const of = (column: number) => (columns[column] as Float64Array)[row] as number;
      target.add(step, of(SUM), counts?.[row] as number, of(MIN), of(MAX), of(LAST));
    }
  }
}
