import type { Series } from '@telltale/shared';
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { type ChartLine, LineChart, NO_POINTS, type Points, valueAt } from '../../chart/index.ts';
import { isLive, type Needs, pagePreferences, pageWindow } from '../../client/index.ts';
import { CursorController } from '../base/cursor-controller.ts';
import { commonDisplay, type Display, displayText } from '../base/display.ts';
import { formatMoment, formatSpan, historyNote, isDated } from '../base/moment.ts';
import { Palette, paletteStyles } from '../base/palette.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';
import { KEY_HELP, TimeGestures } from '../base/time-gestures.ts';
import { chartStyles } from './chart.styles.ts';
import { type DataTable, dataTableStyles, dataTableTemplate, toTable } from './data-table.ts';
import { emptyNote } from './empty-note.ts';
import { type LegendItem, legendStyles, legendTemplate } from './legend.ts';
import { type Line, readSeries, stepOf, titleOf, toLines, valueAtCursor } from './lines.ts';
import { linesBefore, PeriodBefore } from './period-before.ts';
import { tooltipStyles, tooltipTemplate } from './tooltip.ts';

/** A note on history is written into the part of a plot that is empty: it needs that much of it. */
const NOTE_SHARE = 0.4;

const NO_LINES: readonly ChartLine[] = [];
// Some lines longer than most files: it is where gestures, lines, words and the drawing of one chart meet, and each of
// these is a file of its own already.

/** Words that change faster than this cannot be read; the lines go on with every event. */
const WORDS_MS = 450;

/**
 * Series over what the page shows of the past, the last five minutes unless told otherwise. Without a `series` it shows
 * `cpu.usage`. Whoever points at one chart marks the instant on all of the page; a drag zooms all of them. Shift, held
 * while a chart has the keyboard, shows the period just before behind the lines of all, dashed.
 *
 * @element telltale-chart
 * @attr series - One or more of one unit, separated by commas, like `cpu.load1,cpu.load5`; `:*` stands for every member of a list.
 * @attr heading - A title above the chart.
 * @attr label - What to call it where there is no heading to be seen. Defaults to the heading, else to the titles of the series.
 * @attr stacked - Adds the series up.
 * @attr max - The top of the value axis, in the series' own unit. Defaults to following the data, or to 100 for shares.
 * @fires telltale-point - Somebody pointed at an instant, or let go of it.
 * @fires telltale-span - Somebody zoomed, moved, stopped or went on.
 * @csspart base - The whole.
 * @csspart heading - The title.
 * @csspart plot - The chart itself.
 * @csspart tooltip - The values under the pointer.
 * @csspart legend - What each line is, with its value.
 * @csspart table - The same data as a table.
 * @cssproperty --telltale-chart-height - Height of the plot. Defaults to 150px.
 * @cssproperty --telltale-legend-size - Size of what is written below the plot. Defaults to 12px.
 * @cssproperty --telltale-legend-gap - Room between two of the legend. Defaults to 16px.
 * @cssproperty --telltale-legend-value - Least width of a value in it, so that nothing moves. Defaults to 4.5em.
 * @cssproperty --telltale-chart-table - `none` hides the way to the table.
 */
export class TelltaleChart extends TelltaleElement {
  static override styles = [theme, paletteStyles, legendStyles, tooltipStyles, dataTableStyles, chartStyles];

  #chart: LineChart | null = null;
  readonly #palette = new Palette(this, () => {
    this.requestUpdate();
    this.performUpdate();
  });
  #chartTheme: unknown = null;
  #chartUnit: Display['unit'] | null = null;
  #lines: readonly Line[] = [];
  #wordsAt = Number.NEGATIVE_INFINITY;
  /** While somebody compares. */
  #before: PeriodBefore | null = null;
  /** What the table compares with. */
  #tabled: unknown = null;
  readonly #gestures = new TimeGestures(
    this,
    {
      timeAt: (x) => this.#chart?.timeAt(x) ?? null,
      edges: () => this.data.source?.edges ?? null,
      stepMs: () => stepOf(this.#lines),
    },
    () => this.requestUpdate(),
  );

  @query('canvas') private readonly canvas!: HTMLCanvasElement | null;
  @state() private hiddenLines: ReadonlySet<string> = new Set();
  @state() private table: DataTable | null = null;
  /** The line that somebody points at in the legend. */
  @state() private pointed: string | null = null;

  @property() series = 'cpu.usage';
  @property() heading = '';
  @property() label = '';
  @property({ type: Boolean }) stacked = false;
  @property({ type: Number }) max: number | null = null;

  constructor() {
    super();
    new CursorController(this, this.data.update);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#palette.watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#palette.unwatch();
    this.#gestures.blur();
    this.#endComparing();
    this.#dropChart();
  }

  override needs(): Needs {
    return { metrics: [], series: this.series.split(',').map((name) => name.trim()) };
  }

  override willUpdate(changed: PropertyValues<this>): void {
    // What the chart was built from; everything else it takes with each frame.
    if (changed.has('series') || changed.has('stacked') || changed.has('max')) this.#dropChart();
    if (changed.has('series')) {
      this.hiddenLines = new Set();
      this.table = null;
      this.pointed = null;
    }
    this.#compare();
    if (this.table !== null && this.#tabled !== (this.#before?.lines ?? null)) this.table = this.#toTable();
  }

  override render(): TemplateResult {
    const asked = readSeries(this.series);
    if (asked instanceof Error) return html`<p part="base" class="muted">${asked.message}</p>`;
    const { source, stale } = this.data;
    this.#wordsAt = performance.now();
    this.#lines = toLines(this.series, asked, source);
    const display = commonDisplay(asked, pagePreferences.choices);
    const items = this.#items();
    const compared = this.#before !== null;
    const values = items
      .filter(({ hidden }) => !hidden)
      .map(({ label, value, before }) => {
        const was = compared ? `, before ${displayText(before, display)}` : '';
        return `${label} ${displayText(value, display)}${was}`;
      });
    const summary = values.join(', ');
    const empty = !this.#lines.some(({ points }) => this.#inSight(points));
    const clock = pageWindow.cursor === null ? '' : this.#clock(pageWindow.cursor);
    const live = !source || isLive(source.span);
    const span = source ? `, ${formatSpan(source.span)}` : '';
    const name = this.#name(asked);
    const { by } = this.#gestures;
    return html`
      <figure part="base" class="base ${stale && live ? 'stale' : ''}">
        ${this.heading === '' ? '' : html`<figcaption part="heading"><h2>${this.heading}</h2></figcaption>`}
        <div
          part="plot"
          class="plot"
          role="group"
          aria-roledescription="chart"
          aria-describedby="keys"
          tabindex="0"
          aria-label="${name}${span}. ${live ? 'Now' : 'At its end'}: ${summary}"
          @pointermove=${this.#gestures.move}
          @pointerdown=${this.#gestures.down}
          @pointerup=${this.#gestures.up}
          @pointercancel=${this.#gestures.drop}
          @pointerleave=${this.#gestures.leave}
          @dblclick=${this.#gestures.reset}
          @keydown=${this.#gestures.key}
          @keyup=${this.#gestures.keyUp}
          @blur=${this.#gestures.blur}
        >
          <canvas></canvas>
          <i class="palette"></i>
          ${empty ? html`<span class="note">${emptyNote(this.data, asked)}</span>` : ''}
          ${empty || !source ? '' : html`<span class="aside">${historyNote(source, NOTE_SHARE)}</span>`}
          ${clock === '' || by === 'pointer' ? '' : html`<span class="at">${clock}</span>`}
          ${clock === '' || by !== 'pointer' || empty ? '' : tooltipTemplate(items, display, clock, this.#farSide(), compared)}
        </div>
        <span id="keys" hidden>${KEY_HELP}</span>
        <span class="spoken" aria-live="polite">${by === 'keyboard' && clock !== '' ? `${clock}: ${summary}` : ''}</span>
        ${legendTemplate(items, display, this.#toggleLine, this.#pointAt, this.#before?.words ?? '')}
        ${dataTableTemplate(this.table, (open) => {
          this.table = open ? this.#toTable() : null;
        })}
      </figure>
    `;
  }

  /** Answers whether the news needs no other words yet. */
  override takeNews(): boolean {
    if (performance.now() - this.#wordsAt >= WORDS_MS) return false;
    // That there is nothing to draw is said in words.
    if (!this.#chart && this.#lines.every(({ points }) => points.times.length === 0)) return false;
    const asked = readSeries(this.series);
    if (asked instanceof Error) return false;
    this.#lines = toLines(this.series, asked, this.data.source);
    this.#compare();
    this.#draw();
    return true;
  }

  override updated(): void {
    this.#draw();
  }

  /** @internal Draws the plot as finely as a picture of it needs; without a number, as the screen does. */
  drawAt(ratio?: number): void {
    this.#chart?.drawAt(ratio);
  }

  #draw(): void {
    const { source, visible } = this.data;
    const asked = readSeries(this.series);
    if (!visible || !this.canvas || !source || asked instanceof Error) return;
    // Making one is what costs most; while all that there is to say is that it loads, there is no hurry.
    const waits = source.history.state === 'loading' || source.status.state === 'connecting';
    if (!this.#chart && waits && this.#lines.every(({ points }) => points.times.length === 0)) return;
    const { max } = (asked[0] as Series).meta;
    const display = commonDisplay(asked, pagePreferences.choices);
    const look = this.#palette.theme;
    if (look !== this.#chartTheme || display.unit !== this.#chartUnit) this.#dropChart();
    this.#chartTheme = look;
    this.#chartUnit = display.unit;
    this.#chart ??= new LineChart(this.canvas, {
      ...display,
      stacked: this.stacked,
      max: this.max ?? max,
      theme: look,
    });
    const shown = this.#lines.filter(({ name }) => !this.hiddenLines.has(name));
    this.#chart.draw({
      lines: shown.map((line) => ({
        ...line,
        color: this.#palette.color(line.hue),
        faint: this.pointed !== null && this.pointed !== line.name,
      })),
      before: this.#before ? linesBefore(this.#before, shown, this.pointed, this.#palette, this.stacked) : NO_LINES,
      ...source.edges,
      live: isLive(source.span),
      clock: pagePreferences.choices.clock,
      cursor: pageWindow.cursor,
      selection: this.#gestures.selection,
    });
  }

  /** Asks for the period before while somebody compares, as far as this can be seen; costs nothing while nobody does. */
  #compare(): void {
    if (!pageWindow.comparing) {
      this.#endComparing();
      return;
    }
    const { source, visible } = this.data;
    if (!source || !visible || readSeries(this.series) instanceof Error) return;
    this.#before ??= new PeriodBefore(() => this.requestUpdate());
    this.#before.follow(source, this.needs().series);
  }

  #endComparing(): void {
    this.#before?.stop();
    this.#before = null;
  }

  #name(asked: readonly Series[]): string {
    return this.label || this.heading || titleOf(asked);
  }

  #toTable(): DataTable | null {
    const { source } = this.data;
    const asked = readSeries(this.series);
    if (!source || asked instanceof Error) return null;
    this.#tabled = this.#before?.lines ?? null;
    const caption = `${this.#name(asked)}, ${formatSpan(source.span)}`;
    const display = commonDisplay(asked, pagePreferences.choices);
    return toTable(this.#lines, source.edges, display, caption, this.#before?.lines ?? null);
  }

  #dropChart(): void {
    this.#chart?.destroy();
    this.#chart = null;
  }

  #items(): LegendItem[] {
    const { source } = this.data;
    const at = pageWindow.cursor ?? source?.edges.to ?? 0;
    return this.#lines.map((line) => ({
      ...line,
      before: valueAt(this.#before?.lines.get(line.name) ?? NO_POINTS, at),
      value: valueAtCursor(line, pageWindow.cursor, source),
      hidden: this.hiddenLines.has(line.name),
    }));
  }

  readonly #toggleLine = (name: string) => {
    const hidden = new Set(this.hiddenLines);
    if (!hidden.delete(name)) hidden.add(name);
    this.hiddenLines = hidden;
  };

  readonly #pointAt = (name: string | null) => {
    this.pointed = name;
  };

  #inSight({ times }: Points): boolean {
    const { from = 0, to = 0 } = this.data.source?.edges ?? {};
    return times.length > 0 && (times[0] as number) <= to && (times.at(-1) as number) >= from;
  }

  #clock(at: number): string {
    const { source } = this.data;
    return formatMoment(at, !!source && isDated(source.span), stepOf(this.#lines) < 60_000);
  }

  /** Where the pointer is not. */
  #farSide(): 'left' | 'right' {
    const { from, to } = this.data.source?.edges ?? { from: 0, to: 1 };
    return ((pageWindow.cursor ?? from) - from) / (to - from) > 0.5 ? 'left' : 'right';
  }
}
