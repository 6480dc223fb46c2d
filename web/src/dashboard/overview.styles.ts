import { css } from 'lit';

export const overviewStyles = css`
  :host {
    margin: 0 auto;
    max-width: 1480px;
    padding: 18px 20px 32px;
  }
  header {
    align-items: flex-start;
    display: flex;
    flex-wrap: wrap;
    gap: 8px 24px;
    justify-content: space-between;
    margin-bottom: 18px;
    min-height: 52px;
  }
  h1 {
    font-size: 22px;
    font-weight: 600;
    letter-spacing: -0.01em;
    line-height: 1.2;
    margin: 0;
    overflow-wrap: anywhere;
  }
  header p {
    color: var(--_muted);
    font-size: 13px;
    margin: 4px 0 0;
  }
  .tools {
    align-items: flex-end;
    display: grid;
    gap: 8px;
    justify-items: end;
  }
  .summary {
    border-block: 1px solid var(--_rule);
    display: grid;
    gap: 12px 24px;
    grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
    margin-bottom: 10px;
    padding: 12px 0 10px;
  }
  .vital {
    display: grid;
    font-size: 12px;
    gap: 3px;
    min-width: 0;
  }
  .headroom {
    min-height: 1.4em;
    overflow-wrap: anywhere;
  }
  .unusual {
    font-size: 13px;
    margin-bottom: 12px;
    min-height: 1.4em;
  }
  .unusual p,
  .unusual ul {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .unusual li {
    border-left: 3px solid var(--_signal);
    margin-bottom: 4px;
    padding-left: 8px;
  }
  .window {
    align-items: baseline;
    display: flex;
    flex-wrap: wrap;
    font-size: 13px;
    gap: 6px 18px;
    margin-bottom: 14px;
  }
  .note {
    margin: 0;
  }
  .note:empty {
    display: none;
  }
  /* An answer that comes at once needs no announcement. */
  .loading {
    animation: appear 0s 0.4s both;
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
  }
  .grid {
    --telltale-chart-notes: none;
    --telltale-notices: none;
    display: grid;
    gap: 16px;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 520px), 1fr));
  }
  .cell {
    /* What is far below is laid out when somebody comes near. */
    contain-intrinsic-size: auto 380px;
    content-visibility: auto;
    display: grid;
    min-width: 0;
    position: relative;
  }
  /* There for whoever looks for it, and out of the way of everybody else. */
  .embed {
    background: var(--_paper);
    border: 1px solid var(--_rule);
    border-radius: 4px;
    bottom: 6px;
    color: var(--_muted);
    cursor: pointer;
    font: inherit;
    font-size: 11px;
    opacity: 0;
    padding: 1px 8px;
    position: absolute;
    right: 8px;
  }
  .cell:hover .embed,
  .cell:focus-within .embed,
  .embed:focus-visible {
    opacity: 1;
  }
  .embed:focus-visible {
    outline: 2px solid var(--_series-1);
  }
  @media (hover: none) {
    .embed {
      opacity: 1;
    }
  }
  footer {
    color: var(--_muted);
    font-size: 12px;
    margin-top: 20px;
  }
  @media (max-width: 480px) {
    :host {
      padding: 12px 12px 24px;
    }
    .tools {
      justify-items: start;
    }
    .summary {
      gap: 8px 16px;
      grid-template-columns: 1fr 1fr;
    }
    .grid {
      gap: 12px;
    }
  }
`;
