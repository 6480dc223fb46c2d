import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileName, toCsv } from './export.ts';

const AT = Date.UTC(2026, 10, 28, 17, 5, 30);

describe('a table', () => {
  test('has times in ISO 8601, numbers as they are, and empty cells for what was not recorded', () => {
    const series = { 'cpu.usage': { avg: [1.5, null, -3] }, 'cpu.load1': { avg: [0, 1e-7, 1e21] } };
    expect(toCsv({ times: [AT, AT + 1_000, AT + 2_500], series })).toBe(
      'time,cpu.usage,cpu.load1\r\n' +
        '2026-11-28T17:05:30.000Z,1.5,0\r\n' +
        '2026-11-28T17:05:31.000Z,,1e-7\r\n' +
        '2026-11-28T17:05:32.500Z,-3,1e+21\r\n',
    );
  });

  test.each([
    ['=cmd|calc', "'=cmd|calc"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['a"b', '"a""b"'],
    ['a,=b', '"a,=b"'],
    ['a\n=b', '"a\n=b"'],
  ])('a name that a spreadsheet would run is text: %j', (name, cell) => {
    expect(toCsv({ times: [], series: { [name]: { avg: [] } } })).toBe(`time,${cell}\r\n`);
  });

  test('whatever names there are, each is one cell that does not begin with a sign of a formula', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 6 });
    fc.assert(
      fc.property(names, (some) => {
        const series = Object.fromEntries(some.map((name) => [name, { avg: [1] }]));
        const cells = readCsv(toCsv({ times: [AT], series }));
        const expected = Object.keys(series).map((name) => (/^[=+\-@\t\r]/.test(name) ? `'${name}` : name));
        expect(cells[0]?.slice(1)).toEqual(expected);
        for (const cell of cells[0] ?? []) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        expect(cells[1]).toHaveLength(expected.length + 1);
      }),
    );
  });
});

/** As RFC 4180 says. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end !== ',') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('the name of a file', () => {
  test.each([
    ['nas', 'CPU', 'nas-CPU-2026-11-28T170530Z.csv'],
    [null, '', 'machine-chart-2026-11-28T170530Z.csv'],
    ['../../etc', 'a/b\\c:d', 'etc-a-b-c-d-2026-11-28T170530Z.csv'],
    ['.hidden', 'naïve', 'hidden-naive-2026-11-28T170530Z.csv'],
  ])('of %j and %j', (host, what, expected) => {
    expect(fileName(host, what, AT, 'csv')).toBe(expected);
  });

  test('has nothing in it that a path could be made of', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (host, what) => {
        const name = fileName(host, what, AT, 'png');
        expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9.-]*\.png$/);
        expect(name).not.toContain('..');
        expect(name.length).toBeLessThan(160);
      }),
    );
  });
});
