import { css, html, svg, type TemplateResult } from 'lit';

export const meterStyles = css`
  .meter {
    border-radius: 2px;
    display: block;
    /* Its two parts are what tells how full it is, in forced colours too. */
    forced-color-adjust: none;
    height: 6px;
    min-width: 40px;
    width: 100%;
  }
  .meter .track {
    fill: var(--_rule);
  }
  .meter .fill {
    fill: var(--_series-1);
  }
  .meter .attention {
    fill: var(--_signal);
  }
`;

/** A bar that is so full, in percent. The number stands beside it: for whoever cannot see it, it is not there. */
export function meterTemplate(percent: number | null, attention = false): TemplateResult {
  const width = Math.min(100, Math.max(0, percent ?? 0));
  return html`<svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class="track" width="100" height="6"></rect>
      <rect class=${attention ? 'attention' : 'fill'} width=${width} height="6"></rect>`}
  </svg>`;
}
