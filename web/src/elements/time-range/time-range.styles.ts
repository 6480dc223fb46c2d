import { css } from 'lit';

export const timeRangeStyles = css`
  .base {
    align-items: baseline;
    display: flex;
    flex-wrap: wrap;
    gap: 6px 14px;
  }
  .buttons {
    align-items: baseline;
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  .buttons button {
    background: var(--_paper);
    border: 1px solid var(--_rule);
    border-radius: 6px;
    color: inherit;
    cursor: pointer;
    font: inherit;
    font-size: 13px;
    min-width: 30px;
    padding: 3px 8px;
  }
  .buttons button:hover:enabled {
    border-color: var(--_muted);
  }
  .buttons button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  .buttons button:focus-visible,
  .custom :focus-visible {
    outline: 2px solid var(--_series-1);
  }
  .shown {
    font-size: 13px;
    padding-left: 6px;
  }
  fieldset {
    align-items: baseline;
    border: 0;
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    margin: 0;
    min-width: 0;
    padding: 0;
  }
  legend {
    color: var(--_muted);
    float: left;
    font-size: 13px;
    padding: 0;
  }
  .choices {
    background: var(--_paper);
    border: 1px solid var(--_rule);
    border-radius: 6px;
    display: flex;
    padding: 2px;
  }
  .choices label {
    position: relative;
  }
  /* Over its word, so that whoever points at that hits it. */
  .choices input {
    appearance: none;
    cursor: pointer;
    height: 100%;
    inset: 0;
    margin: 0;
    outline: none;
    position: absolute;
    width: 100%;
    z-index: 1;
  }
  .choices span {
    border-radius: 4px;
    display: block;
    font-size: 13px;
    padding: 3px 10px;
    position: relative;
    white-space: nowrap;
  }
  .choices label:hover span {
    background: color-mix(in oklab, var(--_rule) 50%, transparent);
  }
  .choices input:checked + span {
    background: var(--_rule);
    font-weight: 600;
  }
  .choices input:focus-visible + span {
    outline: 2px solid var(--_series-1);
  }
  @media (forced-colors: active) {
    .choices input:checked + span {
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
  }
  .custom {
    display: flex;
    flex-basis: 100%;
    flex-wrap: wrap;
    gap: 8px 28px;
    margin-top: 4px;
  }

  .custom form {
    align-items: baseline;
    display: flex;
    flex-wrap: wrap;
    font-size: 13px;
    gap: 6px;
  }
  .custom input,
  .custom select,
  .custom button {
    background: var(--_paper);
    border: 1px solid var(--_rule);
    border-radius: 4px;
    box-sizing: border-box;
    color: inherit;
    font: inherit;
    padding: 2px 6px;
  }
  .custom input[type='number'] {
    width: 5.5em;
  }
  .custom button {
    cursor: pointer;
    padding: 2px 12px;
  }
  .problem {
    color: var(--_signal);
    font-size: 13px;
    margin: 0;
  }
  .problem:empty {
    display: none;
  }
  @media (max-width: 480px) {
    :host {
      width: 100%;
    }
    legend {
      display: none;
    }
    .choices {
      flex: 1;
      flex-wrap: wrap;
      justify-content: space-between;
    }
    .choices span {
      padding: 4px 6px;
    }
  }
`;
