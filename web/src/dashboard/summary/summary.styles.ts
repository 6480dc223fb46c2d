import { css } from 'lit';

export const summaryStyles = css`
  :host {
    container-type: inline-size;
    --telltale-notices: none;
  }
  .base {
    align-items: stretch;
    display: grid;
    gap: 10px 24px;
    grid-template-columns: minmax(0, 1fr);
  }
  .left {
    display: grid;
    gap: 8px;
    grid-template-rows: auto 1fr;
    min-width: 0;
  }
  .vitals {
    display: grid;
    gap: 10px 16px;
    /* The five of them side by side on a tablet. */
    grid-template-columns: repeat(auto-fit, minmax(124px, 1fr));
  }
  .vital {
    display: grid;
    font-size: 12px;
    gap: 2px;
    grid-template-rows: auto auto auto 2.8em;
    min-width: 0;
  }
  .headroom {
    line-height: 1.35;
    overflow-wrap: anywhere;
  }
  .unusual {
    font-size: 13px;
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
    overflow-wrap: anywhere;
    padding-left: 8px;
  }
  .unusual .fault {
    border-left-color: var(--_rule);
    color: var(--_muted);
  }
  /* Its room is there before its rows are. */
  telltale-processes {
    --_gap: 4px;
    --telltale-row-padding: 2px;
    min-height: 182px;
  }
  telltale-processes::part(base) {
    padding: 7px 12px;
  }
  @container (min-width: 980px) {
    .base {
      grid-template-columns: minmax(0, 1fr) 400px;
    }
  }
  @container (max-width: 420px) {
    .vitals {
      grid-template-columns: 1fr 1fr;
    }
  }
`;
