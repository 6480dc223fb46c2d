import { css, html, type TemplateResult } from 'lit';
import type { Needs } from '../../client/index.ts';
import { STATE_WORDS, stateDetail } from '../base/connection-words.ts';
import { TelltaleElement } from '../base/telltale-element.ts';
import { theme } from '../base/theme.ts';

/**
 * Says whether what the page shows is live, and if not, since when and what happens next.
 *
 * @element telltale-status
 * @csspart base - The whole.
 * @csspart state - The one word.
 * @csspart detail - What there is to add.
 */
export class TelltaleStatus extends TelltaleElement {
  static override styles = [
    theme,
    css`
      .base {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
      }
      .state {
        align-items: center;
        display: inline-flex;
        font-weight: 600;
        gap: 7px;
      }
      .state::before {
        background: currentColor;
        border-radius: 50%;
        content: '';
        height: 8px;
        width: 8px;
        forced-color-adjust: none;
      }
      .connecting .state {
        color: var(--_muted);
      }
      .live .state::before {
        background: var(--_series-5);
      }
      .late .state {
        color: var(--_signal);
      }
      .retrying .state,
      .closed .state {
        color: var(--_alarm);
      }
      /* Told apart by shape too. */
      .late .state::before,
      .retrying .state::before,
      .closed .state::before {
        border-radius: 1px;
        transform: rotate(45deg);
      }
      button {
        background: none;
        border: 1px solid var(--_rule);
        border-radius: 4px;
        color: inherit;
        cursor: pointer;
        font: inherit;
        padding: 1px 8px;
      }
      .detail {
        font-size: 13px;
      }
    `,
  ];

  /** Alone on a page it still has to know: one metric is enough to hear of the server. */
  override needs(): Needs {
    return { metrics: ['cpu'], series: [] };
  }

  override render(): TemplateResult {
    const { state } = this.data.status;
    // What is played may come as promised, and is not live for that.
    const played = state === 'live' && this.data.source?.host?.telltale.recording;
    const button = html`<button @click=${() => this.data.source?.retryNow()}>Try now</button>`;
    // Only the word is announced: a countdown read aloud every second would be noise.
    return html`
      <div part="base" class="base ${played ? '' : state}">
        <span part="state" class="state" role="status">${played ? 'Recording' : STATE_WORDS[state]}</span>
        <span part="detail" class="detail muted">${stateDetail(this.data)}</span>
        ${state === 'retrying' ? button : ''}
      </div>
    `;
  }
}
