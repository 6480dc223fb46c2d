import { breakOf, type ChartLine, type Points } from './columns.ts';
import type { TimeProjection } from './draw-time.ts';

/** Where points go: where time does, and the value at the top of the plot. */
export interface Projection extends TimeProjection {
  readonly max: number;
}

const FILL_ALPHA = 0.13;
const BAND_ALPHA = 0.2;
/** The bands of more lines than this would be one cloud. */
const MAX_BANDS = 4;
const STACK_ALPHA = 0.7;
/** How much is left of what steps back. */
const FAINT = 0.2;
const BEFORE_ALPHA = 0.6;
const BEFORE_DASH = [3, 3];

const xOf = (p: Projection, { times }: Points, i: number) =>
  p.left + (((times[i] as number) - p.from) * (p.right - p.left)) / (p.to - p.from);
const yOf = (p: Projection, column: Float64Array, i: number) =>
  p.bottom - ((column[i] as number) * (p.bottom - p.top)) / p.max;

/** Calls `run` with the first and last index of each unbroken stretch: no line is drawn across what is missing. */
export function eachStretch(points: Points, from: number, run: (first: number, last: number) => void): void {
  const { times, values } = points;
  const breakMs = breakOf(points);
  let start = -1;
  for (let i = 0; i < times.length; i++) {
    const missing = Number.isNaN(values[i] as number) || (times[i] as number) < from;
    const apart = start >= 0 && (times[i] as number) - (times[i - 1] as number) > breakMs;
    if (start >= 0 && (missing || apart)) {
      run(start, i - 1);
      start = -1;
    }
    if (!missing && start < 0) start = i;
  }
  if (start >= 0) run(start, times.length - 1);
}

/** Adds points to the path, forwards or, when `first` is behind `last`, backwards. */
function trace(
  ctx: CanvasRenderingContext2D,
  p: Projection,
  points: Points,
  first: number,
  last: number,
  column = points.values,
): void {
  const step = first <= last ? 1 : -1;
  for (let i = first; i !== last + step; i += step) ctx.lineTo(xOf(p, points, i), yOf(p, column, i));
}

/** Closes a path that ends at `last` down to the axis and back below `first`. */
function closeToAxis(ctx: CanvasRenderingContext2D, p: Projection, points: Points, first: number, last: number): void {
  ctx.lineTo(xOf(p, points, last), p.bottom);
  ctx.lineTo(xOf(p, points, first), p.bottom);
}

function fill(ctx: CanvasRenderingContext2D, alpha: number, faint = false): void {
  ctx.globalAlpha = faint ? alpha * FAINT : alpha;
  ctx.fill();
  ctx.globalAlpha = 1;
}

/** Draws what the values of a step lay between, below its line. */
function drawBand(ctx: CanvasRenderingContext2D, p: Projection, { points, color }: ChartLine): void {
  const { low, high } = points;
  if (!low || !high) return;
  ctx.fillStyle = color;
  eachStretch(points, p.from - points.stepMs, (first, last) => {
    ctx.beginPath();
    trace(ctx, p, points, first, last, high);
    trace(ctx, p, points, last, first, low);
    fill(ctx, BAND_ALPHA);
  });
}

/** Draws what lines were in another period, to go behind what they are. */
export function drawBefore(ctx: CanvasRenderingContext2D, p: Projection, lines: readonly ChartLine[]): void {
  if (lines.length === 0) return;
  ctx.lineWidth = 1;
  ctx.setLineDash(BEFORE_DASH);
  ctx.globalAlpha = BEFORE_ALPHA;
  for (const { points, color } of lines) {
    ctx.strokeStyle = color;
    eachStretch(points, p.from - points.stepMs, (first, last) => {
      ctx.beginPath();
      trace(ctx, p, points, first, last);
      ctx.stroke();
    });
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** Draws lines over each other, with a band of least and largest where they are averages; a single one is filled. */
export function drawLines(ctx: CanvasRenderingContext2D, p: Projection, lines: readonly ChartLine[]): void {
  if (lines.length <= MAX_BANDS) for (const line of lines) if (!line.faint) drawBand(ctx, p, line);
  // A hairline is drawn several times as fast as anything wider, where no graphics processor helps.
  ctx.lineWidth = 1;
  for (const { points, color, dash, faint } of lines) {
    ctx.globalAlpha = faint ? FAINT : 1;
    ctx.strokeStyle = color;
    ctx.fillStyle = color;
    ctx.setLineDash([...dash]);
    // A point just before the left edge leads the line in.
    eachStretch(points, p.from - points.stepMs, (first, last) => {
      ctx.beginPath();
      trace(ctx, p, points, first, last);
      ctx.stroke();
      // A lone point has no line to show for it.
      if (first === last) ctx.fillRect(xOf(p, points, first) - 1, yOf(p, points.values, first) - 1, 2, 2);
      if (lines.length > 1) return;
      closeToAxis(ctx, p, points, first, last);
      fill(ctx, FILL_ALPHA);
    });
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** Draws layers that were added up, each from the one below to itself. */
export function drawStack(
  ctx: CanvasRenderingContext2D,
  p: Projection,
  layers: readonly Pick<ChartLine, 'color' | 'faint'>[],
  sums: readonly Points[],
): void {
  sums.forEach((sum, layer) => {
    const below = sums[layer - 1];
    const { color = '', faint = false } = layers[layer] ?? {};
    ctx.fillStyle = color;
    eachStretch(sum, p.from - sum.stepMs, (first, last) => {
      ctx.beginPath();
      trace(ctx, p, sum, first, last);
      if (below) trace(ctx, p, below, last, first);
      else closeToAxis(ctx, p, sum, first, last);
      fill(ctx, STACK_ALPHA, faint);
    });
  });
}
