import { formatText, parseSeries, type Series } from '@telltale/shared';
import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { type ChartLine, type ChartTheme, LineChart, NO_POINTS, valueAt } from '../../chart/index.ts';
import { type Needs, WINDOW_MS } from '../../client/index.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';
import { HUES, type LegendItem, legendStyles, legendTemplate } from './legend.ts';

/** Beyond this many paces without a point there is a gap, and no line across it. */
const BREAK_PACES = 2.5;
/** More lines than this cannot be told apart. */
const MAX_LINES = 32;
const DASH = [5, 4];

interface Line extends ChartLine {
  readonly name: string;
  readonly label: string;
  readonly definition: string;
  readonly hue: number;
}

/**
 * Series over the last five minutes. Without a `series` it shows `cpu.usage`.
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
  static override styles = [
    theme,
    legendStyles,
    css`
      .base {
        display: grid;
        gap: 8px;
        margin: 0;
      }
      .plot {
        border-radius: 3px;
        height: var(--telltale-chart-height, 150px);
        min-width: 0;
        position: relative;
        touch-action: pan-y;
      }
      .plot:focus-visible {
        outline: 2px solid var(--_series-1);
        outline-offset: 2px;
      }
      canvas {
        display: block;
      }
      .stale canvas {
        opacity: 0.5;
      }
      .note,
      .at {
        color: var(--_muted);
        font-size: 12px;
        pointer-events: none;
        position: absolute;
      }
      .spoken {
        clip-path: inset(50%);
        height: 1px;
        overflow: hidden;
        position: absolute;
        width: 1px;
      }
      .note {
        inset: 0;
        display: grid;
        place-content: center;
        text-align: center;
      }
      .at {
        background: var(--_paper);
        border-radius: 3px;
        padding: 0 4px;
        right: 4px;
        top: 4px;
      }
    `,
  ];

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
    const lines = this.#lines();
    const unit = (parseSeries(this.#names[0] as string) as Series).meta.unit;
    const items = this.#legendItems(lines);
    const summary = items.map(({ label, value }) => `${label} ${formatText(value, unit)}`).join(', ');
    const empty = lines.every(({ points }) => points.times.length === 0);
    return html`
      <figure part="base" class="base ${this.data.stale ? 'stale' : ''}">
        ${this.heading === '' ? '' : html`<figcaption part="heading"><h2>${this.heading}</h2></figcaption>`}
        <div
          part="plot"
          class="plot"
          role="group"
          aria-roledescription="chart"
          tabindex="0"
          aria-label="${this.label || this.heading || 'Chart'}, last five minutes. Now: ${summary}"
          @pointermove=${this.#onPointer}
          @pointerdown=${this.#onPointer}
          @pointerleave=${this.#onPointerLeave}
          @keydown=${this.#onKey}
          @blur=${this.#clearCursor}
        >
          <canvas></canvas>
          ${empty ? html`<span class="note">${this.#emptyNote()}</span>` : ''}
          ${this.cursor === null ? '' : html`<span class="at">${formatClock(this.cursor)}</span>`}
        </div>
        <span class="spoken" aria-live="polite">
          ${this.byKeyboard && this.cursor !== null ? `${formatClock(this.cursor)}: ${summary}` : ''}
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
      windowMs: WINDOW_MS,
      max: this.max ?? max,
      theme: this.#theme(),
    });
    this.#chart.draw({
      lines: this.#lines(),
      now: source.now ?? Date.now(),
      breakMs: this.#breakMs(series),
      cursor: this.cursor,
    });
  }

  #breakMs(series: Series): number {
    return BREAK_PACES * (this.data.source?.paceOf(series.metric) ?? 1_000);
  }

  /** The lines of every series, members of a list each on its own. */
  #lines(): Line[] {
    const { source } = this.data;
    const swatches = this.renderRoot.querySelectorAll('.swatch');
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
        // A canvas cannot resolve custom properties: the legend's own swatch has done it.
        color: swatches[i] ? getComputedStyle(swatches[i]).color : 'gray',
        points: source?.points(name) ?? NO_POINTS,
      }));
  }

  #legendItems(lines: readonly Line[]): LegendItem[] {
    const reach = this.data.source ? BREAK_PACES * 1_000 : 0;
    return lines.map(({ name, label, definition, hue, dash, points }) => {
      const newest = points.values.at(-1) ?? Number.NaN;
      const value = this.cursor === null ? newest : (valueAt(points, this.cursor, reach) ?? Number.NaN);
      return { name, label, definition, hue, dashed: dash.length > 0, value: Number.isNaN(value) ? null : value };
    });
  }

  #emptyNote(): string {
    const { state } = this.data.status;
    if (state === 'closed' || state === 'retrying') return 'No data: not connected';
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
    const now = this.data.source?.now ?? Date.now();
    const step = event.key === 'ArrowLeft' ? -1_000 : event.key === 'ArrowRight' ? 1_000 : 0;
    this.byKeyboard = true;
    if (event.key === 'Escape') this.cursor = null;
    else if (event.key === 'Home') this.cursor = now - WINDOW_MS;
    else if (event.key === 'End') this.cursor = now;
    else if (step === 0) return;
    else
      this.cursor = Math.min(now, Math.max(now - WINDOW_MS, (this.cursor ?? now) + step * (event.shiftKey ? 10 : 1)));
    event.preventDefault();
  }
}

/** A member is known by its name; with several fields of it, by both. */
function labelOf(series: Series, name: string): string {
  const parsed = parseSeries(name);
  if (parsed instanceof Error || parsed.instance === null) return series.meta.title;
  return parsed.instance;
}

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const formatClock = (at: number) => clockFormat.format(at);
