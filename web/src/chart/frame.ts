import { SYSTEM_CLOCK } from '@telltale/shared';
import type { ChartLine } from './columns.ts';
import type { Range, TimeLook } from './draw-time.ts';

/** What a chart shows at one moment. */
export interface Frame extends Range, TimeLook {
  readonly lines: readonly ChartLine[];
  /** What to compare them with: lines of another period, moved onto this one. Empty where nobody compares. */
  readonly before: readonly ChartLine[];
  /** Where the cursor stands, epoch ms. */
  readonly cursor: number | null;
  /** What is being marked. */
  readonly selection: Range | null;
}

export const NOTHING: Frame = {
  ...{ lines: [], before: [], from: 0, to: 1, live: true, clock: SYSTEM_CLOCK, cursor: null, selection: null },
};

/** The newest value is drawn no later than with the second of the ticks that come once a second. */
const LONGEST_MS = 1_500;

/** All that is seen of a frame but its time and the last of its points. That history has come shows in how many there are. */
const lookOf = ({ cursor, selection, lines, before, from, to }: Frame): string =>
  JSON.stringify([
    ...[cursor, selection, to - from],
    ...[...lines, ...before].map((line) => ({ ...line, points: [line.points.stepMs, line.points.times.length >> 3] })),
  ]);

/** Whether nothing but time has passed since, and so little that nothing would move by one of so many pixels. */
export function canWait(next: Frame, drawn: Frame, pixels: number): boolean {
  const passed = next.to - drawn.to;
  return (
    next.live &&
    passed >= 0 &&
    passed < LONGEST_MS &&
    passed * pixels < next.to - next.from &&
    next.clock === drawn.clock &&
    lookOf(next) === lookOf(drawn)
  );
}
