import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PackedTable, packTable, type Table } from './table.ts';

const START = 1_800_000_000_500;

function tableOf(rows: number, keys: Readonly<Record<string, (row: number) => number>>): Table {
  const columns = Object.entries(keys).map(
    ([key, value]) => [key, [Float64Array.from({ length: rows }, (_, row) => value(row))]] as const,
  );
  return { times: Float64Array.from({ length: rows }, (_, row) => START + row * 1_000), columns: new Map(columns) };
}

describe('a packed table', () => {
  it('gives back times and columns by their keys, whatever these are called', () => {
    const table = tableOf(3, { usage: (row) => row / 2, 'cores.usage:__proto__': () => Number.NaN, 'é,\n': () => 7 });
    const packed = new PackedTable(packTable(table, 1));
    expect(packed.rows).toBe(3);
    expect(packed.times()).toEqual(table.times);
    expect([...packed.keys].sort()).toEqual([...table.columns.keys()].sort());
    for (const [key, columns] of table.columns) expect(packed.columns(key)).toEqual(columns);
    expect(packed.columns('constructor')).toBeNull();
  });

  it('may be empty', () => {
    const packed = new PackedTable(packTable(tableOf(0, {}), 1));
    expect([packed.rows, packed.keys, [...packed.times()]]).toEqual([0, [], []]);
  });

  it('keeps the times of rows to the ms, however they jump', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4e12 }), { maxLength: 100 }), (times) => {
        const table: Table = { times: Float64Array.from(times), columns: new Map() };
        expect([...new PackedTable(packTable(table, 1)).times()]).toEqual(times);
      }),
    );
  });

  it('holds as many columns for a key as it is wide, in many parts', () => {
    const noise = (seed: number) => (row: number) => ((row * 7_919 + seed * 104_729) % 1_000_003) / 100;
    const keys = Array.from({ length: 40 }, (_, i) => [`key${i}`, i] as const);
    const rows = 600;
    const columns = keys.map(
      ([key, i]) =>
        [key, [0, 1, 2].map((n) => Float64Array.from({ length: rows }, (_, row) => noise(3 * i + n)(row)))] as const,
    );
    const table: Table = { times: tableOf(rows, {}).times, columns: new Map(columns) };
    const packed = new PackedTable(packTable(table, 3));
    expect(packed.unpack()).toEqual({
      times: table.times,
      columns: new Map([...table.columns].sort(([a], [b]) => (a < b ? -1 : 1))),
    });
  });

  it('is refused where bytes are cut off or of another version', () => {
    const bytes = packTable(tableOf(50, { usage: (row) => row }), 1);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => new PackedTable(bytes.subarray(0, length)).unpack()).toThrow();
    }
    const later = Buffer.from(bytes);
    later[0] = 9;
    expect(() => new PackedTable(later)).toThrow('version 9');
  });
});
