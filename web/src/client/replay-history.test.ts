import { beforeAll, describe, expect, it } from 'vitest';
import { loaded, recordedCpu, recordedMounts } from '../testing-recording.ts';
import type { LoadedRecording } from './loaded-recording.ts';
import { replayHistory } from './replay-history.ts';

let recording: LoadedRecording;
beforeAll(async () => {
  const events = Array.from({ length: 100 }, (_, i) => recordedCpu(i * 1_000 + 500, i));
  events.splice(60, 0, recordedMounts(60_400, ['/', 'a,b*']));
  recording = await loaded(events);
});

const ask = (query: Record<string, string>, count = recording.length) =>
  replayHistory(recording, count, new URLSearchParams({ series: 'cpu.usage', points: '600', ...query }));

describe('the history of what was played', () => {
  it('has every sample in its own step', () => {
    const { times, stepMs, series, from, to } = ask({ from: '-5s' });
    expect([stepMs, from, to]).toEqual([1_000, 94_500, 99_500]);
    expect(times).toEqual([95_000, 96_000, 97_000, 98_000, 99_000, 100_000]);
    expect(series).toEqual({ 'cpu.usage': { avg: [94, 95, 96, 97, 98, 99] } });
  });

  it('knows nothing of what comes later', () => {
    const { to, series, cursor } = ask({ from: '-2s' }, 3);
    expect([to, cursor]).toEqual([2_500, 'replay.3']);
    expect(series['cpu.usage']?.avg).toEqual([0, 1, 2]);
  });

  it('has wider steps where there would be too many', () => {
    const { stepMs, series, times } = ask({ from: '-100s', points: '11' });
    // From -500 on: its first step ends at 0.
    expect(stepMs).toBe(10_000);
    expect(times.length).toBeLessThanOrEqual(12);
    const { avg, min, max, last } = series['cpu.usage'] ?? { avg: [] };
    expect([avg[2], min?.[2], max?.[2], last?.[2]]).toEqual([14.5, 10, 19, 19]);
    expect(ask({ from: '0', points: '2' }).times.length).toBeLessThanOrEqual(3);
  });

  it('answers a span of the past', () => {
    const { cursor, times, series } = ask({ from: '10000', to: '12000' });
    expect([cursor, times]).toEqual([null, [11_000, 12_000]]);
    expect(series['cpu.usage']?.avg).toEqual([10, 11]);
    expect(ask({ from: new Date(10_000).toISOString(), to: new Date(12_000).toISOString() }).times).toEqual(times);
  });

  it('has a column for each member, and none for what is no series', () => {
    const { series } = ask({ series: 'filesystem.mounts.usedPercent:*,weather.rain', from: '-2m' });
    expect(Object.keys(series)).toEqual(['filesystem.mounts.usedPercent:/', 'filesystem.mounts.usedPercent:a%2Cb%2A']);
    expect(series['filesystem.mounts.usedPercent:/']?.avg.filter((value) => value !== null)).toEqual([50]);
  });

  it('leaves empty what was not recorded', () => {
    expect(ask({ series: 'memory.usedBytes', from: '-3s' }).series['memory.usedBytes']?.avg).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
