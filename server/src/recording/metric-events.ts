import {
  blankValues,
  type Fields,
  fieldKind,
  type History,
  type HistoryColumns,
  isMetricName,
  type MetricName,
  metrics,
  parseSeries,
  type RecordedEvent,
  readEvent,
  type Series,
} from '@telltale/shared';
import { naturalOrder } from '../collect/natural-order.ts';

interface Column {
  readonly series: Series;
  readonly values: readonly unknown[];
}

/** What history keeps of a metric: numbers by the names of members, and nothing else. */
export function absentFields(metric: MetricName): string[] {
  const walk = (place: string, fields: Fields): string[] =>
    Object.entries(fields).flatMap(([name, schema]) => {
      const field = fieldKind(schema);
      if ('fields' in field) return walk(`${place}.${name}`, field.fields);
      return field.kind === 'number' ? [] : [`${place}.${name}`];
    });
  return walk(metric, metrics[metric].fields);
}

/** The value that stands for a step, as the field is added up over time. */
function columnOf({ meta }: Series, columns: Partial<HistoryColumns>): readonly unknown[] {
  const own = meta.aggregate === 'avg' ? undefined : columns[meta.aggregate];
  const values: unknown = own ?? columns.avg;
  return Array.isArray(values) ? values : [];
}

/**
 * The events that columns of series were made of, as far as they tell: one for each step in which something of the
 * metric is known, in the order of time. Texts and flags are `null`, and a member is there while a number of it is. The
 * time of an event is the end of its step, and `elapsedMs` the width.
 */
export function toMetricEvents({
  times,
  stepMs,
  series,
}: Pick<History, 'times' | 'stepMs' | 'series'>): RecordedEvent[] {
  const byMetric = new Map<MetricName, Column[]>();
  for (const [name, columns] of Object.entries(series)) {
    const parsed = parseSeries(name);
    // A newer server may keep what this one does not know.
    if (parsed instanceof Error || parsed.allInstances || !isMetricName(parsed.metric)) continue;
    const own = byMetric.get(parsed.metric) ?? [];
    byMetric.set(parsed.metric, own);
    own.push({ series: parsed, values: columnOf(parsed, columns) });
  }
  return times.flatMap((at, i) =>
    [...byMetric].flatMap(([metric, columns]) => {
      const values = valuesAt(metric, columns, i);
      const event = values && readEvent(metric, { at, elapsedMs: stepMs, ...values });
      return event === null || event instanceof Error ? [] : [event as RecordedEvent];
    }),
  );
}

/** `null` where nothing is known. */
function valuesAt(metric: MetricName, columns: readonly Column[], i: number): Record<string, unknown> | null {
  const { fields } = metrics[metric] as { fields: Fields };
  const values: Record<string, unknown> = blankValues(fields);
  const lists = new Map<string, Map<string, Record<string, unknown>>>();
  let anything = false;
  for (const { series, values: column } of columns) {
    const value = column[i];
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    anything = true;
    const [first, second] = series.path;
    if (second === undefined) values[first] = value;
    else if (series.instance === null)
      values[first] = { ...(values[first] ?? blankOf(fields, first)), [second]: value };
    else {
      const members = lists.get(first) ?? new Map<string, Record<string, unknown>>();
      lists.set(first, members);
      const member = members.get(series.instance) ?? { name: series.instance, ...blankOf(fields, first) };
      members.set(series.instance, member);
      member[second] = value;
    }
  }
  if (!anything) return null;
  for (const [list, members] of lists) {
    values[list] = [...members].sort(([a], [b]) => naturalOrder(a, b)).map(([, member]) => member);
  }
  return values;
}

function blankOf(fields: Fields, name: string): Record<string, null | []> {
  const field = fieldKind(fields[name] as Fields[string]);
  return 'fields' in field ? blankValues(field.fields) : {};
}
