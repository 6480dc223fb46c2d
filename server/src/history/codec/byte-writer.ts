const HIGH_BIT = 0x80;
const LOW_BITS = 0x7f;
/** Up to here the bit operators of the language do what they should. */
const SMALL = 0x7fffffff;

/** Writes numbers and texts one after another, into a buffer that grows. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(4_096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53 - 1, seven bits to a byte, the lowest first (LEB128). */
  unsigned(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > SMALL) {
      this.#bytes[this.#length++] = (rest % HIGH_BIT) | HIGH_BIT;
      rest = Math.floor(rest / HIGH_BIT);
    }
    while (rest > LOW_BITS) {
      this.#bytes[this.#length++] = (rest & LOW_BITS) | HIGH_BIT;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A whole number of either sign below 2^52; those near 0 take one byte (zigzag). */
  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  float(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  text(value: string): void {
    const bytes = Buffer.from(value);
    this.unsigned(bytes.length);
    this.raw(bytes);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What was written; valid until more is. */
  toBuffer(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + bytes));
    larger.set(this.toBuffer());
    this.#bytes = larger;
  }
}

/** How many bytes {@link ByteWriter.signed} takes for a number. */
export function signedLength(value: number): number {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let length = 1;
  while (rest >= HIGH_BIT) {
    rest = Math.floor(rest / HIGH_BIT);
    length++;
  }
  return length;
}
