import { isMetricName, metrics } from '@telltale/shared';
import type { Remainder } from './codec/remainder.ts';

/** Of the columns of a metric, those that follow from others as its declaration says: they need not be kept twice. */
export function remaindersOf(metric: string, keys: Iterable<string>): Remainder[] {
  const sums = isMetricName(metric) ? metrics[metric].sums : [];
  if (sums.length === 0) return [];
  const present = new Set(keys);
  return sums.flatMap(({ list, total, parts }) => {
    const [first, ...others] = parts;
    const prefix = list === undefined ? `${first}` : `${list}.${first}:`;
    const instances = list === undefined ? [''] : [...present].filter((key) => key.startsWith(prefix));
    const suffixes = instances.map((key) => (list === undefined ? '' : key.slice(prefix.length - 1)));
    return suffixes.flatMap((suffix) => {
      const keyOf = (field: string) => (list === undefined ? field : `${list}.${field}${suffix}`);
      const remainder: Remainder = {
        key: keyOf(first),
        total: typeof total === 'number' ? total : keyOf(total),
        others: others.map(keyOf),
      };
      const needed = [remainder.key, ...remainder.others, ...(typeof total === 'number' ? [] : [keyOf(total)])];
      return needed.every((key) => present.has(key)) ? [remainder] : [];
    });
  });
}
