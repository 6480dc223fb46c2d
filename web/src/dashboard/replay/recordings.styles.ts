import { css } from 'lit';

export const recordingsStyles = css`
  .base {
    display: grid;
    font-size: 13px;
    gap: 6px;
  }
  .line {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 6px 8px;
    justify-content: flex-end;
  }
  .recording {
    border-color: var(--_alarm);
    color: var(--_alarm);
    font-weight: 600;
  }
  .recording::before {
    background: currentColor;
    border-radius: 50%;
    content: '';
    display: inline-block;
    forced-color-adjust: none;
    height: 8px;
    margin-right: 7px;
    width: 8px;
  }
  p {
    margin: 0;
    max-width: 34em;
    overflow-wrap: anywhere;
  }
  @media (max-width: 480px) {
    .more {
      display: none;
    }
    .line {
      justify-content: flex-start;
    }
  }
  .wrong {
    color: var(--_alarm);
  }
  .drop {
    background: color-mix(in oklch, var(--_paper) 88%, transparent);
    border: 3px dashed var(--_series-1);
    box-sizing: border-box;
    display: grid;
    font-size: 20px;
    inset: 0;
    place-content: center;
    pointer-events: none;
    position: fixed;
    text-align: center;
    z-index: 2;
  }
`;
