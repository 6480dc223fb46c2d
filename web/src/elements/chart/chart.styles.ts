import { css } from 'lit';

export const chartStyles = css`
  .base {
    display: grid;
    gap: 8px;
    grid-template-columns: minmax(0, 1fr);
    margin: 0;
  }
  .plot {
    border-radius: 3px;
    cursor: crosshair;
    height: var(--telltale-chart-height, 150px);
    min-width: 0;
    position: relative;
    touch-action: pan-y;
    user-select: none;
  }
  .plot:focus-visible {
    outline: 2px solid var(--_series-1);
    outline-offset: 2px;
  }
  canvas {
    display: block;
  }
  .stale canvas {
    opacity: 0.5;
  }
  .note,
  .aside,
  .at {
    color: var(--_muted);
    font-size: 12px;
    pointer-events: none;
    position: absolute;
  }
  /* The grid passes behind it. */
  .note {
    background: var(--_paper);
    inset: 0;
    height: fit-content;
    margin: auto;
    max-width: 80%;
    padding: 0 6px;
    text-align: center;
    width: fit-content;
  }
  /* A page that says it once for all of its charts hides it here. */
  .aside {
    display: var(--telltale-chart-notes, block);
    left: calc(11px * 5.6 + 8px);
    max-width: 38%;
    top: 10px;
  }
  .at {
    background: var(--_paper);
    border-radius: 3px;
    max-width: 80%;
    padding: 0 4px;
    right: 4px;
    top: 4px;
  }
  .data {
    display: var(--telltale-chart-table, block);
  }
`;
