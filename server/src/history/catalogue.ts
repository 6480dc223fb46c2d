import { PackedTable } from './codec/table.ts';
import type { Shelf } from './shelf/shelf.ts';

/** What is not on the shelf yet: a metric, and what has its keys. */
type Unshelved = readonly [metric: string, { readonly keys: readonly string[] }];

/** The names of all series of which there is something, sorted. The coarsest tier knows them all, in the fewest chunks. */
export function seriesNames(shelf: Shelf | null, unshelved: readonly Unshelved[]): string[] {
  const names = new Set<string>();
  const add = ([metric, { keys }]: Unshelved) => {
    for (const key of keys) names.add(`${metric}.${key}`);
  };
  for (const metric of shelf?.metrics('hour') ?? []) {
    for (const chunk of shelf?.find('hour', metric, Number.NEGATIVE_INFINITY, Number.MAX_SAFE_INTEGER) ?? []) {
      const body = shelf?.body(chunk);
      if (body) add([metric, new PackedTable(body)]);
    }
  }
  unshelved.forEach(add);
  return [...names].sort();
}
