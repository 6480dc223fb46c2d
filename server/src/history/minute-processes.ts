import type { MetricEvents } from '@telltale/shared';

type ProcessEvent = MetricEvents['process'];
type Process = ProcessEvent['byCpu'][number];

/**
 * Whom a minute belonged to. `at` is its end in epoch ms; the lists are sorted by name, as in an event, and the numbers
 * tell the order.
 */
export type MinuteProcesses = Pick<ProcessEvent, 'at' | 'elapsedMs' | 'byCpu' | 'byMemory' | 'byIo'>;

/** How far from a recorded minute a moment may be. */
export const REACH_MS = 60_000;
const TOP = 5;

/** What is `null` comes last. Taking some of a list leaves the others in their order. */
function topOf(processes: readonly Process[], value: (each: Process) => number | null): Process[] {
  const ranked = [...processes].sort((a, b) => (value(b) ?? -1) - (value(a) ?? -1));
  const top = new Set(ranked.slice(0, TOP));
  return processes.filter((each) => top.has(each));
}

/** What was recorded by a version that knew nothing of I/O has no list of it, and no such numbers in the others. */
export function withIo<T extends Partial<MinuteProcesses>>(minute: T): T {
  if (minute.byIo) return minute;
  const told = (each: Process): Process => ({ ...each, readBytesPerSecond: null, writeBytesPerSecond: null });
  return { ...minute, byCpu: minute.byCpu?.map(told), byMemory: minute.byMemory?.map(told), byIo: [] };
}

/** What of an event of `process` is kept; `null` where its look failed. */
export function topOfMinute(event: object): MinuteProcesses | null {
  const {
    at,
    elapsedMs,
    byCpu = [],
    byMemory = [],
    byIo = [],
  } = withIo(event as Partial<ProcessEvent> & Pick<ProcessEvent, 'at' | 'elapsedMs'>);
  if (byCpu.length + byMemory.length + byIo.length === 0) return null;
  return {
    at,
    elapsedMs,
    byCpu: topOf(byCpu, ({ usage }) => usage),
    byMemory: topOf(byMemory, ({ residentBytes }) => residentBytes),
    byIo: topOf(byIo, ({ readBytesPerSecond: read, writeBytesPerSecond: write }) =>
      read === null || write === null ? null : read + write,
    ),
  };
}

/** How far a moment is from the interval that a minute covers, in ms; 0 within it. */
const distance = ({ at, elapsedMs }: MinuteProcesses, moment: number): number =>
  Math.max(0, moment - at, at - (elapsedMs ?? 0) - moment);

/** The minute that holds a moment, or the nearest that is no further than {@link REACH_MS}; of two, the earlier. */
export function nearestMinute(minutes: Iterable<MinuteProcesses>, moment: number): MinuteProcesses | null {
  let nearest: MinuteProcesses | null = null;
  for (const minute of minutes) {
    const away = distance(minute, moment);
    if (away <= REACH_MS && (nearest === null || away < distance(nearest, moment))) nearest = minute;
  }
  return nearest;
}
