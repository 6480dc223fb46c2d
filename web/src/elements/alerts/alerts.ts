import { css, html, type TemplateResult } from 'lit';
import type { Needs } from '../../client/index.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';

/**
 * What deserves attention. This server raises no alerts: the list says so, rather than that all is well.
 *
 * @element telltale-alerts
 * @slot heading - The title.
 * @csspart base - The whole.
 * @csspart heading - The title.
 * @csspart empty - What there is to say when there are none.
 */
export class TelltaleAlerts extends TelltaleElement {
  static override styles = [
    theme,
    css`
      p {
        margin: 0;
      }
    `,
  ];

  override needs(): Needs {
    return { metrics: [], series: [] };
  }

  override render(): TemplateResult {
    return html`
      <section part="base" class="card" aria-label="Alerts">
        <h2 part="heading"><slot name="heading">Alerts</slot></h2>
        <p part="empty" class="muted">No alerts: none are defined.</p>
      </section>
    `;
  }
}
