import { metrics, parseSeries, type Unit } from '@telltale/shared';
import { css, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Needs } from '../../client/index.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';
import { valueTemplate } from '../base/value.ts';

/**
 * One number, large.
 *
 * @element telltale-stat
 * @attr series - What to show, like `cpu.usage`. Defaults to `cpu.usage`.
 * @attr label - What to call it. Defaults to the titles of the metric and the series.
 * @slot - Something small below the number.
 * @csspart base - The whole.
 * @csspart label - What it is called.
 * @csspart value - The number with its symbol.
 */
export class TelltaleStat extends TelltaleElement {
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

  @property() series = 'cpu.usage';
  @property() label: string | null = null;

  override needs(): Needs {
    const series = parseSeries(this.series);
    return { metrics: series instanceof Error ? [] : [series.metric], series: [] };
  }

  override render(): TemplateResult {
    const series = parseSeries(this.series);
    if (series instanceof Error) return html`<p class="muted">${series.message}</p>`;
    const value = this.data.source?.value(this.series) ?? null;
    const unit: Unit = series.meta.unit;
    return html`
      <div part="base" class="base ${this.data.stale ? 'stale' : ''}" title=${series.meta.definition}>
        <span part="label" class="label muted">${this.label ?? `${metrics[series.metric].title}: ${series.meta.title}`}</span>
        <span part="value" class="value">${valueTemplate(value, unit)}</span>
        <span class="below"><slot>${nothing}</slot></span>
      </div>
    `;
  }
}
