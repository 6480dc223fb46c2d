import { css, html, type TemplateResult } from 'lit';
import { keyCaps } from './key-sequence.ts';

const isMac = (): boolean => /^(Mac|iP)/.test(navigator.platform);

export const keyCapStyles = css`
  .keys {
    white-space: nowrap;
  }
  kbd {
    border: 1px solid var(--_rule);
    border-bottom-width: 2px;
    border-radius: 3px;
    color: var(--_muted);
    display: inline-block;
    font: inherit;
    font-size: 11px;
    line-height: 16px;
    min-width: 10px;
    padding: 0 4px;
    text-align: center;
  }
`;

/** The keys of a command as they are printed on a keyboard. */
export const keyCapsTemplate = (keys: string): TemplateResult =>
  html`<span class="keys">${keyCaps(keys, isMac()).map((cap, i) => html`${i === 0 ? '' : ' '}<kbd>${cap}</kbd>`)}</span>`;
