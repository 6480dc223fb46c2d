import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Table } from './codec/table.ts';
import { asRolledUp, COUNT, LAST, MAX, MIN, rollUp, SUM } from './roll-up.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const samples = (rows: readonly (readonly [at: number, value: number | null])[]): Table => ({
  times: Float64Array.from(rows, ([at]) => at),
  columns: new Map([['x', [Float64Array.from(rows, ([, value]) => value ?? Number.NaN)]]]),
});

const stepsOf = (table: Table) =>
  Object.fromEntries(
    [...table.times].map((end, row) => {
      const of = (column: number) => table.columns.get('x')?.[column]?.[row];
      return [end, { sum: of(SUM), count: of(COUNT), min: of(MIN), max: of(MAX), last: of(LAST) }];
    }),
  );

/** What a step must hold, in whole hundredths, worked out another way. */
function expected(rows: readonly (readonly [number, number | null])[], stepMs: number) {
  const steps: Record<number, { sum: number; count: number; min: number; max: number; last: number }> = {};
  for (const [at, value] of rows) {
    const end = at % stepMs === 0 ? at : at - (at % stepMs) + stepMs;
    if (value === null) continue;
    const inside = rows.flatMap(([time, each]) => (each !== null && time > end - stepMs && time <= end ? [each] : []));
    const hundredths = inside.map((each) => BigInt(Math.round(each * 100)));
    steps[end] = {
      sum: Number(hundredths.reduce((sum, each) => sum + each, 0n)) / 100,
      count: inside.length,
      min: Math.min(...inside),
      max: Math.max(...inside),
      last: inside.at(-1) as number,
    };
  }
  return steps;
}

const recorded = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 120_000 }), fc.option(fc.integer({ min: -1e6, max: 1e8 }))), {
    minLength: 1,
    maxLength: 300,
  })
  .map((steps) => {
    let at = 1_800_000_000_000;
    return steps.map(([pause, value]): [number, number | null] => {
      at += pause;
      return [at, value === null ? null : value / 100];
    });
  });

const withoutAbsent = (steps: ReturnType<typeof stepsOf>) =>
  Object.fromEntries(Object.entries(steps).filter(([, { count }]) => !Number.isNaN(count)));

describe('rolling up', () => {
  it('is exact, from samples into minutes and from minutes into hours, however it was cut', () => {
    fc.assert(
      fc.property(recorded, fc.nat(300), (rows, cut) => {
        const parts = [rows.slice(0, cut), rows.slice(cut)].filter(({ length }) => length > 0);
        const minutes = rollUp(
          parts.map((part) => rollUp([asRolledUp(samples(part))], MINUTE)),
          MINUTE,
        );
        expect(withoutAbsent(stepsOf(minutes))).toEqual(expected(rows, MINUTE));
        expect(withoutAbsent(stepsOf(rollUp([minutes], HOUR)))).toEqual(expected(rows, HOUR));
      }),
    );
  });

  it('puts what ends with an interval into it, and what begins with it into the next', () => {
    const minutes = rollUp(
      [
        asRolledUp(
          samples([
            [MINUTE, 1],
            [MINUTE + 1, 2],
          ]),
        ),
      ],
      MINUTE,
    );
    expect(Object.keys(stepsOf(minutes))).toEqual([String(MINUTE), String(2 * MINUTE)]);
  });

  it('leaves a key absent where it was, and finds it again under its name', () => {
    const other: Table = { times: Float64Array.of(3 * MINUTE), columns: new Map([['y', [Float64Array.of(5)]]]) };
    const rolled = rollUp(
      [
        asRolledUp(
          samples([
            [MINUTE, 1],
            [5 * MINUTE, 9],
          ]),
        ),
        asRolledUp(other),
      ],
      MINUTE,
    );
    expect([...(rolled.columns.get('x')?.[COUNT] ?? [])]).toEqual([1, Number.NaN, 1]);
    expect([...(rolled.columns.get('y')?.[SUM] ?? [])]).toEqual([Number.NaN, 5, Number.NaN]);
  });
});
