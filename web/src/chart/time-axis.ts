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

/** As the user's system writes it; made once, since making one costs more than drawing a chart. */
const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(undefined, options);
const WITH_SECONDS = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const OF_DAY = format({ hour: '2-digit', minute: '2-digit' });
const DATE = format({ day: 'numeric', month: 'short' });
const MONTH = format({ month: 'short', year: 'numeric' });

/** The distance of marks of which there are `most` at most. */
function rungFor(lengthMs: number, most: number): number {
  return RUNGS.find((rung) => lengthMs / rung <= most) ?? Math.ceil(lengthMs / most / DAY / 365) * DAY * 365;
}

/** The marks of a time axis that is `width` pixels wide, from left to right. */
export function timeTicks(from: number, to: number, live: boolean, width: number): TimeTick[] {
  const most = Math.max(1, Math.floor(width / TICK_PX));
  return live && to - from <= COUNT_BACK_MS ? countBack(from, to, most) : clock(from, to, most);
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

/** Round moments of the local clock. Through `Date`, which knows where days are longer or shorter. */
function clock(from: number, to: number, most: number): TimeTick[] {
  const rung = rungFor(to - from, most);
  const { format } = formatOf(rung, to - from);
  const start = new Date(from);
  const [year, month, date] = [start.getFullYear(), start.getMonth(), start.getDate()];
  const ticks: TimeTick[] = [];
  // Days are counted from a fixed one, so that marks stay at theirs while the window moves on.
  const days = rung / DAY;
  const lead = days >= 1 ? Math.round(Date.UTC(year, month, date) / DAY) % days : 0;
  const seconds = rung / SECOND;
  // An hour that is lived through twice or not at all must not hide a mark: two hours are looked at before the first.
  const first = days >= 1 ? 0 : Math.max(0, Math.floor((from - start.setHours(0, 0, 0, 0) - 2 * HOUR) / rung));
  for (let i = first; ; i++) {
    const moment =
      days >= 1 ? new Date(year, month, date - lead + i * days) : new Date(year, month, date, 0, 0, i * seconds);
    const at = moment.getTime();
    if (at > to) return ticks;
    if (at < from || at <= (ticks.at(-1)?.at ?? 0)) continue;
    const midnight = days < 1 && moment.getHours() + moment.getMinutes() + moment.getSeconds() === 0;
    ticks.push({ at, text: midnight ? DATE.format(at) : format(at) });
  }
}

function formatOf(rung: number, lengthMs: number): Intl.DateTimeFormat {
  if (rung < MINUTE) return WITH_SECONDS;
  if (rung < DAY) return OF_DAY;
  return lengthMs <= 300 * DAY ? DATE : MONTH;
}

/** A moment before now, as a person counts. */
function formatAgo(ms: number): string {
  if (ms === 0) return 'now';
  return ms % MINUTE === 0 ? `−${ms / MINUTE} min` : `−${Math.round(ms / SECOND)} s`;
}
