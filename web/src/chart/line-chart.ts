import type { Unit } from '@telltale/shared';
import { Chart, LinearScale, type Plugin } from 'chart.js';
import { AxisTop, formatTick } from './axis.ts';
import { type ChartLine, largest, type Points, stack } from './columns.ts';
import { drawLines, drawStack } from './draw-lines.ts';
import { drawMarks, drawTimeAxis, type Range, timeAt } from './draw-time.ts';
import type { ChartTheme } from './theme.ts';

Chart.register(LinearScale);

export interface LineChartOptions {
  readonly unit: Unit;
  readonly stacked: boolean;
  /** The top of the value axis, or `null` to follow the data. */
  readonly max: number | null;
  readonly theme: ChartTheme;
}

/** What a chart shows at one moment. */
export interface Frame extends Range {
  readonly lines: readonly ChartLine[];
  /** Whether the right edge is now. */
  readonly live: boolean;
  /** Where the cursor stands, epoch ms. */
  readonly cursor: number | null;
  /** What is being marked. */
  readonly selection: Range | null;
}

const NOTHING: Frame = { lines: [], from: 0, to: 1, live: true, cursor: null, selection: null };

/**
 * Lines over time. Chart.js lays out the axes and watches the size; the lines are drawn from columns by a plugin,
 * because its own elements cost several times the drawing, and so are the marks of the time axis, which move on with
 * the time. A tick is one `draw()`; `update()` comes only when the value axis changes.
 */
export class LineChart {
  readonly #chart: Chart;
  readonly #options: LineChartOptions;
  #top: AxisTop;
  #frame = NOTHING;
  #sums: readonly Points[] = [];

  constructor(canvas: HTMLCanvasElement, options: LineChartOptions) {
    this.#options = options;
    this.#top = new AxisTop(options.unit);
    const { theme, unit, max } = options;
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
            ticks: { display: false },
            // Only the room: the marks are drawn with the lines.
            afterFit: (scale) => {
              scale.height = theme.fontSize * 1.8;
            },
          },
          y: {
            type: 'linear',
            min: 0,
            max: max ?? 1,
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
    const { max, stacked, unit } = this.#options;
    const before = this.#frame;
    this.#frame = frame;
    const rows = frame.lines.map(({ points }) => points);
    this.#sums = stacked ? stack(rows) : [];
    // What another window was as tall as says nothing of this one.
    if (!frame.live || frame.to - frame.from !== before.to - before.from) this.#top = new AxisTop(unit);
    const most = largest(stacked ? this.#sums.slice(-1) : rows, frame.from, frame.to);
    const top = max ?? this.#top.follow(most, frame.to);
    const y = this.#chart.options.scales?.['y'];
    if (y && y.max !== top) {
      y.max = top;
      this.#chart.update('none');
    } else {
      this.#chart.draw();
    }
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
      afterDraw: ({ ctx, chartArea: { left, right, top, bottom }, scales }) => {
        const { lines, from, to, live, cursor, selection } = this.#frame;
        const { stacked, theme } = this.#options;
        const p = { left, right, top, bottom, from, to, max: scales['y']?.max ?? 1 };
        ctx.save();
        drawTimeAxis(ctx, p, theme, live);
        ctx.beginPath();
        ctx.rect(left, top - 2, right - left, bottom - top + 2);
        ctx.clip();
        ctx.lineJoin = 'round';
        if (stacked) {
          const colors = lines.map(({ color }) => color);
          drawStack(ctx, p, colors, this.#sums);
        } else drawLines(ctx, p, lines);
        drawMarks(ctx, p, theme, cursor, selection);
        ctx.restore();
      },
    };
  }
}
