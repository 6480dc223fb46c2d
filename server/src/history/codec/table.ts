import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readColumn, writeColumn } from './column.ts';

/**
 * Numbers over time: the end of each row's interval in epoch ms, and under each key as many columns as the table is
 * wide. `NaN` is absent; a key that was absent in every row is left out.
 */
export interface Table {
  readonly times: Float64Array;
  readonly columns: ReadonlyMap<string, readonly Float64Array[]>;
}

const VERSION = 1;
/**
 * Columns are compressed together up to about this many bytes, so that reading one of many hundreds need not unpack them
 * all. Below that, more of them together compress better: each part pays for a code table of its own.
 */
const PART_BYTES = 32 * 1024;
/** What was packed here is never larger, so what claims to be is damaged. */
const MAX_PART_BYTES = 256 * 1024 * 1024;
const LEVEL = 6;

/** Where the columns of a key begin. */
interface Place {
  readonly part: number;
  readonly at: number;
}

/**
 * Packs a table: version, width, rows, then a directory and the parts, each deflated (RFC 1951). The directory names each
 * key with its place, so a table can be read without anything else.
 */
export function packTable({ times, columns }: Table, width: number): Buffer {
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
  for (const key of [...columns.keys()].sort()) {
    const part = partWithRoom();
    places.set(key, { part: parts.length - 1, at: part.length });
    for (const column of columns.get(key) ?? []) writeColumn(column, part);
  }
  const packed = parts.map((part) => deflateRawSync(part.toBuffer(), { level: LEVEL }));

  const directory = new ByteWriter();
  directory.unsigned(packed.length);
  for (const part of packed) directory.unsigned(part.length);
  directory.unsigned(places.size);
  for (const [key, { part, at }] of places) {
    directory.text(key);
    directory.unsigned(part);
    directory.unsigned(at);
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

/** A packed table, of which only what is asked for is unpacked. */
export class PackedTable {
  readonly rows: number;
  readonly width: number;
  readonly #places = new Map<string, Place>();
  readonly #packed: Buffer[] = [];
  readonly #parts = new Map<number, Buffer>();

  /** Throws where the bytes are none that {@link packTable} made. */
  constructor(bytes: Buffer) {
    const reader = new ByteReader(bytes);
    const version = reader.byte();
    if (version !== VERSION) throw new RangeError(`a table of version ${version} is not known`);
    this.width = reader.byte();
    this.rows = reader.unsigned();
    const directory = new ByteReader(unpack(reader.raw(reader.unsigned())));
    const lengths = Array.from({ length: directory.unsigned() }, () => directory.unsigned());
    for (const length of lengths) this.#packed.push(reader.raw(length));
    for (let left = directory.unsigned(); left > 0; left--) {
      this.#places.set(directory.text(), { part: directory.unsigned(), at: directory.unsigned() });
    }
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
    if (!place) return null;
    const reader = new ByteReader(this.#part(place.part), place.at);
    return Array.from({ length: this.width }, () => readColumn(reader, this.rows));
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
