import { describe, expect, it } from 'vitest';
import { type MinuteProcesses, nearestMinute, topOfMinute } from './minute-processes.ts';

const START = 1_800_000_000_000;
const minute = (count: number) => START + count * 60_000;
const processOf = (name: string, usage: number | null, residentBytes: number | null, io: number | null = null) => ({
  ...{ name, usage, residentBytes, readBytesPerSecond: io, writeBytesPerSecond: io },
});

const minuteOf = (at: number, elapsedMs: number | null, name: string) =>
  topOfMinute({ at, elapsedMs, byCpu: [], byMemory: [processOf(name, null, 1)] }) as MinuteProcesses;
const nameAt = (minutes: readonly MinuteProcesses[], moment: number) =>
  nearestMinute(minutes, moment)?.byMemory[0]?.name;

describe('the processes of a minute', () => {
  it('are found in the middle of an interval, however long', () => {
    const minutes = [minuteOf(minute(0), null, 'a'), minuteOf(minute(9), 8 * 60_000, 'b')];
    expect([nameAt(minutes, minute(3)), nameAt(minutes, minute(9))]).toEqual(['b', 'b']);
  });

  it('are the nearest where nothing was recorded for a while, and none beyond a minute', () => {
    const minutes = [minuteOf(minute(0), null, 'before'), minuteOf(minute(1.5), null, 'after')];
    expect([0.7, 0.8, 2.5, 2.6].map((count) => nameAt(minutes, minute(count)))).toEqual([
      'before',
      'after',
      'after',
      undefined,
    ]);
  });

  it('are five by use, five by memory and five by I/O, those without a number last, in the order of an event', () => {
    const processes = [
      processOf('a', 1, 10, 7),
      processOf('b', null, 70, 0),
      processOf('c', 90, 20, 3),
      processOf('d', 5, null, 8),
      processOf('e', 70, 40, null),
      processOf('f', 6, 50, 9),
      processOf('g', 250, 60, 1),
    ];
    const names = (list: readonly { name: string }[] = []) => list.map(({ name }) => name).join('');
    const top = topOfMinute({ at: START, elapsedMs: 60_000, byCpu: processes, byMemory: processes, byIo: processes });
    expect([top?.byCpu, top?.byMemory, top?.byIo].map(names)).toEqual(['cdefg', 'bcefg', 'acdfg']);
    expect(top?.byCpu[0]).toEqual(processOf('c', 90, 20, 3));
  });

  it('are not told by a look that failed', () => {
    expect(topOfMinute({ at: START, elapsedMs: null, count: null, byCpu: [], byMemory: [] })).toBeNull();
  });
});
