import type { ByteReader } from './byte-reader.ts';
import { type ByteWriter, signedLength } from './byte-writer.ts';

/** Decimals beyond which a number is kept as it is in memory, in eight bytes. */
const MAX_DECIMALS = 6;
/** Scaled numbers and their differences stay whole and below 2^52. */
const MAX_SCALED = 2 ** 51;
const DIFFERENCES = 0x10;
const UNIT = 0x20;
const FLOATS = 0xff;

/**
 * Writes one number over time, `NaN` where it is absent, without loss: where it is absent as runs; the rest as whole
 * numbers, or their differences, whichever takes fewer bytes. They are made whole by the decimals that the sampler rounded
 * to, and small by what divides all of them: memory comes in pages.
 */
export function writeColumn(values: Float64Array, out: ByteWriter): void {
  writeRuns(values, out);
  const present = values.filter((value) => !Number.isNaN(value));
  const decimals = decimalsOf(present);
  if (decimals === null) {
    out.byte(FLOATS);
    for (const value of present) out.float(value);
    return;
  }
  const factor = 10 ** decimals;
  const whole = present.map((value) => Math.round(value * factor));
  const unit = unitOf(whole);
  const scaled = unit > 1 ? whole.map((value) => value / unit) : whole;
  let plainBytes = 0;
  let differencesBytes = 0;
  scaled.forEach((value, i) => {
    plainBytes += signedLength(value);
    differencesBytes += signedLength(i === 0 ? value : value - (scaled[i - 1] as number));
  });
  const asDifferences = differencesBytes < plainBytes || isConstant(scaled);
  out.byte(decimals | (asDifferences ? DIFFERENCES : 0) | (unit > 1 ? UNIT : 0));
  if (unit > 1) out.unsigned(unit);
  let before = 0;
  for (const value of scaled) {
    out.signed(value - before);
    if (asDifferences) before = value;
  }
}

/** Reads a column of so many rows. Throws `RangeError` for what cannot have been written. */
export function readColumn(reader: ByteReader, rows: number): Float64Array {
  const values = new Float64Array(rows).fill(Number.NaN);
  const runs = readRuns(reader, rows);
  const mode = reader.byte();
  const factor = 10 ** (mode & 0x0f);
  const asDifferences = (mode & DIFFERENCES) !== 0;
  const unit = mode !== FLOATS && (mode & UNIT) !== 0 ? reader.unsigned() : 1;
  let before = 0;
  for (const { from, to } of runs) {
    for (let i = from; i < to; i++) {
      if (mode === FLOATS) {
        values[i] = reader.float();
        continue;
      }
      const scaled = reader.signed() + before;
      if (asDifferences) before = scaled;
      values[i] = (scaled * unit) / factor;
    }
  }
  return values;
}

/** The decimals that all values have in common at most; `null` for numbers that no decimal says exactly. */
function decimalsOf(values: Float64Array): number | null {
  let decimals = 0;
  let factor = 1;
  for (const value of values) {
    // A quotient of two whole numbers is rounded right, so it is the value itself or the value has more decimals.
    while (Math.round(value * factor) / factor !== value) {
      if (++decimals > MAX_DECIMALS) return null;
      factor = 10 ** decimals;
    }
  }
  // After the largest scale is known: it counts for all.
  return values.every((value) => Math.abs(value * factor) <= MAX_SCALED) ? decimals : null;
}

/** The largest number that divides all of them; 0 for zeros alone. */
function unitOf(values: Float64Array): number {
  let unit = 0;
  for (const value of values) {
    let [a, b] = [unit, Math.abs(value)];
    while (b > 0) [a, b] = [b, a % b];
    unit = a;
    if (unit === 1) break;
  }
  return unit;
}

const isConstant = (values: Float64Array): boolean => values.every((value) => value === values[0]);

interface Run {
  readonly from: number;
  readonly to: number;
}

/** Lengths of absence and presence in turn, absence first, up to the last row. */
function writeRuns(values: Float64Array, out: ByteWriter): void {
  let present = false;
  let length = 0;
  for (const value of values) {
    if (Number.isNaN(value) === present) {
      out.unsigned(length);
      length = 0;
      present = !present;
    }
    length++;
  }
  if (values.length > 0) out.unsigned(length);
}

/** The runs that are present. */
function readRuns(reader: ByteReader, rows: number): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (let present = false; from < rows; present = !present) {
    const to = from + reader.unsigned();
    if (to > rows) throw new RangeError('a run goes beyond the last row');
    if (present) runs.push({ from, to });
    from = to;
  }
  return runs;
}
