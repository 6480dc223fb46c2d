import { css } from 'lit';

export const commandPaletteStyles = css`
  dialog {
    /* What is typed stays where it is, however much is found. */
    margin-top: 10vh;
    overflow: hidden;
    padding: 0;
  }
  .base {
    display: flex;
    flex-direction: column;
    max-height: 75vh;
  }
  input {
    background: none;
    border: 0;
    border-bottom: 1px solid var(--_rule);
    box-sizing: border-box;
    color: inherit;
    flex: none;
    font: inherit;
    /* Less, and phones zoom the page. */
    font-size: 16px;
    outline: none;
    padding: 14px 18px;
    width: 100%;
  }
  input:focus-visible {
    border-bottom-color: var(--_series-1);
    box-shadow: inset 0 -1px var(--_series-1);
  }
  input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .list {
    overflow: auto;
    padding: 6px;
  }
  .group {
    color: var(--_muted);
    font-size: 11px;
    font-weight: 600;
    letter-spacing: 0.04em;
    padding: 8px 12px 3px;
  }
  [role='option'] {
    align-items: baseline;
    border-radius: 4px;
    cursor: pointer;
    display: flex;
    gap: 12px;
    padding: 6px 12px;
    scroll-margin: 6px;
  }
  .group + [role='option'] {
    scroll-margin-top: 32px;
  }
  [role='option'][aria-selected='true'] {
    background: color-mix(in oklab, var(--_series-1) 16%, transparent);
  }
  .title {
    overflow-wrap: anywhere;
  }
  .detail {
    color: var(--_muted);
    flex: 1;
    font-size: 12px;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .none {
    margin: 0;
    padding: 18px;
  }
  @media (pointer: coarse) {
    [role='option'] {
      padding-block: 11px;
    }
  }
  @media (forced-colors: active) {
    [role='option'][aria-selected='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
