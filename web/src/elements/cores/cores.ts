import { formatText } from '@telltale/shared';
import { css, html, type TemplateResult } from 'lit';
import { query } from 'lit/decorators.js';
import { HeatMap, NO_POINTS, valueAt } from '../../chart/index.ts';
import { isLive, type Needs, pagePreferences, pageWindow } from '../../client/index.ts';
import { cardTemplate } from '../base/card.ts';
import { CursorController } from '../base/cursor-controller.ts';
import { formatMoment, formatSpan, isDated } from '../base/moment.ts';
import { Palette, paletteStyles } from '../base/palette.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';
import { KEY_HELP, TimeGestures } from '../base/time-gestures.ts';
import { chartStyles } from '../chart/chart.styles.ts';

const SERIES = 'cpu.cores.usage:*';
/** A row of this height is read at ease; with many cores they share what there is. */
const ROW_PX = 18;
const MIN_PX = 90;
const MAX_PX = 420;

/**
 * Each core over time, a row for each: the deeper its colour the more of it is used.
 *
 * @element telltale-cores
 * @slot heading - The title.
 * @slot - Something to add at the end.
 * @fires telltale-point - Somebody pointed at an instant, or let go of it.
 * @fires telltale-span - Somebody zoomed, moved, stopped or went on.
 * @csspart base - The whole.
 * @csspart heading - The title.
 * @csspart plot - The heat map itself.
 * @csspart notice - What there is to say when values are missing or old.
 * @cssproperty --telltale-cores-height - Height of the plot. Defaults to what the number of cores asks for.
 */
export class TelltaleCores extends TelltaleElement {
  static override styles = [
    theme,
    paletteStyles,
    chartStyles,
    css`
      .plot {
        height: var(--telltale-cores-height, var(--_height, 90px));
      }
      canvas {
        height: 100%;
        width: 100%;
      }
      .scale {
        align-items: center;
        display: flex;
        font-size: 12px;
        gap: 6px;
      }
      .ramp {
        background: linear-gradient(to right, color-mix(in oklab, var(--_series-1) 6%, transparent), var(--_series-1));
        border-radius: 2px;
        forced-color-adjust: none;
        height: 8px;
        width: 80px;
      }
    `,
  ];

  #map: HeatMap | null = null;
  #mapTheme: unknown = null;
  readonly #palette = new Palette(this, () => this.requestUpdate());
  readonly #gestures = new TimeGestures(
    this,
    {
      timeAt: (x) => this.#map?.timeAt(x) ?? null,
      edges: () => this.data.source?.edges ?? null,
      stepMs: () => this.#rows()[0]?.points.stepMs ?? 1_000,
    },
    () => this.requestUpdate(),
  );

  @query('canvas') private readonly canvas!: HTMLCanvasElement | null;
  @query('.plot') private readonly plot!: HTMLElement | null;

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
    this.#dropMap();
  }

  override needs(): Needs {
    return { metrics: ['cpu'], series: [SERIES] };
  }

  override render(): TemplateResult {
    const { source } = this.data;
    const cpu = source?.latest('cpu') ?? null;
    const { cursor } = pageWindow;
    const rows = this.#rows();
    const values = rows.map(({ label, points }, i) => {
      const value = cursor === null ? (cpu?.cores[i]?.usage ?? null) : valueAt(points, cursor);
      return `${label} ${formatText(value, 'percent')}`;
    });
    const clock = cursor === null ? '' : formatMoment(cursor, !!source && isDated(source.span), true);
    const span = source ? `, ${formatSpan(source.span)}` : '';
    const gestures = this.#gestures;
    const body = html`
      <div
        part="plot"
        class="plot"
        role="group"
        aria-roledescription="heat map"
        aria-describedby="keys"
        tabindex="0"
        aria-label="Cores${span}. ${clock || 'Now'}: ${values.join(', ')}"
        @pointermove=${gestures.move}
        @pointerdown=${gestures.down}
        @pointerup=${gestures.up}
        @pointercancel=${gestures.drop}
        @pointerleave=${gestures.leave}
        @dblclick=${gestures.reset}
        @keydown=${gestures.key}
        @keyup=${gestures.keyUp}
        @blur=${gestures.blur}
      >
        <canvas></canvas>
        <i class="palette"></i>
        ${rows.length === 0 ? html`<span class="note">Waiting for the first samples</span>` : ''}
        ${clock === '' ? '' : html`<span class="at">${[clock, ...values.slice(0, 8)].join('  ')}</span>`}
      </div>
      <span id="keys" hidden>${KEY_HELP}</span>
      <span class="spoken" aria-live="polite"
        >${gestures.by === 'keyboard' && clock !== '' ? `${clock}: ${values.join(', ')}` : ''}</span
      >
      <div class="scale muted" aria-hidden="true">0 % <span class="ramp"></span> 100 %</div>
    `;
    const used = cpu?.cores.filter(({ usage }) => (usage ?? 0) >= 50).length ?? null;
    const aside =
      used === null ? '' : html`<span class="muted">${used} of ${cpu?.cores.length} more than half used</span>`;
    return cardTemplate(this.data, 'cpu', aside, body, 'Cores');
  }

  override updated(): void {
    const { source } = this.data;
    if (!this.data.visible || !this.canvas || !source) return;
    const rows = this.#rows();
    const height = Math.min(MAX_PX, Math.max(MIN_PX, rows.length * ROW_PX + 24));
    this.plot?.style.setProperty('--_height', `${height}px`);
    const look = this.#palette.theme;
    if (look !== this.#mapTheme) this.#dropMap();
    this.#mapTheme = look;
    this.#map ??= new HeatMap(this.canvas, look);
    this.#map.draw({
      rows,
      max: 100,
      ...source.edges,
      live: isLive(source.span),
      clock: pagePreferences.choices.clock,
      cursor: pageWindow.cursor,
      selection: this.#gestures.selection,
    });
  }

  /** @internal Draws the map as finely as a picture of it needs; without a number, as the screen does. */
  drawAt(ratio?: number): void {
    this.#map?.drawAt(ratio);
  }

  #dropMap(): void {
    this.#map?.destroy();
    this.#map = null;
  }

  #rows() {
    const { source } = this.data;
    const points = new Map((source?.names(SERIES) ?? []).map((name) => [name, source?.points(name) ?? NO_POINTS]));
    return [...points].map(([name, each]) => ({ label: name.slice(SERIES.length - 1), points: each }));
  }
}
