import { niceCeiling } from '@telltale/shared';
import { css, html, svg, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { pagePreferences } from '../../client/index.ts';
import { displayOf, displayText, scaled } from '../base/display.ts';
import { SeriesElement } from '../base/series-element.ts';
import { theme } from '../base/theme.ts';
import { valueTemplate } from '../base/value.ts';

/** Half a circle of this radius; its length is what the dashes are measured in. */
const RADIUS = 44;
const LENGTH = Math.PI * RADIUS;
const ARC = `M ${50 - RADIUS} 50 A ${RADIUS} ${RADIUS} 0 0 1 ${50 + RADIUS} 50`;

/**
 * One number on a scale, as the needle of an instrument shows it.
 *
 * @element telltale-gauge
 * @attr max - The end of the scale, in the series' own unit, as `attention` is. Defaults to what the series can be at most, else to a round number above what it was.
 * @attr attention - From here on the number deserves a look, and its colour says so. Defaults to nowhere.
 * @csspart base - The whole.
 * @csspart label - What it is called.
 * @csspart value - The number with its symbol.
 */
export class TelltaleGauge extends SeriesElement {
  static override styles = [
    theme,
    css`
      .base {
        display: grid;
        justify-items: center;
        max-width: 220px;
        text-align: center;
      }
      svg {
        forced-color-adjust: none;
        overflow: visible;
        width: 100%;
      }
      path {
        fill: none;
        stroke-linecap: butt;
        stroke-width: 9;
      }
      .track {
        stroke: var(--_rule);
      }
      .fill {
        stroke: var(--_series-1);
      }
      .attention {
        stroke: var(--_signal);
      }
      .value {
        margin-top: -1.1em;
      }
      .label {
        font-size: 12px;
        margin-top: 4px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  #most = 0;

  @property({ type: Number }) max: number | null = null;
  @property({ type: Number }) attention: number | null = null;

  override render(): TemplateResult {
    const series = this.parsed;
    if (series instanceof Error) return html`<p class="muted">${series.message}</p>`;
    const { definition } = series.meta;
    const display = displayOf(series, pagePreferences.choices);
    const { value } = this;
    const label = this.labelOf(series);
    this.#most = Math.max(this.#most, value ?? 0);
    const max = this.max ?? series.meta.max ?? niceCeiling(this.#most * display.factor, display.unit) / display.factor;
    const share = Math.min(1, Math.max(0, (value ?? 0) / max));
    const drawsAttention = this.attention !== null && value !== null && value >= this.attention;
    return html`
      <div part="base" class="base ${this.data.stale ? 'stale' : ''}" title=${definition}>
        <meter
          class="spoken"
          aria-label=${label}
          max=${max}
          value=${value ?? 0}
          aria-valuetext=${value === null ? 'not known' : displayText(value, display)}
        ></meter>
        <svg viewBox="0 0 100 54" aria-hidden="true">
          ${svg`<path class="track" d=${ARC}></path>
          <path
            class=${drawsAttention ? 'attention' : 'fill'}
            d=${ARC}
            stroke-dasharray="${share * LENGTH} ${LENGTH}"
          ></path>`}
        </svg>
        <span part="value" class="value" aria-hidden="true">${valueTemplate(scaled(value, display), display.unit)}</span>
        <span part="label" class="label muted" aria-hidden="true">${label}</span>
      </div>
    `;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('series')) this.#most = 0;
  }
}
