import { flow, shorten } from '../board/flow.ts';
import { type LegendEntry, type PlotPart, partsOf } from './panel-parts.ts';

/** Pixels of the picture for each of the page: sharp on any screen and on paper, however coarse the screen at hand. */
const SCALE = 2;
/** Who sends a small one wants it seen large; in pixels of the page. */
const SMALL_SCALE = 3;
const SMALL_WIDTH = 480;
const PAD = 16;
const GAP = 10;
const LINE = 18;
const SWATCH = 12;
const RAMP = 48;
const LEAST_WIDTH = 320;
/** What browsers draw without trouble, in pixels of the picture. */
const MAX_SIDE = 16_000;
const MAX_PIXELS = 16_000_000;

/** What a picture says that the panel does not. */
export interface PictureFacts {
  readonly heading: string;
  /** The machine's name. */
  readonly host: string;
  /** The span of time, in words. */
  readonly span: string;
}

interface Look {
  readonly paper: string;
  readonly ink: string;
  readonly muted: string;
  readonly font: string;
}

interface Drawn extends PlotPart {
  readonly width: number;
  readonly height: number;
  readonly places: ReturnType<typeof flow>;
}

/** Whether there is something of a panel that a picture can be made of. */
export const hasPicture = (panel: HTMLElement): boolean => partsOf(panel).plots.length > 0;

/**
 * A panel as a PNG: its heading, the machine and the span of time, its plots and their legends with the values of this
 * moment, on its own colours. Drawn and not photographed: no markup, and nothing that a content policy forbids.
 */
export async function toPicture(panel: HTMLElement, { heading, host, span }: PictureFacts): Promise<Blob> {
  const { plots } = partsOf(panel);
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (!context || plots.length === 0) throw new Error('there is no chart to make a picture of');
  const look = lookOf(plots[0] as PlotPart, panel);
  const width = Math.max(LEAST_WIDTH, ...plots.map((plot) => plot.canvas.clientWidth));

  context.font = `12px ${look.font}`;
  const widthOf = (text: string) => context.measureText(text).width;
  const drawn = plots.map((plot): Drawn => {
    const legend = plot.legend.map((entry) => ({ ...entry, label: shorten(entry.label, width / 2, widthOf) }));
    const places = flow(
      legend.map((entry) => widthOfEntry(entry, widthOf)),
      width,
      16,
    );
    return { ...plot, legend, places, width: plot.canvas.clientWidth, height: plot.canvas.clientHeight };
  });
  const height = PAD * 2 + 44 + drawn.reduce((sum, plot) => sum + heightOf(plot), 0);
  const scale = scaleOf(width + PAD * 2, height);
  // Setting these forgets all that was set before.
  canvas.width = Math.ceil((width + PAD * 2) * scale);
  canvas.height = Math.ceil(height * scale);
  context.scale(scale, scale);
  context.fillStyle = look.paper;
  context.fillRect(0, 0, width + PAD * 2, height);
  context.textBaseline = 'middle';
  context.imageSmoothingQuality = 'high';
  context.translate(PAD, PAD);

  const write = (text: string, x: number, y: number, color: string) => {
    context.fillStyle = color;
    context.fillText(text, x, y);
  };
  context.font = `600 15px ${look.font}`;
  write(shorten(heading, width, widthOf), 0, 10, look.ink);
  context.font = `12px ${look.font}`;
  write(shorten(`${host} · ${span}`, width, widthOf), 0, 30, look.muted);
  let y = 44;
  for (const plot of drawn) {
    // Nothing is painted in between, so nobody sees it.
    const { host } = plot.canvas.getRootNode() as Node & { readonly host?: Plotter };
    host?.drawAt?.(scale);
    drawPlot(context, plot, y, look, write);
    host?.drawAt?.();
    y += heightOf(plot);
  }
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))), 'image/png');
  });
}

/** What draws a plot, and draws it as finely as it is told to: without a number, as the screen does. */
interface Plotter extends Element {
  drawAt?(ratio?: number): void;
}

function scaleOf(width: number, height: number): number {
  const wanted = Math.max(width < SMALL_WIDTH ? SMALL_SCALE : SCALE, devicePixelRatio);
  return Math.min(wanted, MAX_SIDE / Math.max(width, height), Math.sqrt(MAX_PIXELS / (width * height)));
}

const swatchOf = ({ ramp }: LegendEntry) => (ramp ? RAMP : SWATCH);

const widthOfEntry = (entry: LegendEntry, widthOf: (text: string) => number) =>
  swatchOf(entry) + 6 + widthOf(`${entry.label}  ${entry.value}`);

const headOf = ({ heading }: Drawn) => (heading === '' ? 0 : LINE + 4);

const heightOf = (plot: Drawn) =>
  headOf(plot) + plot.height + 6 + (plot.legend.length === 0 ? 0 : ((plot.places.at(-1)?.line ?? 0) + 1) * LINE) + GAP;

function drawPlot(
  context: CanvasRenderingContext2D,
  plot: Drawn,
  top: number,
  look: Look,
  write: (text: string, x: number, y: number, color: string) => void,
): void {
  if (plot.heading !== '') write(plot.heading, 0, top + LINE / 2, look.ink);
  const y = top + headOf(plot);
  context.drawImage(plot.canvas, 0, y, plot.width, plot.height);
  for (const [i, entry] of plot.legend.entries()) {
    const { label, value, color, dashed, ramp } = entry;
    const swatch = swatchOf(entry);
    const { x, line } = plot.places[i] ?? { x: 0, line: 0 };
    const middle = y + plot.height + 6 + line * LINE + LINE / 2;
    const depth = context.createLinearGradient(x, 0, x + swatch, 0);
    depth.addColorStop(0, ramp ? look.paper : color);
    depth.addColorStop(1, color);
    context.strokeStyle = depth;
    context.lineWidth = ramp ? 8 : 3;
    context.setLineDash(dashed ? [3, 1.5] : []);
    context.beginPath();
    context.moveTo(x, middle);
    context.lineTo(x + swatch, middle);
    context.stroke();
    write(label, x + swatch + 6, middle, look.muted);
    write(value, x + swatch + 6 + context.measureText(`${label}  `).width, middle, look.ink);
  }
}

/** Colours as a plot has them resolved for its own canvas (see `palette.ts`), else those of the panel. */
function lookOf({ canvas }: PlotPart, panel: HTMLElement): Look {
  const palette = canvas.parentElement?.querySelector('.palette');
  const style = getComputedStyle(palette ?? panel);
  const font = style.fontFamily || 'sans-serif';
  if (palette) return { paper: style.stroke, ink: style.textDecorationColor, muted: style.color, font };
  return {
    paper: getComputedStyle(document.documentElement).backgroundColor,
    ink: style.color,
    muted: style.color,
    font,
  };
}
