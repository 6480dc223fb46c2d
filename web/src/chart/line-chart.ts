import { SYSTEM_CLOCK, type Unit } from '@telltale/shared';
import { Chart, LinearScale, type Plugin } from 'chart.js';
import { AxisTop, formatTick } from './axis.ts';
import { type ChartLine, largest, type Points, stack } from './columns.ts';
import { drawBefore, drawLines, drawStack, type Projection } from './draw-lines.ts';
import { drawMarks, drawTimeAxis, type Range, type TimeLook, timeAt } from './draw-time.ts';
import type { ChartTheme } from './theme.ts';
import { timeTicks } from './time-axis.ts';

Chart.register(LinearScale);

export interface LineChartOptions {
  /** What the value axis is written in, and how many of that are one of the lines' own unit. */
  readonly unit: Unit;
  readonly factor: number;
  readonly stacked: boolean;
  /** The top of the value axis, or `null` to follow the data; in the lines' own unit. */
  readonly max: number | null;
  readonly theme: ChartTheme;
}

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

const NOTHING: Frame = {
  ...{ lines: [], before: [], from: 0, to: 1, live: true, clock: SYSTEM_CLOCK, cursor: null, selection: null },
};

/**
 * Lines over time. Chart.js lays out the axes, draws them and watches the size; the lines are drawn from columns by a
 * plugin, because its own elements cost several times the drawing, and so are the marks of the time axis, which move on
 * with the time. What stands still is kept as a picture: a tick is that picture and the lines, `draw()` comes only when a
 * mark moves, and `update()` when the value axis changes.
 */
export class LineChart {
  readonly #chart: Chart;
  readonly #options: LineChartOptions;
  #top: AxisTop;
  #frame = NOTHING;
  #sums: readonly Points[] = [];
  /** Axes and grid, in the canvas' own pixels. */
  readonly #backdrop = document.createElement('canvas');
  /** What the marks of the time axis were in there. */
  #marks = '';

  constructor(canvas: HTMLCanvasElement, options: LineChartOptions) {
    this.#options = options;
    this.#top = new AxisTop(options.unit);
    const { theme, unit, factor, max } = options;
    const font = { family: theme.fontFamily, size: theme.fontSize };
    const ticks = { color: theme.ink, font, maxRotation: 0, padding: 6 };
    const grid = { color: theme.grid, drawTicks: false };
    this.#chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [this.#painter()],
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 6, right: 2 } },
        scales: {
          x: {
            type: 'linear',
            grid: { display: false },
            border: { color: theme.grid },
            // Labels of its own, though nobody sees them, would load the number formats of the language: 50 ms for the first.
            ticks: { display: false, callback: () => '' },
            // Only the room: the marks are drawn with the lines.
            afterFit: (scale) => {
              scale.height = theme.fontSize * 1.8;
            },
          },
          y: {
            type: 'linear',
            min: 0,
            max: max === null ? 1 : max * factor,
            grid,
            border: { display: false },
            // A fixed width keeps the charts of a page in line, and from moving when the numbers change.
            afterFit: (scale) => {
              scale.width = theme.fontSize * 5.6;
            },
            ticks: { ...ticks, count: 3, callback: (value) => formatTick(Number(value), unit) },
          },
        },
      },
    });
  }

  draw(frame: Frame): void {
    const { max, stacked, unit, factor } = this.#options;
    const before = this.#frame;
    this.#frame = frame;
    const rows = frame.lines.map(({ points }) => points);
    this.#sums = stacked ? stack(rows) : [];
    // What another window was as tall as says nothing of this one.
    const compares = frame.before.length > 0;
    const other = frame.to - frame.from !== before.to - before.from || compares !== before.before.length > 0;
    if (!frame.live || other) this.#top = new AxisTop(unit);
    const drawn = stacked ? this.#sums.slice(-1) : rows;
    const tall = compares ? [...drawn, ...frame.before.map(({ points }) => points)] : drawn;
    const most = largest(tall, frame.from, frame.to);
    const top = max === null ? this.#top.follow(most * factor, frame.to) : max * factor;
    const y = this.#chart.options.scales?.['y'];
    if (y && y.max !== top) {
      y.max = top;
      this.#chart.update('none');
    } else if (this.#marksOf(frame) === this.#marks) this.#tick();
    else this.#chart.draw();
  }

  /** The moment under a pixel of the canvas, or `null` beside the plot. */
  timeAt(x: number): number | null {
    return timeAt({ ...this.#frame, ...this.#chart.chartArea }, x);
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #painter(): Plugin<'line'> {
    return {
      id: 'telltale',
      afterDraw: ({ ctx, canvas }) => {
        // Chart.js draws while it is made, when there is nothing to be shown yet.
        if (this.#frame === NOTHING) return;
        ctx.save();
        drawTimeAxis(ctx, this.#projection(), this.#options.theme, this.#frame);
        ctx.restore();
        this.#marks = this.#marksOf(this.#frame);
        this.#backdrop.width = canvas.width;
        this.#backdrop.height = canvas.height;
        this.#backdrop.getContext('2d')?.drawImage(canvas, 0, 0);
        this.#paint();
      },
    };
  }

  /** The picture of what stands still, and the lines. */
  #tick(): void {
    const { ctx, canvas } = this.#chart;
    ctx.save();
    ctx.resetTransform();
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    ctx.drawImage(this.#backdrop, 0, 0);
    ctx.restore();
    this.#paint();
  }

  #projection(): Projection {
    const { left, right, top, bottom } = this.#chart.chartArea;
    const { from, to } = this.#frame;
    return { left, right, top, bottom, from, to, max: (this.#chart.scales['y']?.max ?? 1) / this.#options.factor };
  }

  #paint(): void {
    const { ctx } = this.#chart;
    const { lines, before, cursor, selection } = this.#frame;
    const { stacked, theme } = this.#options;
    const p = this.#projection();
    ctx.save();
    ctx.beginPath();
    // In whole pixels: an edge within one makes a mask of every line.
    const [left, top] = [Math.floor(p.left), Math.floor(p.top) - 2];
    ctx.rect(left, top, Math.ceil(p.right) - left, Math.ceil(p.bottom) - top);
    ctx.clip();
    ctx.lineJoin = 'bevel';
    // Layers are no lines that something could stand behind.
    if (!stacked) drawBefore(ctx, p, before);
    if (stacked) drawStack(ctx, p, lines, this.#sums);
    else drawLines(ctx, p, lines);
    if (stacked) drawBefore(ctx, p, before);
    drawMarks(ctx, p, theme, cursor, selection);
    ctx.restore();
  }

  /** The marks of the time axis in words: as long as these are the same, none has moved by a pixel. */
  #marksOf({ from, to, live, clock }: Frame): string {
    const { left = 0, right = 0 } = this.#chart.chartArea ?? {};
    const width = right - left;
    return timeTicks(from, to, live, width, clock)
      .map(({ at, text }) => `${text} ${Math.round(((at - from) * width) / (to - from))}`)
      .join();
  }
}
