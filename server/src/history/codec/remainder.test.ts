import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviate, restore } from './remainder.ts';
import { PackedTable, packTable } from './table.ts';

const column = (...values: number[]) => Float64Array.from(values);
const anyNumber = fc.oneof(
  fc.constant(Number.NaN),
  fc.constant(-0),
  fc.integer({ min: -(2 ** 40), max: 2 ** 40 }).map((n) => n / 100),
  fc.double(),
);
const anyColumn = fc.array(anyNumber, { minLength: 8, maxLength: 8 }).map((values) => Float64Array.from(values));

describe('a column that remains of a total', () => {
  it('is nothing but the surprises: here the third row', () => {
    const [user, idle] = [column(1.5, 2, 3.5, 0), column(98.5, 98, 96.25, 100)];
    const deviation = deviate(idle, 100, [user]);
    expect(deviation).toEqual({ decimals: 2, values: column(0, 0, -0.25, 0) });
    expect(deviation && restore(deviation, 100, [user])).toEqual(idle);
  });

  it('may be of another column, and absent where it was', () => {
    const [total, free, used] = [column(9, 9, Number.NaN), column(4, Number.NaN, 4), column(5, Number.NaN, Number.NaN)];
    const deviation = deviate(used, total, [free]);
    expect(deviation && restore(deviation, total, [free])).toEqual(used);
  });

  it('is kept as it is where the sum hardly ever holds', () => {
    expect(deviate(column(1, 2, 3, 4), 100, [column(5, 6, 7, 8)])).toBeNull();
  });

  it('comes back to the last bit or is refused, whatever the numbers are', () => {
    fc.assert(
      fc.property(
        anyColumn,
        anyColumn,
        fc.oneof(fc.constant(100), anyColumn),
        fc.boolean(),
        (own, other, total, fit) => {
          const whole = typeof total === 'number' ? () => total : (row: number) => total[row] as number;
          const values = fit ? own.map((_, row) => whole(row) - (other[row] as number)) : own;
          const deviation = deviate(values, total, [other]);
          if (deviation) expect(restore(deviation, total, [other])).toEqual(values);
        },
      ),
    );
  });
});

describe('a packed table with remainders', () => {
  // Nothing that a compressor could guess.
  const noise = (row: number) => createHash('sha256').update(`${row}`).digest().readUInt16LE(0) / 100;
  const rows = 600;
  const of = (value: (row: number) => number) => [Float64Array.from({ length: rows }, (_, row) => value(row))];
  const hundredths = (value: number) => Math.round(value * 100) / 100;
  const columns = new Map([
    ['idle', of((row) => hundredths(100 - noise(row)))],
    ['iowait', of(() => 0)],
    ['system', of((row) => hundredths(noise(row) - noise(row + 7)))],
    ['usage', of((row) => noise(row))],
    ['user', of((row) => noise(row + 7))],
  ]);
  const table = { times: Float64Array.from({ length: rows }, (_, row) => 1_800_000_000_000 + row * 1_000), columns };
  const remainders = [
    { key: 'usage', total: 100, others: ['idle', 'iowait'] },
    { key: 'idle', total: 100, others: ['user', 'system', 'iowait'] },
  ];

  it('gives back each column alone and all of them, remainders of remainders too', () => {
    const packed = new PackedTable(packTable(table, 1, remainders));
    expect(packed.columns('usage')).toEqual(columns.get('usage'));
    expect(packed.unpack()).toEqual(table);
  });

  it('is far smaller than one that keeps what follows from the rest', () => {
    expect(packTable(table, 1, remainders).length).toBeLessThan(0.7 * packTable(table, 1).length);
  });

  it('is refused where a remainder is of itself', () => {
    const circle = [
      { key: 'usage', total: 100, others: ['idle'] },
      { key: 'idle', total: 100, others: ['usage'] },
    ];
    const packed = new PackedTable(packTable(table, 1, circle));
    expect(() => packed.columns('usage')).toThrow('a remainder is of itself');
  });
});
