import { css } from 'lit';

export const boardViewStyles = css`
  .wide {
    container-type: inline-size;
  }
  .bar {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 6px 8px;
    margin-bottom: 12px;
  }
  .bar h2 {
    flex: 1;
    font-size: 16px;
    letter-spacing: 0;
  }
  [aria-disabled='true'] {
    color: var(--_muted);
    cursor: default;
  }
  .note,
  .wrong {
    font-size: 13px;
    margin: 0 0 10px;
    overflow-wrap: anywhere;
  }
  .note:empty,
  .wrong:empty {
    display: none;
  }
  .wrong {
    border-left: 3px solid var(--_alarm);
    padding-left: 8px;
  }
  .guest {
    align-items: center;
    border: 1px solid var(--_signal);
    border-radius: 6px;
    display: flex;
    flex-wrap: wrap;
    font-size: 13px;
    gap: 8px 12px;
    margin-bottom: 12px;
    padding: 8px 12px;
  }
  .guest p {
    flex: 1 1 220px;
    margin: 0;
  }
  .link {
    background: none;
    border: 1px solid var(--_rule);
    border-radius: 4px;
    box-sizing: border-box;
    color: inherit;
    font: inherit;
    font-size: 12px;
    margin-bottom: 10px;
    padding: 6px 8px;
    width: 100%;
  }
  .nothing {
    border: 1px dashed var(--_rule);
    border-radius: 6px;
    color: var(--_muted);
    padding: 32px 20px;
    text-align: center;
  }
  .nothing p {
    margin: 0 auto 6px;
    max-width: 44em;
  }
  .grid {
    --telltale-chart-notes: none;
    --telltale-notices: none;
    display: grid;
    gap: 16px;
    grid-auto-rows: minmax(256px, auto);
    grid-template-columns: repeat(4, minmax(0, 1fr));
  }
  .panel {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-width: 0;
    position: relative;
  }
  .w2 {
    grid-column: span 2;
  }
  .w3 {
    grid-column: span 3;
  }
  .w4 {
    grid-column: span 4;
  }
  .h2 {
    --telltale-chart-height: 420px;
    grid-row: span 2;
  }
  .tools {
    --telltale-menu-opacity: 0;
    bottom: 6px;
    display: flex;
    gap: 4px;
    position: absolute;
    right: 8px;
  }
  .panel:hover .tools,
  .panel:focus-within .tools {
    --telltale-menu-opacity: 1;
  }
  .handle {
    /* A finger on it moves the panel, and not the page. */
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
  }
  .dragging {
    cursor: grabbing;
    user-select: none;
    -webkit-user-select: none;
  }
  /* What is passed over does not take it for pointing. */
  .dragging .panel > :not(.tools) {
    pointer-events: none;
  }
  .dragged {
    opacity: 0.45;
  }
  .before::before,
  .after::after {
    background: var(--_series-1);
    border-radius: 2px;
    bottom: 0;
    content: '';
    forced-color-adjust: none;
    left: -10px;
    position: absolute;
    top: 0;
    width: 4px;
  }
  .after::after {
    left: auto;
    right: -10px;
  }
  /* Always there for fingers, so it covers nothing. */
  @media (hover: none) {
    .tools {
      justify-content: flex-end;
      --telltale-menu-opacity: 1;
      margin-top: 4px;
      position: static;
    }
  }
  @container (max-width: 1100px) {
    .grid {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .w3,
    .w4 {
      grid-column: span 2;
    }
  }
  @container (max-width: 620px) {
    .bar h2 {
      flex-basis: 100%;
    }
    .grid {
      gap: 12px;
      grid-auto-rows: auto;
      grid-template-columns: minmax(0, 1fr);
    }
    .w1,
    .w2,
    .w3,
    .w4 {
      grid-column: span 1;
    }
    .h2 {
      --telltale-chart-height: 320px;
      grid-row: span 1;
    }
    .before::before,
    .after::after {
      height: 4px;
      inset: -8px 0 auto;
      width: auto;
    }
    .after::after {
      inset: auto 0 -8px;
    }
  }
`;
