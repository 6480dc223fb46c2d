const HIGH_BIT = 0x80;
const LOW_BITS = 0x7f;
/** A number below 2^53 has at most so many groups of seven bits. */
const MAX_GROUPS = 8;

/** Reads back what a `ByteWriter` wrote. Throws `RangeError` where the bytes end too early or cannot have been written. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get position(): number {
    return this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new RangeError('the bytes end too early');
    return value;
  }

  unsigned(): number {
    let value = 0;
    let weight = 1;
    for (let group = 0; group < MAX_GROUPS; group++) {
      const byte = this.byte();
      value += (byte & LOW_BITS) * weight;
      if (byte < HIGH_BIT) return value;
      weight *= HIGH_BIT;
    }
    throw new RangeError('a number has no end');
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  float(): number {
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  text(): string {
    return this.raw(this.unsigned()).toString();
  }

  raw(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('the bytes end too early');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}
