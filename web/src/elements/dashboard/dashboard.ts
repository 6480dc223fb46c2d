import { css, html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Needs } from '../../client/index.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';

/** What draws the dashboard, once it is there. */
const OVERVIEW = 'telltale-overview';

/**
 * Everything about one machine on one page. It is large, so it is loaded when the first one is used.
 *
 * @element telltale-dashboard
 * @attr page - That it is the page: its title says how the machine is doing, and its address what the charts show.
 * @slot banner - Above everything.
 * @slot tools - Beside how the connection is doing.
 */
export class TelltaleDashboard extends TelltaleElement {
  static override styles = [
    theme,
    css`
      p {
        padding: 24px;
        text-align: center;
      }
    `,
  ];

  /** Defines what draws it. Set by the module that knows where that is. */
  static load: () => Promise<unknown> = () => Promise.reject(new Error('nothing says where the dashboard is'));

  @state() private problem: string | null = null;

  @property({ type: Boolean }) page = false;

  override connectedCallback(): void {
    super.connectedCallback();
    if (customElements.get(OVERVIEW)) return;
    TelltaleDashboard.load().then(
      () => this.requestUpdate(),
      (error: unknown) => {
        this.problem = error instanceof Error ? error.message : String(error);
      },
    );
  }

  override needs(): Needs {
    return { metrics: [], series: [] };
  }

  override render(): TemplateResult {
    if (this.problem !== null) return html`<p role="alert">The dashboard could not be loaded: ${this.problem}</p>`;
    if (!customElements.get(OVERVIEW)) return html`<p class="muted">Loading the dashboard</p>`;
    return html`
      <telltale-overview .src=${this.src} .token=${this.token} ?page=${this.page}>
        <slot name="banner" slot="banner"></slot>
        <slot name="tools" slot="tools"></slot>
      </telltale-overview>
    `;
  }
}
