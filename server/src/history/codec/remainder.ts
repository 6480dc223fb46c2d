/** A column that mostly is what remains of a total when others are taken from it: of percent, or of another column. */
export interface Remainder {
  readonly key: string;
  readonly total: number | string;
  readonly others: readonly string[];
}

/** As the decimals of a column are. */
const MAX_DECIMALS = 6;
const MAX_SCALED = 2 ** 51;

const scaled = (value: number | undefined, factor: number): number =>
  value === undefined || Number.isNaN(value) ? 0 : Math.round(value * factor);

/** What is expected in a row, in units of `1 / factor`; what is absent counts as nothing. */
function expected(row: number, total: Float64Array | number, others: readonly Float64Array[], factor: number): number {
  let rest = scaled(typeof total === 'number' ? total : total[row], factor);
  for (const column of others) rest -= scaled(column[row], factor);
  return rest;
}

/** How far a column is from what is expected, and by how many decimals it is told exactly. */
export interface Deviation {
  readonly decimals: number;
  readonly values: Float64Array;
}

/** The deviation of a column; `null` where it would not be given back to the last bit, or says no less than the column. */
export function deviate(
  column: Float64Array,
  total: Float64Array | number,
  others: readonly Float64Array[],
): Deviation | null {
  for (let decimals = 0; decimals <= MAX_DECIMALS; decimals++) {
    const factor = 10 ** decimals;
    const values = column.map(
      (value, row) => (Math.round(value * factor) - expected(row, total, others, factor)) / factor,
    );
    const deviation = { decimals, values };
    const back = restore(deviation, total, others);
    if (!column.every((value, row) => Object.is(value, back[row]))) continue;
    const surprises = values.reduce((count, value) => count + (value === 0 || Number.isNaN(value) ? 0 : 1), 0);
    const fits = values.every((value) => !(Math.abs(value * factor) > MAX_SCALED));
    return fits && 2 * surprises < values.length ? deviation : null;
  }
  return null;
}

/** The column again. */
export function restore(
  { decimals, values }: Deviation,
  total: Float64Array | number,
  others: readonly Float64Array[],
): Float64Array {
  const factor = 10 ** decimals;
  return values.map((value, row) => (Math.round(value * factor) + expected(row, total, others, factor)) / factor);
}
