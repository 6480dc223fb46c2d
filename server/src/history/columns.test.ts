import { describe, expect, it } from 'vitest';
import { Columns } from './columns.ts';

const GRID = { stepMs: 10, firstEnd: 10, length: 4 };

function gathered(samples: readonly (readonly [number, number | null])[]): Columns {
  const columns = new Columns(GRID);
  for (const [at, value] of samples) {
    if (value !== null) columns.add(Math.ceil((at - GRID.firstEnd) / GRID.stepMs), value, 1, value, value, value);
  }
  return columns;
}

describe('the columns of a series', () => {
  it('hold average, extremes and the last of each step, and null where nothing was', () => {
    const columns = gathered([
      [1, 4],
      [5, 1],
      [10, 2],
      [31, 7],
      [40, null],
    ]);
    expect(columns.toColumns(true)).toEqual({
      avg: [2.3333, null, null, 7],
      min: [1, null, null, 7],
      max: [4, null, null, 7],
      last: [2, null, null, 7],
    });
  });

  it('have only an average where a step is one sample', () => {
    expect(
      gathered([
        [10, 0],
        [20, 5],
      ]).toColumns(false),
    ).toEqual({ avg: [0, 5, null, null] });
  });

  it('join what was rolled up as if its samples had come alone', () => {
    const columns = new Columns(GRID);
    columns.add(0, 10, 4, 1, 6, 2);
    columns.add(0, 5, 1, 5, 5, 5);
    expect(columns.toColumns(true)).toEqual({
      avg: [3, null, null, null],
      min: [1, null, null, null],
      max: [6, null, null, null],
      last: [5, null, null, null],
    });
  });

  it('take a value of 0 and below for a value', () => {
    expect(
      gathered([
        [10, 0],
        [20, -2],
      ]).toColumns(true),
    ).toMatchObject({ min: [0, -2, null, null], max: [0, -2, null, null] });
  });
});
