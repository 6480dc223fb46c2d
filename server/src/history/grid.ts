/** The widths that steps can have, in ms: few, so that the same range asked twice falls on the same grid. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LADDER = [
  ...[100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12, 24, 48, 168].map((hours) => hours * HOUR),
];
const WEEK = 168 * HOUR;

/** A dense row of steps. Step `i` covers the time after `end - stepMs` up to and with `end = firstEnd + i * stepMs`. */
export interface Grid {
  readonly stepMs: number;
  readonly firstEnd: number;
  readonly length: number;
}

function gridOf(from: number, to: number, stepMs: number): Grid {
  const firstEnd = Math.floor(from / stepMs) * stepMs + stepMs;
  const lastEnd = Math.ceil(to / stepMs) * stepMs;
  return { stepMs, firstEnd, length: Math.max(0, Math.round((lastEnd - firstEnd) / stepMs) + 1) };
}

/** The finest grid of the ladder, not finer than `paceMs`, that covers `(from, to]` in at most `points` steps. */
export function chooseGrid(from: number, to: number, points: number, paceMs: number): Grid {
  for (const stepMs of LADDER) {
    const grid = gridOf(from, to, stepMs);
    if (stepMs >= paceMs && grid.length <= points) return grid;
  }
  // Beyond the ladder: whole weeks.
  return gridOf(from, to, Math.ceil((to - from) / Math.max(1, points - 1) / WEEK) * WEEK);
}

export function indexOf({ stepMs, firstEnd, length }: Grid, at: number): number | null {
  const index = Math.ceil((at - firstEnd) / stepMs);
  return index >= 0 && index < length ? index : null;
}

export function timesOf({ stepMs, firstEnd, length }: Grid): number[] {
  return Array.from({ length }, (_, i) => firstEnd + i * stepMs);
}
