import { css } from 'lit';

/** Buttons and fields as they look everywhere on the page. */
export const buttonStyle = css`
  button,
  select {
    background: none;
    border: 1px solid var(--_rule);
    border-radius: 4px;
    color: inherit;
    cursor: pointer;
    font: inherit;
    font-size: 13px;
    min-height: 28px;
    padding: 2px 10px;
  }
  button:hover {
    border-color: var(--_muted);
  }
  button:focus-visible,
  select:focus-visible,
  input:focus-visible {
    outline: 2px solid var(--_series-1);
    outline-offset: 2px;
  }
  option {
    background: var(--_paper);
  }
`;
