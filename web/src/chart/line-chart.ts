import type { Unit } from '@telltale/shared';
import { Chart, LinearScale, type Plugin } from 'chart.js';
import { AxisTop, formatTick } from './axis.ts';
import { largest, type Points, stack } from './columns.ts';
import { drawBefore, drawLines, drawStack, type Projection } from './draw-lines.ts';
import { drawMarks, drawTimeAxis, timeAt } from './draw-time.ts';
import { canWait, type Frame, NOTHING } from './frame.ts';
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

/**
 * Lines over time. Chart.js lays out the axes, draws them and watches the size; the lines are drawn from columns by a
 * plugin, because its own elements cost several times the drawing, and so are the marks of the time axis, which move on
 * with the time. What stands still is kept as a picture: a tick is that picture and the lines, `draw()` comes only when a
 * mark moves, and `update()` when the value axis changes. Chart.js itself is made for the first frame: it lays out and
 * draws while it is made, and would do both again for a top that it did not know then.
 */
export class LineChart {
  readonly #canvas: HTMLCanvasElement;
  #chart: Chart | null = null;
  readonly #options: LineChartOptions;
  #top: AxisTop;
  #frame = NOTHING;
  #sums: readonly Points[] = [];
  /** Axes and grid, in the canvas' own pixels. */
  readonly #backdrop = document.createElement('canvas');
  /** What the marks of the time axis were in there; `null` before there is such a picture. */
  #marks: string | null = null;
  #drawn = false;

  constructor(canvas: HTMLCanvasElement, options: LineChartOptions) {
    this.#canvas = canvas;
    this.#options = options;
    this.#top = new AxisTop(options.unit);
  }

  draw(frame: Frame): void {
    const { max, stacked, unit, factor } = this.#options;
    const before = this.#frame;
    if (this.#chart && canWait(frame, before, this.#pixels(this.#chart))) return;
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
    const chart = this.#chart;
    if (!chart) {
      this.#make(top);
      return;
    }
    const y = chart.options.scales?.['y'];
    if (y && y.max !== top) {
      y.max = top;
      chart.update('none');
    } else if (this.#marksOf(chart, frame) === this.#marks) this.#tick(chart);
    else chart.draw();
  }

  /** The moment under a pixel of the canvas, or `null` beside the plot. */
  timeAt(x: number): number | null {
    return this.#chart && timeAt({ ...this.#frame, ...this.#chart.chartArea }, x);
  }

  /** Draws it again with so many pixels for each of the page, as a picture of it needs; with none, as the screen does. */
  drawAt(ratio = 0): void {
    if (!this.#chart) return;
    this.#chart.options.devicePixelRatio = ratio;
    this.#chart.resize();
  }

  destroy(): void {
    this.#chart?.destroy();
  }

  /** The plugin keeps what is made, as it draws before there is an answer. */
  #make(top: number): void {
    const { theme, unit } = this.#options;
    const font = { family: theme.fontFamily, size: theme.fontSize };
    const ticks = { color: theme.ink, font, maxRotation: 0, padding: 6 };
    const grid = { color: theme.grid, drawTicks: false };
    new Chart(this.#canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [this.#painter()],
      options: {
        animation: false,
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
            max: top,
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

  #painter(): Plugin<'line'> {
    return {
      id: 'telltale',
      beforeInit: (chart) => {
        this.#chart = chart;
      },
      afterDraw: (chart) => {
        const { ctx, canvas } = chart;
        ctx.save();
        drawTimeAxis(ctx, this.#projection(chart), this.#options.theme, this.#frame);
        ctx.restore();
        // The first frame is waited for: the picture is taken with the second.
        if (this.#drawn) {
          this.#marks = this.#marksOf(chart, this.#frame);
          this.#backdrop.width = canvas.width;
          this.#backdrop.height = canvas.height;
          this.#backdrop.getContext('2d')?.drawImage(canvas, 0, 0);
        }
        this.#drawn = true;
        this.#paint(chart);
      },
    };
  }

  /** The picture of what stands still, and the lines. */
  #tick(chart: Chart): void {
    const { ctx, canvas } = chart;
    ctx.save();
    ctx.resetTransform();
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    ctx.drawImage(this.#backdrop, 0, 0);
    ctx.restore();
    this.#paint(chart);
  }

  /** The width of the plot, in the canvas' own pixels. */
  #pixels({ chartArea, currentDevicePixelRatio }: Chart): number {
    return (chartArea.right - chartArea.left) * currentDevicePixelRatio;
  }

  #projection({ chartArea, scales }: Chart): Projection {
    const { left, right, top, bottom } = chartArea;
    const { from, to } = this.#frame;
    return { left, right, top, bottom, from, to, max: (scales['y']?.max ?? 1) / this.#options.factor };
  }

  #paint(chart: Chart): void {
    const { ctx } = chart;
    const { lines, before, cursor, selection } = this.#frame;
    const { stacked, theme } = this.#options;
    const p = this.#projection(chart);
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
  #marksOf({ chartArea }: Chart, { from, to, live, clock }: Frame): string {
    const { left = 0, right = 0 } = chartArea ?? {};
    const width = right - left;
    return timeTicks(from, to, live, width, clock)
      .map(({ at, text }) => `${text} ${Math.round(((at - from) * width) / (to - from))}`)
      .join();
  }
}
