import type { Catalog, CatalogField, MetricName, Pace } from '@telltale/shared';

/** As much as a server answers at once. */
export const MAX_POINTS = 2_000;
export const MAX_SERIES = 200;
const MINUTE_MS = 60_000;
/** A page has some steps fewer than may be asked for: its ends need not lie on the grid. */
const SPARE_POINTS = 10;

/** Series that are asked for together: those of one pace, since a grid is as fine as its finest. */
export interface Batch {
  readonly stepMs: number;
  readonly series: readonly string[];
}

/** Every number of a metric as a series, those of a list with `:*` for whatever members it has. */
function seriesOf(place: string, fields: Readonly<Record<string, CatalogField>>): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if ('instances' in field) return seriesOf(`${place}.${name}`, field.instances).map((series) => `${series}:*`);
    if ('fields' in field) return seriesOf(`${place}.${name}`, field.fields);
    return field.unit === 'text' || field.unit === 'flag' ? [] : [`${place}.${name}`];
  });
}

/** What there is to be asked for of some metrics, not finer than `interval`. */
export function toBatches({ metrics }: Catalog, names: readonly MetricName[], interval: Pace | null): Batch[] {
  const byStep = new Map<number, string[]>();
  for (const name of names) {
    const stepMs = Math.max(metrics[name].interval, interval ?? 0);
    byStep.set(stepMs, [...(byStep.get(stepMs) ?? []), ...seriesOf(name, metrics[name].fields)]);
  }
  return [...byStep].flatMap(([stepMs, series]) =>
    Array.from({ length: Math.ceil(series.length / MAX_SERIES) }, (_, i) => ({
      stepMs,
      series: series.slice(i * MAX_SERIES, (i + 1) * MAX_SERIES),
    })),
  );
}

/**
 * The spans that are asked for one after the other. They meet on whole minutes, which end a step of every pace, so no
 * step is in two of them.
 */
export function* pagesOf(
  from: number,
  to: number,
  stepMs: number,
): Generator<{ readonly from: number; readonly to: number }> {
  const minutes = Math.max(1, Math.floor(((MAX_POINTS - SPARE_POINTS) * stepMs) / MINUTE_MS));
  for (let start = from; start < to; ) {
    const end = Math.min(to, (Math.floor(start / MINUTE_MS) + minutes) * MINUTE_MS);
    yield { from: start, to: end };
    start = end;
  }
}
