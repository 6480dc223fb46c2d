import { css } from 'lit';

/** Tables of things and their numbers, which scroll by themselves where they are too wide. */
export const tableStyles = css`
  .scroll {
    overflow-x: auto;
  }
  .card {
    container-type: inline-size;
  }
  table {
    border-collapse: collapse;
    font-size: 13px;
    width: 100%;
  }
  th {
    color: var(--_muted);
    font-size: 12px;
    font-weight: 400;
  }
  th,
  td {
    border-top: 1px solid var(--_rule);
    padding: var(--telltale-row-padding, 4px) 0 var(--telltale-row-padding, 4px) 12px;
    text-align: right;
    white-space: nowrap;
  }
  th:first-child,
  td:first-child {
    padding-left: 0;
    text-align: left;
  }
  .name {
    display: inline-block;
    max-width: 22ch;
    overflow: hidden;
    text-overflow: ellipsis;
    vertical-align: bottom;
    white-space: nowrap;
  }
  .trouble {
    color: var(--_signal);
  }
  @container (max-width: 480px) {
    .wide {
      display: none;
    }
    td:first-child {
      white-space: normal;
    }
    .name {
      max-width: 14ch;
    }
  }
`;
