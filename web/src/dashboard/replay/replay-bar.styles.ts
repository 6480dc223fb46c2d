import { css } from 'lit';

export const replayBarStyles = css`
  :host {
    margin-bottom: 18px;
    position: sticky;
    top: 0;
    z-index: 1;
  }
  .base {
    background: var(--_paper);
    border: 2px solid var(--_signal);
    border-radius: 6px;
    display: grid;
    gap: 8px;
    padding: 10px 14px;
  }
  .line {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
  }
  h2 {
    flex: 1 1 9em;
    font-size: 14px;
    overflow-wrap: anywhere;
  }
  h2 strong {
    color: var(--_signal);
  }
  input {
    accent-color: var(--_signal);
    flex: 1 1 10em;
    margin: 0;
    min-width: 0;
  }
  .at {
    white-space: nowrap;
  }
  .play {
    min-width: 5.5em;
  }
  p {
    font-size: 13px;
    margin: 0;
    overflow-wrap: anywhere;
  }
  details {
    font-size: 13px;
  }
  @media (max-width: 480px) {
    .base {
      gap: 4px;
      padding: 6px 10px;
    }
    .line {
      gap: 4px 8px;
    }
    .line,
    h2 {
      font-size: 12px;
    }
  }
  summary {
    cursor: pointer;
  }
`;
