import { formatText, parseSeries, type Series } from '@telltale/shared';
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { type ChartLine, type ChartTheme, LineChart, NO_POINTS, type Points, valueAt } from '../../chart/index.ts';
import { isLive, type Needs } from '../../client/index.ts';
import { formatMoment, formatSpan, historyNote, isDated } from '../base/moment.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';
import { chartStyles } from './chart.styles.ts';
import { HUES, type LegendItem, legendStyles, legendTemplate } from './legend.ts';

/** A note on history is written into the part of a plot that is empty: it needs that much of it. */
const NOTE_SHARE = 0.4;
/** More lines than this cannot be told apart. */
const MAX_LINES = 32;
const DASH = [5, 4];

interface Line extends Omit<ChartLine, 'color'> {
  readonly name: string;
  readonly label: string;
  readonly definition: string;
  readonly hue: number;
}

/**
 * Series over what the page shows of the past, the last five minutes unless told otherwise. Without a `series` it shows
 * `cpu.usage`.
 *
 * @element telltale-chart
 * @attr series - One or more, separated by commas, like `cpu.load1,cpu.load5`; `:*` stands for every member of a list.
 * @attr heading - A title above the chart.
 * @attr label - What to call it where there is no heading to be seen. Defaults to the heading.
 * @attr stacked - Adds the series up.
 * @attr max - The top of the value axis. Defaults to following the data, or to 100 for shares.
 * @csspart base - The whole.
 * @csspart heading - The title.
 * @csspart plot - The chart itself.
 * @csspart legend - What each line is, with its value.
 * @cssproperty --telltale-chart-height - Height of the plot. Defaults to 150px.
 */
export class TelltaleChart extends TelltaleElement {
  static override styles = [theme, legendStyles, chartStyles];

  #chart: LineChart | null = null;
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');
  readonly #dropChart = () => {
    this.#chart?.destroy();
    this.#chart = null;
    this.requestUpdate();
  };

  @query('canvas') private readonly canvas!: HTMLCanvasElement | null;
  @state() private cursor: number | null = null;
  /** Whoever moves the cursor by keyboard may not see it: then its values are spoken. */
  @state() private byKeyboard = false;

  @property() series = 'cpu.usage';
  @property() heading = '';
  @property() label = '';
  @property({ type: Boolean }) stacked = false;
  @property({ type: Number }) max: number | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#scheme.addEventListener('change', this.#dropChart);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#scheme.removeEventListener('change', this.#dropChart);
    this.#dropChart();
  }

  override needs(): Needs {
    return { metrics: [], series: this.#names };
  }

  get #names(): readonly string[] {
    return this.series.split(',').map((name) => name.trim());
  }

  override willUpdate(changed: PropertyValues<this>): void {
    // What the chart was built from; everything else it takes with each frame.
    if (changed.has('series') || changed.has('stacked') || changed.has('max')) {
      this.#chart?.destroy();
      this.#chart = null;
    }
  }

  override render(): TemplateResult {
    const wrong = this.#names.map(parseSeries).find((series) => series instanceof Error);
    if (wrong instanceof Error) return html`<p class="muted">${wrong.message}</p>`;
    const { source, stale } = this.data;
    const lines = this.#lines();
    const unit = (parseSeries(this.#names[0] as string) as Series).meta.unit;
    const items = this.#legendItems(lines);
    const summary = items.map(({ label, value }) => `${label} ${formatText(value, unit)}`).join(', ');
    const empty = !lines.some(({ points }) => this.#inSight(points));
    const clock = this.cursor === null ? '' : this.#clock(this.cursor, lines);
    const live = !source || isLive(source.span);
    const span = source ? `, ${formatSpan(source.span)}` : '';
    return html`
      <figure part="base" class="base ${stale && live ? 'stale' : ''}">
        ${this.heading === '' ? '' : html`<figcaption part="heading"><h2>${this.heading}</h2></figcaption>`}
        <div
          part="plot"
          class="plot"
          role="group"
          aria-roledescription="chart"
          tabindex="0"
          aria-label="${this.label || this.heading || 'Chart'}${span}. ${live ? 'Now' : 'At its end'}: ${summary}"
          @pointermove=${this.#onPointer}
          @pointerdown=${this.#onPointer}
          @pointerleave=${this.#onPointerLeave}
          @keydown=${this.#onKey}
          @blur=${this.#clearCursor}
        >
          <canvas></canvas>
          ${empty ? html`<span class="note">${this.#emptyNote()}</span>` : ''}
          ${empty || !source ? '' : html`<span class="aside">${historyNote(source, NOTE_SHARE)}</span>`}
          ${clock === '' ? '' : html`<span class="at">${clock}</span>`}
        </div>
        <span class="spoken" aria-live="polite">
          ${this.byKeyboard && clock !== '' ? `${clock}: ${summary}` : ''}
        </span>
        ${legendTemplate(items, unit)}
      </figure>
    `;
  }

  override updated(): void {
    const { source } = this.data;
    const series = parseSeries(this.#names[0] ?? '');
    if (!this.canvas || !source || series instanceof Error) return;
    const { unit, max } = series.meta;
    this.#chart ??= new LineChart(this.canvas, {
      unit,
      stacked: this.stacked,
      max: this.max ?? max,
      theme: this.#theme(),
    });
    // A canvas cannot resolve custom properties: the legend's own swatches have done it.
    const swatches = this.renderRoot.querySelectorAll('.swatch');
    this.#chart.draw({
      lines: this.#lines().map((line, i) => ({
        ...line,
        color: swatches[i] ? getComputedStyle(swatches[i]).color : 'gray',
      })),
      ...source.edges,
      live: isLive(source.span),
      cursor: this.cursor,
    });
  }

  #inSight({ times }: Points): boolean {
    const { from = 0, to = 0 } = this.data.source?.edges ?? {};
    return times.length > 0 && (times[0] as number) <= to && (times.at(-1) as number) >= from;
  }

  #clock(at: number, lines: readonly Line[]): string {
    const { source } = this.data;
    return formatMoment(at, !!source && isDated(source.span), stepOf(lines) < 60_000);
  }

  /** The lines of every series, members of a list each on its own. */
  #lines(): Line[] {
    const { source } = this.data;
    return this.#names
      .flatMap((asked) => {
        const series = parseSeries(asked);
        if (series instanceof Error) return [];
        return (source?.names(asked) ?? []).map((name) => ({ series, name }));
      })
      .slice(0, MAX_LINES)
      .map(({ series, name }, i) => ({
        name,
        label: labelOf(series, name),
        definition: series.meta.definition,
        hue: (i % HUES) + 1,
        dash: i >= HUES ? DASH : [],
        points: source?.points(name) ?? NO_POINTS,
      }));
  }

  /** Each with its value under the cursor, or else at the right edge: the newest of all, where that is now. */
  #legendItems(lines: readonly Line[]): LegendItem[] {
    const { source } = this.data;
    return lines.map(({ name, label, definition, hue, dash, points }) => {
      const at = this.cursor ?? (source && !isLive(source.span) ? (points.times.at(-1) ?? null) : null);
      const value = at === null ? (source?.value(name) ?? null) : valueAt(points, at);
      return { name, label, definition, hue, dashed: dash.length > 0, value };
    });
  }

  #emptyNote(): string {
    const { source, status } = this.data;
    const live = !source || isLive(source.span);
    if (source?.history.state === 'loading') return 'Loading history';
    if (!live) return source.history.state === 'failed' ? historyNote(source, 1) : 'Nothing was recorded then';
    if (status.state === 'closed' || status.state === 'retrying') return 'No data: not connected';
    return 'Waiting for the first samples';
  }

  #theme(): ChartTheme {
    const style = getComputedStyle(this);
    const probe = (name: string) => {
      const element = document.createElement('i');
      element.style.color = `var(${name})`;
      this.renderRoot.append(element);
      const { color } = getComputedStyle(element);
      element.remove();
      return color;
    };
    return { ink: probe('--_muted'), grid: probe('--_rule'), fontFamily: style.fontFamily, fontSize: 11 };
  }

  #onPointer(event: PointerEvent): void {
    this.byKeyboard = false;
    this.cursor = this.#chart?.timeAt(event.offsetX) ?? null;
  }

  /** A finger covers what it points at: the mark stays when it is lifted. */
  #onPointerLeave(event: PointerEvent): void {
    if (event.pointerType !== 'touch') this.#clearCursor();
  }

  #clearCursor(): void {
    this.cursor = null;
  }

  /** Arrows walk through the points, Home and End go to the ends, Escape lets go. */
  #onKey(event: KeyboardEvent): void {
    const { source } = this.data;
    if (!source) return;
    const { from, to } = source.edges;
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    const by = step * stepOf(this.#lines()) * (event.shiftKey ? 10 : 1);
    this.byKeyboard = true;
    if (event.key === 'Escape') this.cursor = null;
    else if (event.key === 'Home') this.cursor = from;
    else if (event.key === 'End') this.cursor = to;
    else if (step === 0) return;
    else this.cursor = Math.min(to, Math.max(from, (this.cursor ?? to) + by));
    event.preventDefault();
  }
}

/** A member is known by its name; with several fields of it, by both. */
function labelOf(series: Series, name: string): string {
  const parsed = parseSeries(name);
  if (parsed instanceof Error || parsed.instance === null) return series.meta.title;
  return parsed.instance;
}

/** How far apart the points of a chart are. */
const stepOf = (lines: readonly Line[]): number =>
  lines.find(({ points }) => points.times.length > 0)?.points.stepMs ?? 1_000;
