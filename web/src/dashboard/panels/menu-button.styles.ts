import { css } from 'lit';

export const menuButtonStyles = css`
  :host {
    display: inline-block;
    position: relative;
  }
  .button {
    background: var(--_paper);
    border: 1px solid var(--_rule);
    border-radius: 4px;
    color: var(--_muted);
    cursor: pointer;
    font: inherit;
    line-height: 1;
    min-height: 24px;
    min-width: 28px;
    opacity: var(--telltale-menu-opacity, 1);
    padding: 2px 6px;
  }
  .button:hover,
  .button[aria-expanded='true'] {
    border-color: var(--_muted);
    color: var(--_ink);
  }
  /* Not left to ':focus-within' of what is around it: Chromium does not count a focus in the top layer. */
  .button:focus-visible,
  .button[aria-expanded='true'] {
    opacity: 1;
  }
  .button:focus-visible,
  [role='menuitem']:focus-visible {
    outline: 2px solid var(--_series-1);
  }
  .menu {
    background: var(--_paper);
    border: 1px solid var(--_rule);
    border-radius: 6px;
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.18);
    color: var(--_ink);
    margin: 0;
    min-width: 150px;
    padding: 4px;
    position: absolute;
    right: 0;
    top: calc(100% + 4px);
    width: max-content;
    z-index: 3;
  }
  /* Above everything, and cut off by nothing, where the browser has a place for that. */
  .menu:popover-open {
    inset: var(--_top, 0) auto auto var(--_left, 0);
    position: fixed;
  }
  [role='menuitem'] {
    background: none;
    border: 0;
    border-radius: 4px;
    color: inherit;
    cursor: pointer;
    display: block;
    font: inherit;
    font-size: 13px;
    padding: 5px 12px;
    text-align: left;
    width: 100%;
  }
  [role='menuitem']:hover,
  [role='menuitem']:focus {
    background: color-mix(in oklab, var(--_series-1) 16%, transparent);
  }
  [role='menuitem']:focus-visible {
    outline-offset: -2px;
  }
  [role='menuitem'][aria-disabled='true'] {
    color: var(--_muted);
    cursor: default;
    font-style: italic;
  }
  @media (pointer: coarse) {
    .button {
      min-height: 36px;
      min-width: 40px;
    }
    [role='menuitem'] {
      padding-block: 10px;
    }
  }
  @media (forced-colors: active) {
    [role='menuitem'][aria-disabled='true'] {
      color: GrayText;
    }
  }
`;
