import type { Unit } from '@telltale/shared';
import { Chart, LinearScale, type Plugin } from 'chart.js';
import { AxisTop, formatAgo, formatTick } from './axis.ts';
import { type ChartLine, largest, type Points, stack } from './columns.ts';
import { drawLines, drawStack } from './draw-lines.ts';

Chart.register(LinearScale);

/** Below this many pixels the time axis has room for its ends only. */
const NARROW = 420;

/** Colours and type, read from the page's own style. */
export interface ChartTheme {
  readonly ink: string;
  readonly grid: string;
  readonly fontFamily: string;
  readonly fontSize: number;
}

export interface LineChartOptions {
  readonly unit: Unit;
  readonly stacked: boolean;
  readonly windowMs: number;
  /** The top of the value axis, or `null` to follow the data. */
  readonly max: number | null;
  readonly theme: ChartTheme;
}

/** What a chart shows at one moment. */
export interface Frame {
  readonly lines: readonly ChartLine[];
  /** The right edge, epoch ms. */
  readonly now: number;
  /** Points further apart than this are not joined. */
  readonly breakMs: number;
  /** Where the cursor stands, epoch ms. */
  readonly cursor: number | null;
}

/**
 * Lines over time. Chart.js lays out the axes and watches the size; the lines are drawn from columns by a plugin,
 * because its own elements cost several times the drawing. A tick is one `draw()`; `update()` comes only when an axis
 * changes, and the time axis counts back from now, so it never does.
 */
export class LineChart {
  readonly #chart: Chart;
  readonly #options: LineChartOptions;
  readonly #top: AxisTop;
  #frame: Frame = { lines: [], now: 0, breakMs: 1, cursor: null };
  #sums: readonly Points[] = [];

  constructor(canvas: HTMLCanvasElement, options: LineChartOptions) {
    this.#options = options;
    this.#top = new AxisTop(options.unit);
    const { theme, windowMs, unit, max } = options;
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
            min: -windowMs,
            max: 0,
            grid: { ...grid, display: false },
            border: { color: theme.grid },
            ticks: {
              ...ticks,
              stepSize: windowMs / 5,
              align: 'inner',
              autoSkip: false,
              callback(value) {
                // Where there is little room, the ends alone tell as much.
                const crowded = this.chart.width < NARROW && Number(value) !== 0 && Number(value) !== -windowMs;
                return crowded ? null : formatAgo(-Number(value));
              },
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
    const { max, stacked, windowMs } = this.#options;
    this.#frame = frame;
    const rows = frame.lines.map(({ points }) => points);
    this.#sums = stacked ? stack(rows) : [];
    const top =
      max ?? this.#top.follow(largest(stacked ? this.#sums.slice(-1) : rows, frame.now - windowMs), frame.now);
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
    const { left, right } = this.#chart.chartArea;
    if (x < left || x > right) return null;
    return this.#frame.now - this.#options.windowMs * (1 - (x - left) / (right - left));
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #painter(): Plugin<'line'> {
    return {
      id: 'telltale',
      afterDraw: ({ ctx, chartArea: { left, right, top, bottom }, scales }) => {
        const { lines, now, breakMs, cursor } = this.#frame;
        const { windowMs, stacked, theme } = this.#options;
        const p = { left, right, top, bottom, from: now - windowMs, to: now, max: scales['y']?.max ?? 1 };
        ctx.save();
        ctx.beginPath();
        ctx.rect(left, top - 2, right - left, bottom - top + 2);
        ctx.clip();
        ctx.lineJoin = 'round';
        if (stacked)
          drawStack(
            ctx,
            p,
            lines.map(({ color }) => color),
            this.#sums,
            breakMs,
          );
        else drawLines(ctx, p, lines, breakMs);
        if (cursor !== null) {
          const x = left + ((cursor - p.from) * (right - left)) / windowMs;
          ctx.fillStyle = theme.ink;
          ctx.fillRect(Math.round(x), top, 1, bottom - top);
        }
        ctx.restore();
      },
    };
  }
}
