import type { Table } from './codec/table.ts';
import { endOfStep } from './tiers.ts';

/**
 * The columns of a rolled-up series, in this order. From sums and counts an average over any wider interval is exact;
 * averages of averages would not be.
 */
export const SUM = 0;
export const COUNT = 1;
export const MIN = 2;
export const MAX = 3;
export const LAST = 4;
export const ROLLED_WIDTH = 5;

/** Sums of decimals drift in their last bits. What was rounded to six decimals at most adds up to six at most. */
const DECIMALS = 1e6;
const MAX_EXACT = Number.MAX_SAFE_INTEGER / DECIMALS;

/** Samples as intervals that hold one sample each. */
export function asRolledUp({ times, columns }: Table): Table {
  const rolled = new Map<string, readonly Float64Array[]>();
  for (const [key, [values = new Float64Array()]] of columns) {
    const counts = values.map((value) => (Number.isNaN(value) ? Number.NaN : 1));
    rolled.set(key, [values, counts, values, values, values]);
  }
  return { times, columns: rolled };
}

/**
 * Rolls tables up into one with a row for each interval of `stepMs` of which they hold something. They are taken in the
 * order in which they were recorded, which decides what is last.
 */
export function rollUp(tables: readonly Table[], stepMs: number): Table {
  const ends = new Set<number>();
  for (const { times } of tables) for (const at of times) ends.add(endOfStep(at, stepMs));
  const times = Float64Array.from(ends).sort();
  const rowOf = new Map([...times].map((end, row) => [end, row]));
  const columns = new Map<string, Float64Array[]>();
  for (const table of tables) {
    const rows = Int32Array.from(table.times, (at) => rowOf.get(endOfStep(at, stepMs)) as number);
    for (const [key, own] of table.columns) {
      let target = columns.get(key);
      if (!target) {
        target = Array.from({ length: ROLLED_WIDTH }, () => new Float64Array(times.length).fill(Number.NaN));
        columns.set(key, target);
      }
      addTo(target as unknown as Five, own as unknown as Five, rows);
    }
  }
  for (const own of columns.values()) own[SUM] = (own[SUM] as Float64Array).map(withoutDrift);
  return { times, columns };
}

type Five = readonly [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

function addTo([sum, count, min, max, last]: Five, own: Five, rows: Int32Array): void {
  const [ownSum, ownCount, ownMin, ownMax, ownLast] = own;
  rows.forEach((row, i) => {
    const samples = ownCount[i] as number;
    if (Number.isNaN(samples)) return;
    const isFirst = Number.isNaN(count[row] as number);
    sum[row] = isFirst ? (ownSum[i] as number) : (sum[row] as number) + (ownSum[i] as number);
    count[row] = isFirst ? samples : (count[row] as number) + samples;
    min[row] = isFirst ? (ownMin[i] as number) : Math.min(min[row] as number, ownMin[i] as number);
    max[row] = isFirst ? (ownMax[i] as number) : Math.max(max[row] as number, ownMax[i] as number);
    last[row] = ownLast[i] as number;
  });
}

const withoutDrift = (sum: number): number => (Math.abs(sum) < MAX_EXACT ? Math.round(sum * DECIMALS) / DECIMALS : sum);
