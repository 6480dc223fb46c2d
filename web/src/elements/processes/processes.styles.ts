import { css } from 'lit';

export const processesStyles = css`
  .head {
    flex-wrap: wrap;
  }
  .controls {
    align-items: baseline;
    display: flex;
    flex: 1 0 100%;
    flex-wrap: wrap;
    font-size: 12px;
    gap: 6px 12px;
  }
  .controls input,
  .controls select {
    background: var(--_paper);
    border: 1px solid var(--_rule);
    border-radius: 6px;
    box-sizing: border-box;
    color: inherit;
    font: inherit;
    max-width: 100%;
    padding: 3px 6px;
  }
  .controls input {
    flex: 1 1 12em;
    max-width: 22em;
    min-width: 0;
  }
  .controls label {
    color: var(--_muted);
  }
  /* Where every column is to be seen, each has a button. */
  @container (min-width: 480.02px) {
    .narrow {
      display: none;
    }
  }
  .controls :focus-visible,
  td button:focus-visible,
  th button:focus-visible {
    outline: 2px solid var(--_series-1);
    outline-offset: 1px;
  }
  th button,
  td button {
    background: none;
    border: 0;
    border-radius: 3px;
    color: inherit;
    cursor: pointer;
    font: inherit;
    padding: 2px 0;
  }
  /* Its room is kept, so that nothing moves when another column is chosen. Numbers and their heads end at one edge. */
  th:first-child button::after,
  th:not(:first-child) button::before {
    content: '▾';
    content: '▾' / '';
    display: inline-block;
    padding: 0 3px;
    visibility: hidden;
  }
  th:first-child[aria-sort='ascending'] button::after,
  th:not(:first-child)[aria-sort='ascending'] button::before {
    content: '▴';
    content: '▴' / '';
    visibility: visible;
  }
  th[aria-sort='descending'] button::after,
  th[aria-sort='descending'] button::before {
    visibility: visible;
  }
  th[aria-sort='ascending'],
  th[aria-sort='descending'] {
    color: var(--_ink);
    font-weight: 600;
  }
  td button::before {
    content: '▸';
    content: '▸' / '';
    color: var(--_muted);
    display: inline-block;
    width: 1.1em;
  }
  td button[aria-expanded='true']::before {
    content: '▾';
    content: '▾' / '';
  }
  .member td:first-child {
    padding-left: 1.1em;
  }
  /* Names have what numbers leave, in one line, so that no number is cut off and no row grows while one waits. */
  @container (max-width: 480px) {
    td:first-child {
      max-width: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
      width: 100%;
    }
    /* How many there are of a group stands below its name. */
    td:first-child:has(button) {
      white-space: normal;
    }
    td button .name {
      max-width: 8ch;
    }
  }
  @container (max-width: 640px) {
    .two {
      display: none;
    }
  }
  @container (min-width: 640.02px) {
    .one {
      display: none;
    }
  }
`;
