import type { History } from '@telltale/shared';
import { describe, expect, it } from 'vitest';
import { toCsv, toNdjson } from './formats.ts';

const history = (series: Record<string, (number | null)[]>): History => ({
  cursor: null,
  from: 0,
  to: 20,
  stepMs: 10,
  times: [10, 20],
  series: Object.fromEntries(Object.entries(series).map(([name, avg]) => [name, { avg, max: avg.map(() => 99) }])),
});

describe('CSV', () => {
  it('is a line a step with the averages, and an empty cell where nothing was recorded', () => {
    expect(toCsv(history({ 'cpu.usage': [1.5, null], 'memory.usedBytes': [0, -3] }))).toBe(
      'time,cpu.usage,memory.usedBytes\r\n10,1.5,0\r\n20,,-3\r\n',
    );
    expect(toCsv(history({}))).toBe('time\r\n10\r\n20\r\n');
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['a"b', '"a""b"'],
    ['a,b', '"a,b"'],
    ['a\r\nb', '"a\r\nb"'],
    ['="x,y"', `"'=""x,y"""`],
  ])('writes the name %j as %j', (name, cell) => {
    expect(toCsv(history({ [name]: [null, null] })).split('\r\n10,')[0]).toBe(`time,${cell}`);
  });
});

describe('NDJSON', () => {
  it('is an object a step, with null where nothing was recorded', () => {
    expect(toNdjson(history({ 'cpu.usage': [1.5, null] }))).toBe(
      '{"time":10,"cpu.usage":1.5}\n{"time":20,"cpu.usage":null}\n',
    );
  });

  it('stays a line a step, whatever names hold', () => {
    const text = toNdjson(history({ 'x:\n"}{\u2028': [1, 2] }));
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => Object.keys(JSON.parse(line))),
    ).toEqual([
      ['time', 'x:\n"}{\u2028'],
      ['time', 'x:\n"}{\u2028'],
    ]);
  });
});
