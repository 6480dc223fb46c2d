import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean } from '../testing-history.ts';
import { MAX_STEPS, SeriesSteps } from './series-steps.ts';

const shown = (steps: SeriesSteps) => {
  const { times, values } = steps.points();
  return [...times].map((time, i) => [time, values[i]]);
};

const anySamples = fc.array(
  fc.record({
    wait: fc.integer({ min: 1, max: 4_000 }),
    value: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { freq: 5 }),
  }),
  { maxLength: 200 },
);
const anyStep = fc.constantFrom(1_000, 2_000, 5_000, 15_000, 120_000);

describe('the steps of a series', () => {
  it('hold of samples that came one by one what all samples of a step together say', () => {
    fc.assert(
      fc.property(anySamples, anyStep, fc.integer({ min: 0, max: 200_000 }), (waits, stepMs, begin) => {
        let at = begin;
        const samples = waits.map(({ wait, value }) => {
          at += wait;
          return { at, value };
        });
        const steps = new SeriesSteps(stepMs, true);
        for (const sample of samples) steps.fold(sample.at, sample.value, 1_000);
        const { times, values, low, high } = steps.points();
        const ends = [...new Set(samples.map((sample) => Math.ceil(sample.at / stepMs) * stepMs))].slice(-MAX_STEPS);
        expect([...times]).toEqual(ends.map((end) => end - stepMs / 2));
        ends.forEach((end, i) => {
          const within = samples.filter((sample) => sample.at > end - stepMs && sample.at <= end);
          const known = within.flatMap(({ value }) => value ?? []);
          if (known.length === 0) expect(values[i]).toBeNaN();
          else {
            expect(values[i]).toBeCloseTo(mean(known), 3);
            expect([low?.[i], high?.[i]]).toEqual([Math.min(...known), Math.max(...known)]);
          }
        });
      }),
    );
  });

  it('go on from what was recorded as if all had come live, wherever that ends', () => {
    const anyValues = fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { minLength: 2, maxLength: 300 });
    fc.assert(
      fc.property(anyValues, anyStep, fc.double({ min: 0, max: 1, noNaN: true }), (values, stepMs, part) => {
        // Samples are taken halfway between the seconds.
        const samples = values.map((value, i) => ({ at: 7_000 + i * 1_000 + 500, value }));
        const cut = Math.floor(part * samples.length);
        const all = new SeriesSteps(stepMs, stepMs > 1_000);
        for (const { at, value } of samples) all.fold(at, value, 1_000);
        const recorded = new SeriesSteps(stepMs, stepMs > 1_000);
        for (const { at, value } of samples.slice(0, cut)) recorded.fold(at, value, 1_000);
        const { times, values: avg, low, high } = recorded.points();
        const min = low ? { min: [...low], max: [...(high ?? [])] } : {};
        const to = 7_000 + cut * 1_000;
        const ends = [...times].map((time) => time + stepMs / 2);
        const columns = { avg: [...avg], ...min };
        const steps = SeriesSteps.from({ stepMs, times: ends, columns, to, floor: null });
        for (const { at, value } of samples.slice(cut)) steps.fold(at, value, 1_000);
        // A step that began before the first sample tells of more time than there are samples.
        const skip = 7_000 % stepMs === 0 ? 0 : 1;
        const [whole, joined] = [all.points(), steps.points()];
        expect([...joined.times]).toEqual([...whole.times]);
        whole.values.forEach((value, i) => {
          if (i >= skip || cut === 0) expect(joined.values[i]).toBeCloseTo(value, 6);
        });
        expect([joined.low, joined.high]).toEqual([whole.low, whole.high]);
      }),
    );
  });

  it('are the newest, and never more than fit a screen, however long it goes on', () => {
    const steps = new SeriesSteps(1_000, true);
    for (let i = 1; i <= 5_000; i++) steps.fold(i * 1_000, i, 1_000);
    const { times, values, low } = steps.points();
    expect(times).toHaveLength(MAX_STEPS);
    expect([times.at(-1), values.at(-1), low?.at(-1)]).toEqual([4_999_500, 5_000, 5_000]);
    // The buffers behind them do not grow either.
    expect(times.buffer.byteLength).toBeLessThanOrEqual(8 * 800);
  });

  it('take no sample twice, and none from before', () => {
    const steps = new SeriesSteps(2_000, true);
    for (const at of [1_500, 1_500, 2_500, 1_700]) steps.fold(at, at, 1_000);
    expect(shown(steps)).toEqual([
      [1_000, 1_500],
      [3_000, 2_500],
    ]);
  });

  it('fill a hole with what was recorded, and keep what the record does not know', () => {
    const kept = new SeriesSteps(1_000, false);
    for (const at of [500, 1_500, 5_500, 6_500]) kept.fold(at, at, 1_000);
    const columns = { avg: [null, 25, null, 45, 55] };
    const times = [2_000, 3_000, 4_000, 5_000, 6_000];
    const steps = SeriesSteps.from({ stepMs: 1_000, times, columns, to: 6_000, floor: null }, kept);
    expect(shown(steps)).toEqual([
      [500, 500],
      [1_500, 1_500],
      [2_500, 25],
      [4_500, 45],
      [5_500, 55],
    ]);
  });

  it('are not mixed with those of another width', () => {
    const kept = new SeriesSteps(5_000, true);
    kept.fold(2_500, 1, 1_000);
    const steps = SeriesSteps.from(
      { stepMs: 1_000, times: [9_000], columns: { avg: [9] }, to: 9_000, floor: null },
      kept,
    );
    expect(shown(steps)).toEqual([[8_500, 9]]);
  });
});
