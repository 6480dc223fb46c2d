import { type Clock, momentFormat } from '@telltale/shared';

/** A mark of the time axis. */
export interface TimeTick {
  readonly at: number;
  readonly text: string;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** How far marks may be apart: what a person counts in. */
const RUNGS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 365].map((n) => n * DAY),
];
/** Up to here a window that goes on counts back from now, so that its marks stand still; beyond, a clock tells more. */
const COUNT_BACK_MS = 30 * MINUTE;
/** Room for a mark and the space to the next, in pixels. */
const TICK_PX = 74;

const WITH_SECONDS = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const OF_DAY = { hour: '2-digit', minute: '2-digit' } as const;
const DATE = { day: 'numeric', month: 'short' } as const;
const MONTH = { month: 'short', year: 'numeric' } as const;

/** The distance of marks of which there are `most` at most. */
function rungFor(lengthMs: number, most: number): number {
  return RUNGS.find((rung) => lengthMs / rung <= most) ?? Math.ceil(lengthMs / most / DAY / 365) * DAY * 365;
}

/** The marks of a time axis that is `width` pixels wide, from left to right. */
export function timeTicks(from: number, to: number, live: boolean, width: number, clock: Clock): TimeTick[] {
  const most = Math.max(1, Math.floor(width / TICK_PX));
  return live && to - from <= COUNT_BACK_MS ? countBack(from, to, most) : roundMoments(from, to, most, clock);
}

function countBack(from: number, to: number, most: number): TimeTick[] {
  // Where there is little room, the ends alone tell as much.
  const rung = most < 4 ? to - from : rungFor(to - from, Math.min(5, most));
  const count = Math.floor((to - from) / rung);
  return Array.from({ length: count + 1 }, (_, i) => {
    const ago = (count - i) * rung;
    return { at: to - ago, text: formatAgo(ago) };
  });
}

/** Round moments of a clock. Through `Date`, which knows where days are longer or shorter. */
function roundMoments(from: number, to: number, most: number, clock: Clock): TimeTick[] {
  const rung = rungFor(to - from, most);
  const { format } = momentFormat(partsFor(rung, to - from), clock);
  const { year, month, date, midnight: dayStart, at: atSecond } = calendarOf(from, clock);
  const ticks: TimeTick[] = [];
  // Days are counted from a fixed one, so that marks stay at theirs while the window moves on.
  const days = rung / DAY;
  const lead = days >= 1 ? Math.round(Date.UTC(year, month, date) / DAY) % days : 0;
  const seconds = rung / SECOND;
  // An hour that is lived through twice or not at all must not hide a mark: two hours are looked at before the first.
  const first = days >= 1 ? 0 : Math.max(0, Math.floor((from - dayStart - 2 * HOUR) / rung));
  for (let i = first; ; i++) {
    const at = days >= 1 ? atSecond(date - lead + i * days, 0) : atSecond(date, i * seconds);
    if (at > to) return ticks;
    if (at < from || at <= (ticks.at(-1)?.at ?? 0)) continue;
    const midnight = days < 1 && calendarOf(at, clock).midnight === at;
    ticks.push({ at, text: midnight ? momentFormat(DATE, clock).format(at) : format(at) });
  }
}

interface Calendar {
  readonly year: number;
  readonly month: number;
  readonly date: number;
  /** When its day began. */
  readonly midnight: number;
  /** A second of a day of its month; one beyond the last is of the next. */
  readonly at: (date: number, second: number) => number;
}

function calendarOf(moment: number, { utc }: Clock): Calendar {
  const day = new Date(moment);
  const [year, month, date] = utc
    ? [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()]
    : [day.getFullYear(), day.getMonth(), day.getDate()];
  const at = (ofMonth: number, second: number) =>
    utc ? Date.UTC(year, month, ofMonth, 0, 0, second) : new Date(year, month, ofMonth, 0, 0, second).getTime();
  return { year, month, date, midnight: at(date, 0), at };
}

function partsFor(rung: number, lengthMs: number): Intl.DateTimeFormatOptions {
  if (rung < MINUTE) return WITH_SECONDS;
  if (rung < DAY) return OF_DAY;
  return lengthMs <= 300 * DAY ? DATE : MONTH;
}

/** A moment before now, as a person counts. */
function formatAgo(ms: number): string {
  if (ms === 0) return 'now';
  return ms % MINUTE === 0 ? `−${ms / MINUTE} min` : `−${Math.round(ms / SECOND)} s`;
}
