/** The polynomial of CRC-32 (RFC 1952, 8) with its bits reversed. */
const POLYNOMIAL = 0xedb88320;

/** Multiplies two polynomials modulo {@link POLYNOMIAL}; the highest power is the lowest bit. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= factor;
    factor = (factor & 1) !== 0 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1;
  }
  return product >>> 0;
}

/** `crc` as it would be with `bytes` zero bytes after it, in a number of steps that grows with their logarithm. */
function shift(crc: number, bytes: number): number {
  let power = 0x00800000; // x to the 8th: one byte.
  let shifted = crc;
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) shifted = multiply(power, shifted);
    power = multiply(power, power);
  }
  return shifted;
}

/** The CRC-32 of two texts one after the other, from those of each. */
export function crcOfBoth(first: number, second: number, secondBytes: number): number {
  return (shift(first, secondBytes) ^ second) >>> 0;
}

/** The CRC-32 of what came after a beginning, from that of the beginning and of the whole. */
export function crcOfRest(beginning: number, whole: number, restBytes: number): number {
  return (shift(beginning, restBytes) ^ whole) >>> 0;
}
