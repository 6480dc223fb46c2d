import type { Clock } from '@telltale/shared';
import type { ChartTheme } from './theme.ts';
import { timeTicks } from './time-axis.ts';

/** Where time goes: the pixels of the plot and the times of its edges, epoch ms. */
export interface TimeProjection {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly from: number;
  readonly to: number;
}

/** A range of time, epoch ms. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** How the marks of a time axis are written. */
export interface TimeLook {
  /** Whether the right edge is now. */
  readonly live: boolean;
  readonly clock: Clock;
}

const SELECTION_ALPHA = 0.16;

const xAt = ({ left, right, from, to }: TimeProjection, at: number): number =>
  left + ((at - from) * (right - left)) / (to - from);

/** The moment under a pixel, or `null` beside the plot. */
export function timeAt({ left, right, from, to }: TimeProjection, x: number): number | null {
  return x < left || x > right ? null : from + ((to - from) * (x - left)) / (right - left);
}

/** Draws the marks of the time axis; those at its ends stay within it. */
export function drawTimeAxis(
  ctx: CanvasRenderingContext2D,
  p: TimeProjection,
  { fontSize, fontFamily, grid, ink }: ChartTheme,
  { live, clock }: TimeLook,
): void {
  const { left, right, bottom } = p;
  ctx.font = `${fontSize}px ${fontFamily}`;
  ctx.textBaseline = 'top';
  ctx.textAlign = 'center';
  for (const { at, text } of timeTicks(p.from, p.to, live, right - left, clock)) {
    const x = xAt(p, at);
    const half = ctx.measureText(text).width / 2;
    ctx.fillStyle = grid;
    ctx.fillRect(Math.round(Math.min(x, right - 1)), bottom, 1, 4);
    ctx.fillStyle = ink;
    ctx.fillText(text, Math.min(Math.max(x, left + half), right - half), bottom + 6);
  }
}

/** Draws the instant that all charts mark, and the range that is being marked. */
export function drawMarks(
  ctx: CanvasRenderingContext2D,
  p: TimeProjection,
  { ink, strong }: ChartTheme,
  cursor: number | null,
  selection: Range | null,
): void {
  const { top, bottom, from, to } = p;
  if (selection) {
    const [left, right] = [xAt(p, Math.max(from, selection.from)), xAt(p, Math.min(to, selection.to))];
    ctx.globalAlpha = SELECTION_ALPHA;
    ctx.fillStyle = strong;
    ctx.fillRect(left, top, right - left, bottom - top);
    ctx.globalAlpha = 1;
  }
  if (cursor === null || cursor < from || cursor > to) return;
  ctx.fillStyle = ink;
  ctx.fillRect(Math.round(xAt(p, cursor)), top, 1, bottom - top);
}
