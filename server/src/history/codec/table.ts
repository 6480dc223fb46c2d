import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readColumn, writeColumn } from './column.ts';
import { deviate, type Remainder, restore } from './remainder.ts';

/**
 * Numbers over time: the end of each row's interval in epoch ms, and under each key as many columns as the table is
 * wide. `NaN` is absent; a key that was absent in every row is left out.
 */
export interface Table {
  readonly times: Float64Array;
  readonly columns: ReadonlyMap<string, readonly Float64Array[]>;
}

/** Tables of version 1 know no remainders. */
const VERSION = 2;
/**
 * Columns are compressed together up to about this many bytes, so that reading one of many hundreds need not unpack them
 * all. Below that, more of them together compress better: each part pays for a code table of its own.
 */
const PART_BYTES = 32 * 1024;
/** What was packed here is never larger, so what claims to be is damaged. */
const MAX_PART_BYTES = 256 * 1024 * 1024;
const LEVEL = 8;

/** Where the columns of a key begin. */
interface Place {
  readonly part: number;
  readonly at: number;
  readonly remainder: StoredRemainder | null;
}

/** What a column was taken from, so that only how far it is from that is written. Keys by their place in the directory. */
interface StoredRemainder {
  readonly decimals: number;
  /** A constant, unless it is of a key. */
  readonly total: number;
  readonly totalKey: number | null;
  readonly others: readonly number[];
}
/** A remainder of a remainder is as far as it goes; what is damaged may go round in circles. */
const MAX_DEPTH = 4;

/**
 * Packs a table: version, width, rows, then a directory and the parts, each deflated (RFC 1951). The directory names each
 * key with its place, so a table can be read without anything else. `remainders` tells which columns follow from others:
 * of those that do, only how far they are from it is written. Tables of one column for each key may have them.
 */
export function packTable({ times, columns }: Table, width: number, remainders: readonly Remainder[] = []): Buffer {
  const parts: ByteWriter[] = [];
  const places = new Map<string, Place>();
  const partWithRoom = () => {
    const last = parts.at(-1);
    if (last && last.length < PART_BYTES) return last;
    const next = new ByteWriter();
    parts.push(next);
    return next;
  };
  writeTimes(times, partWithRoom());
  // Neighbours in name are neighbours in shape, which compresses better and is asked for together.
  const keys = [...columns.keys()].sort();
  for (const key of keys) {
    const part = partWithRoom();
    const found = width === 1 ? remainders.find((each) => each.key === key) : undefined;
    const [own, remainder] = (found && toRemainder(found, columns, keys)) ?? [columns.get(key) ?? [], null];
    places.set(key, { part: parts.length - 1, at: part.length, remainder });
    for (const column of own) writeColumn(column, part);
  }
  const packed = parts.map((part) => deflateRawSync(part.toBuffer(), { level: LEVEL }));

  const directory = new ByteWriter();
  directory.unsigned(packed.length);
  for (const part of packed) directory.unsigned(part.length);
  directory.unsigned(places.size);
  for (const [key, { part, at, remainder }] of places) {
    directory.text(key);
    directory.unsigned(part);
    directory.unsigned(at);
    writeRemainder(remainder, directory);
  }
  const packedDirectory = deflateRawSync(directory.toBuffer(), { level: LEVEL });

  const out = new ByteWriter();
  out.byte(VERSION);
  out.byte(width);
  out.unsigned(times.length);
  out.unsigned(packedDirectory.length);
  out.raw(packedDirectory);
  for (const part of packed) out.raw(part);
  return Buffer.from(out.toBuffer());
}

function toRemainder(
  { key, total, others }: Remainder,
  columns: Table['columns'],
  keys: readonly string[],
): [Float64Array[], StoredRemainder] | null {
  const columnOf = (name: string) => columns.get(name)?.[0] ?? new Float64Array();
  const deviation = deviate(
    columnOf(key),
    typeof total === 'number' ? total : columnOf(total),
    others.map((name) => columnOf(name)),
  );
  if (!deviation) return null;
  const stored: StoredRemainder = {
    decimals: deviation.decimals,
    total: typeof total === 'number' ? total : 0,
    totalKey: typeof total === 'number' ? null : keys.indexOf(total),
    others: others.map((name) => keys.indexOf(name)),
  };
  return [[deviation.values], stored];
}

function writeRemainder(remainder: StoredRemainder | null, out: ByteWriter): void {
  out.unsigned(remainder === null ? 0 : remainder.others.length + 1);
  if (remainder === null) return;
  const { decimals, total, totalKey, others } = remainder;
  out.unsigned(decimals);
  out.unsigned(totalKey === null ? 0 : totalKey + 1);
  if (totalKey === null) out.signed(total);
  for (const index of others) out.unsigned(index);
}

function readRemainder(reader: ByteReader): StoredRemainder | null {
  const terms = reader.unsigned();
  if (terms === 0) return null;
  const decimals = reader.unsigned();
  const key = reader.unsigned();
  const total = key === 0 ? reader.signed() : 0;
  const others = Array.from({ length: terms - 1 }, () => reader.unsigned());
  return { decimals, total, totalKey: key === 0 ? null : key - 1, others };
}

/** A packed table, of which only what is asked for is unpacked. */
export class PackedTable {
  readonly rows: number;
  readonly width: number;
  readonly #places = new Map<string, Place>();
  readonly #inOrder: readonly Place[];
  readonly #packed: Buffer[] = [];
  readonly #parts = new Map<number, Buffer>();

  /** Throws where the bytes are none that {@link packTable} made. */
  constructor(bytes: Buffer) {
    const reader = new ByteReader(bytes);
    const version = reader.byte();
    if (version !== VERSION && version !== 1) throw new RangeError(`a table of version ${version} is not known`);
    this.width = reader.byte();
    this.rows = reader.unsigned();
    const directory = new ByteReader(unpack(reader.raw(reader.unsigned())));
    const lengths = Array.from({ length: directory.unsigned() }, () => directory.unsigned());
    for (const length of lengths) this.#packed.push(reader.raw(length));
    for (let left = directory.unsigned(); left > 0; left--) {
      const [key, part, at] = [directory.text(), directory.unsigned(), directory.unsigned()];
      this.#places.set(key, { part, at, remainder: version === 1 ? null : readRemainder(directory) });
    }
    this.#inOrder = [...this.#places.values()];
  }

  get keys(): readonly string[] {
    return [...this.#places.keys()];
  }

  times(): Float64Array {
    return readTimes(new ByteReader(this.#part(0)), this.rows);
  }

  /** The columns of a key, or `null` where the table has none. */
  columns(key: string): readonly Float64Array[] | null {
    const place = this.#places.get(key);
    return place ? this.#read(place, 0) : null;
  }

  #read({ part, at, remainder }: Place, depth: number): readonly Float64Array[] {
    const reader = new ByteReader(this.#part(part), at);
    const own = Array.from({ length: this.width }, () => readColumn(reader, this.rows));
    const [values] = own;
    if (!remainder || !values) return own;
    if (depth === MAX_DEPTH) throw new RangeError('a remainder is of itself');
    const columnAt = (index: number): Float64Array => {
      const place = this.#inOrder[index];
      const [column] = place ? this.#read(place, depth + 1) : [];
      if (!column) throw new RangeError('what a remainder was taken from is missing');
      return column;
    };
    const { decimals, total, totalKey, others } = remainder;
    return [restore({ decimals, values }, totalKey === null ? total : columnAt(totalKey), others.map(columnAt))];
  }

  /** All of it. */
  unpack(): Table {
    const columns = this.keys.map((key) => [key, this.columns(key) as readonly Float64Array[]] as const);
    return { times: this.times(), columns: new Map(columns) };
  }

  #part(index: number): Buffer {
    const known = this.#parts.get(index);
    if (known) return known;
    const packed = this.#packed[index];
    if (!packed) throw new RangeError('a part is missing');
    const part = unpack(packed);
    this.#parts.set(index, part);
    return part;
  }
}

/** The first, the pace, and how far each is from where that pace would have it: a ms now and then. */
function writeTimes(times: Float64Array, out: ByteWriter): void {
  const [first = 0] = times;
  const last = times.at(-1) ?? first;
  const pace = Math.round((last - first) / Math.max(1, times.length - 1));
  out.signed(first);
  out.signed(pace);
  writeColumn(
    times.map((time, i) => time - first - i * pace),
    out,
  );
}

function readTimes(reader: ByteReader, rows: number): Float64Array {
  const first = reader.signed();
  const pace = reader.signed();
  return readColumn(reader, rows).map((away, i) => first + i * pace + away);
}

const unpack = (bytes: Buffer): Buffer => inflateRawSync(bytes, { maxOutputLength: MAX_PART_BYTES });
