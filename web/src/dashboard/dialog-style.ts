import { css } from 'lit';

/** What is laid over the page for a while. */
export const dialogStyle = css`
  dialog {
    background: var(--_paper);
    border: 1px solid var(--_rule);
    border-radius: 8px;
    box-sizing: border-box;
    color: inherit;
    max-height: 85vh;
    max-height: 85dvh;
    max-width: 640px;
    width: calc(100% - 24px);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 0.35);
  }
`;
