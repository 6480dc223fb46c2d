import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readColumn, writeColumn } from './column.ts';

const { NaN: ABSENT } = Number;

function pack(values: readonly number[]): Buffer {
  const out = new ByteWriter();
  writeColumn(Float64Array.from(values), out);
  return Buffer.from(out.toBuffer());
}

const roundTrip = (values: readonly number[]) => [...readColumn(new ByteReader(pack(values)), values.length)];

describe('a column', () => {
  it.each([
    ['nothing', []],
    ['absence alone', [ABSENT, ABSENT]],
    ['one number', [97.03]],
    ['what comes late and goes again', [ABSENT, ABSENT, 1, 2, ABSENT, 3, ABSENT]],
    ['percent', [0, 0.07, 12.5, 99.99, 100, 0.1]],
    ['bytes beyond 32 bits', [16_777_217, 1_099_511_627_776, 0, 9_007_199_254_740_991]],
    ['numbers below zero', [-40.5, 21.25, -0.25]],
    ['numbers that no decimal says', [Math.PI, 1 / 3, 1e-9]],
    ['numbers beyond what is whole', [1e300, -1e300, 5e-324]],
    ['a decimal and a large number', [1e15, 0.1]],
    ['what would need seven decimals', [0.1234567, 1]],
  ])('gives back %s', (_, values) => expect(roundTrip(values)).toEqual(values));

  it('gives back any numbers, to the last bit', () => {
    const number = fc.oneof(
      fc.constant(ABSENT),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 }).map((value) => value / 100),
      fc.maxSafeInteger(),
    );
    fc.assert(
      fc.property(fc.array(number, { maxLength: 200 }), (values) => {
        // A zero below zero is a zero: JSON has no other.
        const plain = values.map((value) => (value === 0 ? 0 : value));
        expect(roundTrip(plain)).toEqual(plain);
      }),
      { numRuns: 500 },
    );
  });

  it('takes a byte for each small change, and hardly any where nothing changes', () => {
    const counter = Array.from({ length: 600 }, (_, i) => 1_000_000_000 + i * 40);
    expect(pack(counter).length).toBeLessThan(610);
  });

  it('is refused where its bytes are cut off, and never goes on for ever', () => {
    const bytes = pack([1, ABSENT, 2.5, 1_000_000]);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readColumn(new ByteReader(bytes.subarray(0, length)), 4)).toThrow(RangeError);
    }
    expect(() => readColumn(new ByteReader(Buffer.from([0, 9, 0])), 4)).toThrow('beyond the last row');
    expect(() => readColumn(new ByteReader(Buffer.alloc(20, 0xff)), 4)).toThrow('no end');
  });
});
