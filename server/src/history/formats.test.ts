import { describe, expect, it } from 'vitest';
import { type HistoryType, writeHistory } from './formats.ts';
import type { HistoryAnswer } from './query.ts';

const history = (columns: Record<string, (number | null)[]>): HistoryAnswer => ({
  from: 0,
  to: 20,
  stepMs: 10,
  times: [10, 20],
  gaps: [],
  series: Object.keys(columns),
  columns: (name) => ({ avg: columns[name] ?? [], max: [99, 99] }),
});
const write = (answer: HistoryAnswer, type: HistoryType) => [...writeHistory(answer, type, 'e.1')].join('');
const toCsv = (answer: HistoryAnswer) => write(answer, 'text/csv');
const toNdjson = (answer: HistoryAnswer) => write(answer, 'application/x-ndjson');

describe('JSON', () => {
  it('is the grid and its columns under the names of their series', () => {
    const answer = history({ 'cpu.usage': [1.5, null], 'a"b': [0, 1] });
    expect(JSON.parse(write(answer, 'application/json'))).toEqual({
      cursor: 'e.1',
      from: 0,
      to: 20,
      stepMs: 10,
      times: [10, 20],
      gaps: [],
      series: { 'cpu.usage': { avg: [1.5, null], max: [99, 99] }, 'a"b': { avg: [0, 1], max: [99, 99] } },
    });
    expect(JSON.parse(write(history({}), 'application/json')).series).toEqual({});
  });

  it('comes in pieces when it is long', () => {
    const long = history(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`x${i}`, Array(2_000).fill(12.34)])));
    const pieces = [...writeHistory(long, 'application/json', null)];
    expect(pieces.length).toBeGreaterThan(5);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(100_000);
    expect(Object.keys(JSON.parse(pieces.join('')).series)).toHaveLength(50);
  });
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
