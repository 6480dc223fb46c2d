import { metrics, parseSeries, type Series } from '@telltale/shared';
import { type ChartLine, NO_POINTS, valueAt } from '../../chart/index.ts';
import { isLive, type Source } from '../../client/index.ts';
import { HUES } from './legend.ts';

/** More lines than this cannot be told apart. */
const MAX_LINES = 32;
const DASHES = [[], [5, 4], [1.5, 3], [8, 3, 1.5, 3]] as const;

/** A line of a chart before it has a colour. */
export interface Line extends Omit<ChartLine, 'color' | 'faint'> {
  readonly name: string;
  readonly label: string;
  readonly definition: string;
  /** 1 to {@link HUES}. */
  readonly hue: number;
}

/** What is asked for, or what is wrong with it, for a person to read. */
export function readSeries(attribute: string): readonly Series[] | Error {
  const parsed = attribute.split(',').map((name) => parseSeries(name.trim()));
  const wrong = parsed.find((each) => each instanceof Error);
  if (wrong instanceof Error) return wrong;
  const series = parsed as Series[];
  const units = [...new Set(series.map(({ meta }) => meta.unit))];
  if (units.length > 1) return new Error(`One chart has one scale; these are counted in ${units.join(' and ')}`);
  return series;
}

/** The lines of every series, members of a list each on its own. */
export function toLines(attribute: string, asked: readonly Series[], source: Source | null): Line[] {
  const names = attribute.split(',').map((name) => name.trim());
  const titled = new Set(asked.map(({ metric }) => metric)).size > 1;
  const fields = new Set(asked.map(({ path }) => path.join('.'))).size > 1;
  return asked
    .flatMap((series, i) => (source?.names(names[i] as string) ?? []).map((name) => ({ series, name })))
    .slice(0, MAX_LINES)
    .map(({ series, name }, i) => ({
      name,
      label: labelOf(series, name, titled, fields),
      definition: series.meta.definition,
      hue: (i % HUES) + 1,
      dash: DASHES[Math.floor(i / HUES) % DASHES.length] ?? [],
      points: source?.points(name) ?? NO_POINTS,
    }));
}

/** A member is known by its name, with several fields of it by both; a series of one metric among others by that too. */
function labelOf({ metric, meta }: Series, name: string, titled: boolean, fields: boolean): string {
  const parsed = parseSeries(name);
  const member = parsed instanceof Error ? null : parsed.instance;
  const own = member === null ? meta.title : fields ? `${member} ${meta.title}` : member;
  return titled ? `${metrics[metric].title} ${own}` : own;
}

/** What a chart is about when nobody says it. */
export function titleOf(asked: readonly Series[]): string {
  const [first] = asked;
  if (!first) return 'Chart';
  const titles = [...new Set(asked.map(({ meta }) => meta.title))];
  const all = [...new Set(asked.map(({ metric }) => metrics[metric].title))].join(', ');
  return titles.length > 3 ? all : `${all}: ${titles.join(', ')}`;
}

/** A line's value under the cursor, or else at the right edge: the newest of all, where that is now. */
export function valueAtCursor({ name, points }: Line, cursor: number | null, source: Source | null): number | null {
  const at = cursor ?? (source && !isLive(source.span) ? (points.times.at(-1) ?? null) : null);
  return at === null ? (source?.value(name) ?? null) : valueAt(points, at);
}

/** How far apart the points of a chart are, in ms. */
export const stepOf = (lines: readonly Line[]): number =>
  lines.find(({ points }) => points.times.length > 0)?.points.stepMs ?? 1_000;
