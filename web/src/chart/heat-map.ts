import type { Points } from './columns.ts';
import { drawMarks, drawTimeAxis, type Range, type TimeLook, type TimeProjection, timeAt } from './draw-time.ts';
import type { ChartTheme } from './theme.ts';

/** What a heat map shows at one moment. */
export interface HeatFrame extends Range, TimeLook {
  /** From top to bottom. */
  readonly rows: readonly { readonly label: string; readonly points: Points }[];
  /** The value of the deepest colour. */
  readonly max: number;
  readonly cursor: number | null;
  readonly selection: Range | null;
}

/** Narrower columns than this would not be seen apart, in pixels. */
const COLUMN_PX = 2;
const LABEL_PX = 13;
const GUTTER = 5.6;

/**
 * The largest value of each column of a row, `NaN` where nothing was recorded: what burns for a moment must not be
 * averaged away by what is beside it. `into` is filled, one place for each column.
 */
export function toColumns({ times, values, high, stepMs }: Points, { from, to }: Range, into: Float64Array): void {
  into.fill(Number.NaN);
  const columnMs = (to - from) / into.length;
  const source = high ?? values;
  for (let i = times.length - 1; i >= 0; i--) {
    const middle = times[i] as number;
    if (middle + stepMs / 2 < from) break;
    const value = source[i] as number;
    if (Number.isNaN(value)) continue;
    const first = Math.max(0, Math.floor((middle - stepMs / 2 - from) / columnMs));
    const last = Math.min(into.length - 1, Math.ceil((middle + stepMs / 2 - from) / columnMs) - 1);
    for (let c = first; c <= last; c++) {
      const before = into[c] as number;
      into[c] = Number.isNaN(before) ? value : Math.max(before, value);
    }
  }
}

/** Rows over time, the deeper the colour the larger the value. */
export class HeatMap {
  readonly #canvas: HTMLCanvasElement;
  readonly #theme: ChartTheme;
  readonly #resize: ResizeObserver;
  /** A pixel for each column and row; the browser stretches it. */
  readonly #tile = document.createElement('canvas');
  #frame: HeatFrame | null = null;
  #columns = new Float64Array();

  constructor(canvas: HTMLCanvasElement, theme: ChartTheme) {
    this.#canvas = canvas;
    this.#theme = theme;
    this.#resize = new ResizeObserver(() => {
      if (this.#frame) this.draw(this.#frame);
    });
    this.#resize.observe(canvas);
  }

  draw(frame: HeatFrame, ratio = devicePixelRatio): void {
    this.#frame = frame;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const ctx = this.#canvas.getContext('2d');
    if (!ctx || width === 0 || height === 0) return;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== w || this.#canvas.height !== h) {
      this.#canvas.width = w;
      this.#canvas.height = h;
    }
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    const p = this.#projection();
    if (!p) return;
    this.#drawRows(ctx, p, frame);
    this.#drawLabels(ctx, p, frame);
    drawTimeAxis(ctx, p, this.#theme, frame);
    drawMarks(ctx, p, this.#theme, frame.cursor, frame.selection);
  }

  timeAt(x: number): number | null {
    const p = this.#projection();
    return p && timeAt(p, x);
  }

  /** Draws it again with so many pixels for each of the page, as a picture of it needs; without a number, as the screen does. */
  drawAt(ratio?: number): void {
    if (this.#frame) this.draw(this.#frame, ratio);
  }

  destroy(): void {
    this.#resize.disconnect();
  }

  #projection(): TimeProjection | null {
    if (!this.#frame) return null;
    const { clientWidth, clientHeight } = this.#canvas;
    const { fontSize } = this.#theme;
    const { from, to } = this.#frame;
    const right = clientWidth - 2;
    return { left: fontSize * GUTTER, right, top: 2, bottom: clientHeight - fontSize * 1.8, from, to };
  }

  #drawRows(ctx: CanvasRenderingContext2D, { left, right, top, bottom }: TimeProjection, frame: HeatFrame): void {
    const { rows, max } = frame;
    const count = Math.max(1, Math.floor((right - left) / COLUMN_PX));
    if (rows.length === 0) return;
    if (this.#columns.length !== count) this.#columns = new Float64Array(count);
    const [width, height] = [count, rows.length];
    if (this.#tile.width !== width) this.#tile.width = width;
    if (this.#tile.height !== height) this.#tile.height = height;
    const tile = this.#tile.getContext('2d');
    if (!tile) return;
    // The colour by the browser, which knows every way of writing one; how deep it is by its alpha.
    tile.globalCompositeOperation = 'source-over';
    const image = tile.createImageData(width, height);
    rows.forEach(({ points }, y) => {
      toColumns(points, frame, this.#columns);
      for (let x = 0; x < width; x++) {
        const value = this.#columns[x] as number;
        // The least that was recorded is still told apart from nothing.
        const share = Number.isNaN(value) ? 0 : 0.06 + 0.94 * Math.min(1, value / max);
        image.data[4 * (y * width + x) + 3] = 255 * share;
      }
    });
    tile.putImageData(image, 0, 0);
    tile.globalCompositeOperation = 'source-in';
    tile.fillStyle = this.#theme.series;
    tile.fillRect(0, 0, width, height);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(this.#tile, left, top, right - left, bottom - top);
    const rowPx = (bottom - top) / rows.length;
    if (rowPx < 4) return;
    ctx.fillStyle = this.#theme.paper;
    for (let y = 1; y < rows.length; y++) ctx.fillRect(left, Math.round(top + y * rowPx) - 0.5, right - left, 1);
  }

  /** As many as there is room for, each at its row. */
  #drawLabels(ctx: CanvasRenderingContext2D, { left, top, bottom }: TimeProjection, { rows }: HeatFrame): void {
    const { fontSize, fontFamily, ink } = this.#theme;
    const rowPx = (bottom - top) / rows.length;
    const every = Math.max(1, Math.ceil(LABEL_PX / rowPx));
    ctx.font = `${fontSize}px ${fontFamily}`;
    ctx.textAlign = 'right';
    ctx.textBaseline = 'middle';
    ctx.fillStyle = ink;
    for (let y = 0; y < rows.length; y += every) {
      ctx.fillText(rows[y]?.label ?? '', left - 6, top + (y + 0.5) * rowPx, left - 8);
    }
  }
}
