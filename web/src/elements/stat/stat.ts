import { css, html, nothing, type TemplateResult } from 'lit';
import { pagePreferences } from '../../client/index.ts';
import { displayOf, scaled } from '../base/display.ts';
import { SeriesElement } from '../base/series-element.ts';
import { theme } from '../base/theme.ts';
import { valueTemplate } from '../base/value.ts';

/**
 * One number, large.
 *
 * @element telltale-stat
 * @slot - Something small below the number.
 * @csspart base - The whole.
 * @csspart label - What it is called.
 * @csspart value - The number with its symbol.
 */
export class TelltaleStat extends SeriesElement {
  static override styles = [
    theme,
    css`
      .label {
        font-size: 12px;
      }
      .below {
        color: var(--_muted);
        font-size: 12px;
        min-height: 1.4em;
      }
      .base {
        display: grid;
        gap: 2px;
      }
    `,
  ];

  override render(): TemplateResult {
    const series = this.parsed;
    if (series instanceof Error) return html`<p class="muted">${series.message}</p>`;
    const { definition } = series.meta;
    const display = displayOf(series, pagePreferences.choices);
    return html`
      <div part="base" class="base ${this.data.stale ? 'stale' : ''}" title=${definition}>
        <span part="label" class="label muted">${this.labelOf(series)}</span>
        <span part="value" class="value">${valueTemplate(scaled(this.value, display), display.unit)}</span>
        <span class="below"><slot>${nothing}</slot></span>
      </div>
    `;
  }
}
