import { css } from 'lit';

/**
 * The look that all elements share. Colours follow the page's `color-scheme`; every `--telltale-*` property may be set
 * by the page. Series have muted hues that tell them apart; `signal` and `alarm` are kept for what deserves attention.
 */
export const theme = css`
  :host {
    --_paper: var(--telltale-paper, light-dark(oklch(0.995 0.002 95), oklch(0.225 0.012 262)));
    --_ink: var(--telltale-ink, light-dark(oklch(0.26 0.02 262), oklch(0.93 0.008 262)));
    --_muted: var(--telltale-muted, light-dark(oklch(0.5 0.02 262), oklch(0.71 0.015 262)));
    --_rule: var(--telltale-rule, light-dark(oklch(0.9 0.006 262), oklch(0.32 0.014 262)));
    --_series-1: var(--telltale-series-1, light-dark(oklch(0.55 0.12 250), oklch(0.72 0.11 245)));
    --_series-2: var(--telltale-series-2, light-dark(oklch(0.62 0.11 60), oklch(0.77 0.1 70)));
    --_series-3: var(--telltale-series-3, light-dark(oklch(0.57 0.09 190), oklch(0.76 0.09 190)));
    --_series-4: var(--telltale-series-4, light-dark(oklch(0.54 0.13 310), oklch(0.73 0.11 310)));
    --_series-5: var(--telltale-series-5, light-dark(oklch(0.58 0.11 140), oklch(0.77 0.11 140)));
    --_series-6: var(--telltale-series-6, light-dark(oklch(0.57 0.14 10), oklch(0.72 0.12 10)));
    --_series-7: var(--telltale-series-7, light-dark(oklch(0.6 0.03 262), oklch(0.7 0.03 262)));
    --_series-8: var(--telltale-series-8, light-dark(oklch(0.45 0.08 230), oklch(0.85 0.06 230)));
    --_signal: var(--telltale-signal, light-dark(oklch(0.54 0.13 65), oklch(0.8 0.14 75)));
    --_alarm: var(--telltale-alarm, light-dark(oklch(0.53 0.2 27), oklch(0.7 0.17 25)));
    --_gap: var(--telltale-gap, 12px);
    --_font: var(--telltale-font, system-ui, sans-serif);
    color: var(--_ink);
    display: block;
    font: 14px / 1.4 var(--_font);
    font-variant-numeric: tabular-nums;
    min-width: 0;
  }
  :host([hidden]) {
    display: none;
  }
  h2 {
    font-size: 13px;
    font-weight: 600;
    letter-spacing: 0.02em;
    margin: 0;
  }
  .card {
    background: var(--_paper);
    border: 1px solid var(--_rule);
    border-radius: 6px;
    box-sizing: border-box;
    display: flex;
    flex-direction: column;
    gap: var(--_gap);
    height: 100%;
    padding: 14px 16px;
  }
  .head {
    align-items: baseline;
    display: flex;
    gap: 12px;
    justify-content: space-between;
  }
  .value {
    font-size: 26px;
    font-weight: 500;
    letter-spacing: -0.01em;
    line-height: 1.1;
    white-space: nowrap;
  }
  .symbol {
    color: var(--_muted);
    font-size: 0.55em;
    font-weight: 400;
    margin-left: 0.2em;
  }
  .muted {
    color: var(--_muted);
  }
  .facts {
    display: grid;
    gap: 6px 18px;
    grid-template-columns: repeat(auto-fill, minmax(110px, 1fr));
    margin: 0;
  }
  .facts dt {
    color: var(--_muted);
    font-size: 12px;
  }
  .facts dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .empty {
    margin: 0;
    padding: 12px 0;
  }
  /* For who hears the page. */
  .spoken {
    clip-path: inset(50%);
    height: 1px;
    overflow: hidden;
    position: absolute;
    width: 1px;
  }
  .notice {
    font-size: 12px;
    margin: 0;
  }
  /* A page that says it once for all of its elements hides it here. */
  .connection {
    color: var(--_signal);
    display: var(--telltale-notices, block);
  }
  .stale .value,
  .stale dd,
  .stale td,
  .stale .live {
    color: var(--_muted);
    font-style: italic;
  }
`;
