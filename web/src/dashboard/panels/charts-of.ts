import { type Fields, fieldKind, type MetricName, metrics, parseSeries } from '@telltale/shared';
import type { ChartPanel } from './panel-spec.ts';

/** So many lines of one unit go into one chart; the rest begins another. */
const MAX_LINES = 5;

/** What is counted and names nothing that anybody would draw. */
const NO_CHART: ReadonlySet<string> = new Set(['id', 'time']);

/** One number of a metric, of each member where it is of a list. */
interface Numbered {
  readonly series: string;
  readonly title: string;
  readonly unit: string;
  /** The list or group that it is in. */
  readonly within: string;
  readonly list: boolean;
}

function numbersOf(name: string, fields: Fields, within = '', list = false): Numbered[] {
  return Object.entries(fields).flatMap(([key, schema]): Numbered[] => {
    const field = fieldKind(schema);
    if (field.kind === 'number') {
      const { title, unit } = field.meta;
      return NO_CHART.has(unit) ? [] : [{ series: `${name}.${key}${list ? ':*' : ''}`, title, unit, within, list }];
    }
    if (field.kind !== 'list' && field.kind !== 'group') return [];
    return numbersOf(`${name}.${key}`, field.fields, field.title, field.kind === 'list');
  });
}

/** A title within a sentence; what is written in capitals stays so. */
const inSentence = (title: string) => (/^\p{Lu}\p{Ll}/u.test(title) ? title[0]?.toLowerCase() + title.slice(1) : title);

/** The series of a panel without what names their members. */
const fieldsOf = ({ series }: ChartPanel): string[] => series.split(',').map((name) => name.split(':')[0] as string);

/**
 * Charts for all that a metric tells and `drawn` does not show yet: a field of a list in a chart of its own, with a line
 * for each member; other fields together by their unit. A metric that nobody has thought about here has all of its charts.
 */
export function chartsOf(metric: MetricName, drawn: readonly ChartPanel[] = []): ChartPanel[] {
  const known = new Set(drawn.flatMap(fieldsOf));
  const rest = numbersOf(metric, metrics[metric].fields).filter(
    ({ series }) => !known.has(series.split(':')[0] as string),
  );
  const charts: ChartPanel[] = [];
  const open = new Map<string, Numbered[]>();
  for (const each of rest) {
    if (each.list) {
      charts.push({ heading: `${each.within}: ${inSentence(each.title)}`, series: each.series });
      continue;
    }
    const key = `${each.within} ${each.unit}`;
    const group = open.get(key);
    if (group && group.length < MAX_LINES) group.push(each);
    else open.set(group ? `${key} ${each.series}` : key, [each]);
  }
  for (const group of open.values()) {
    const titles = group.map(({ title }) => title);
    const heading = [group[0]?.within, titles.slice(0, 3).join(', ')].filter(Boolean).join(': ');
    charts.push({ heading, series: group.map(({ series }) => series).join(',') });
  }
  return charts.filter(({ series }) => series.split(',').every((name) => !(parseSeries(name) instanceof Error)));
}
