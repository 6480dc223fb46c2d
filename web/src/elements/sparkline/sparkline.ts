import type { Series } from '@telltale/shared';
import { css, html, svg, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { eachStretch, NO_POINTS, type Points } from '../../chart/index.ts';
import { type Needs, pagePreferences } from '../../client/index.ts';
import { displayOf, displayText } from '../base/display.ts';
import { formatSpan } from '../base/moment.ts';
import { SeriesElement } from '../base/series-element.ts';
import { theme } from '../base/theme.ts';

const WIDTH = 100;
const HEIGHT = 24;

/**
 * A line the size of a word: one series over what the page shows of the past.
 *
 * @element telltale-sparkline
 * @attr max - The top. Defaults to the largest of what is shown.
 * @csspart base - The whole.
 * @cssproperty --telltale-sparkline-height - Its height. Defaults to 24px.
 */
export class TelltaleSparkline extends SeriesElement {
  static override styles = [
    theme,
    css`
      svg {
        display: block;
        forced-color-adjust: none;
        height: var(--telltale-sparkline-height, 24px);
        overflow: visible;
        width: 100%;
      }
      path {
        fill: none;
        stroke: var(--_series-1);
        stroke-linejoin: round;
        stroke-width: 1.5px;
        vector-effect: non-scaling-stroke;
      }
      .stale {
        opacity: 0.5;
      }
    `,
  ];

  @property({ type: Number }) max: number | null = null;

  override needs(): Needs {
    return { metrics: [], series: this.parsed instanceof Error ? [] : [this.series] };
  }

  override render(): TemplateResult {
    const series = this.parsed;
    if (series instanceof Error) return html`<p class="muted">${series.message}</p>`;
    const { source, stale } = this.data;
    const points = source?.points(this.series) ?? NO_POINTS;
    const { from, to } = source?.edges ?? { from: 0, to: 1 };
    return html`<svg
      part="base"
      class=${stale ? 'stale' : ''}
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      preserveAspectRatio="none"
      role="img"
      aria-label=${this.#description(series, points)}
    >
      ${svg`<path d=${pathOf(points, from, to, this.max ?? largestOf(points))}></path>`}
    </svg>`;
  }

  #description(series: Series, points: Points): string {
    const display = displayOf(series, pagePreferences.choices);
    const span = this.data.source ? `, ${formatSpan(this.data.source.span)}` : '';
    const known = points.values.filter((value) => !Number.isNaN(value));
    const head = `${this.labelOf(series)}${span}`;
    if (known.length === 0) return `${head}: no data`;
    const [least, most] = [Math.min(...known), Math.max(...known)].map((value) => displayText(value, display));
    return `${head}: now ${displayText(this.value, display)}, between ${least} and ${most}`;
  }
}

const largestOf = ({ values }: Points): number => values.reduce((most, value) => Math.max(most, value || 0), 1e-9);

function pathOf(points: Points, from: number, to: number, max: number): string {
  const { times, values } = points;
  let path = '';
  eachStretch(points, from, (first, last) => {
    for (let i = first; i <= last; i++) {
      const x = (((times[i] as number) - from) * WIDTH) / (to - from);
      const y = HEIGHT - (Math.min(max, values[i] as number) * (HEIGHT - 2)) / max - 1;
      path += `${i === first ? 'M' : 'L'}${x.toFixed(2)} ${y.toFixed(2)}`;
    }
    if (first === last) path += 'h0.5';
  });
  return path;
}
