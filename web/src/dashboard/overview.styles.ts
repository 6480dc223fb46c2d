import { css } from 'lit';

export const overviewStyles = css`
  :host {
    margin: 0 auto;
    max-width: 1760px;
    padding: 10px 18px 20px;
  }
  header {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 24px;
    justify-content: space-between;
    margin-bottom: 10px;
    min-height: 44px;
  }
  /* Its line breaks before the page moves down: what is said of a lost connection takes room. */
  .who {
    flex: 1 1 320px;
    min-width: 0;
  }
  h1 {
    font-size: 18px;
    font-weight: 600;
    letter-spacing: -0.01em;
    line-height: 1.2;
    margin: 0;
    overflow-wrap: anywhere;
  }
  header p {
    color: var(--_muted);
    font-size: 12px;
    margin: 2px 0 0;
  }
  .tools {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 6px 14px;
  }
  .body {
    display: grid;
    gap: 12px 18px;
    grid-template-columns: 168px minmax(0, 1fr);
  }
  telltale-sidebar {
    align-self: start;
    position: sticky;
    top: 10px;
  }
  main {
    display: grid;
    gap: 10px;
    align-content: start;
    min-width: 0;
  }
  .title {
    font-size: 16px;
    letter-spacing: 0;
  }
  .window {
    align-items: baseline;
    display: flex;
    flex-wrap: wrap;
    font-size: 13px;
    gap: 4px 18px;
  }
  .window button[aria-pressed='true'] {
    background: var(--_rule);
    font-weight: 600;
  }
  .note {
    margin: 0;
  }
  .note:empty {
    display: none;
  }
  /* An answer that comes at once needs no announcement. */
  .loading {
    animation: appear 0s 0.4s both;
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
  }
  .update {
    border-left: 3px solid var(--_signal);
    font-size: 13px;
    margin: 0 0 8px;
    padding: 4px 10px;
  }
  footer {
    color: var(--_muted);
    font-size: 12px;
    margin-top: 14px;
  }
  :host([kiosk]) telltale-sidebar,
  :host([kiosk]) .tools > button,
  :host([kiosk]) telltale-choices,
  :host([kiosk]) ::slotted([slot='tools']),
  :host([kiosk]) .window,
  :host([kiosk]) footer {
    display: none;
  }
  :host([kiosk]) .body {
    grid-template-columns: minmax(0, 1fr);
  }
  :host([kiosk]) {
    /* Three rows fill what the summary leaves of the screen. */
    --telltale-dense-height: max(100px, calc((100vh - 300px) / 3 - 70px));
    box-sizing: border-box;
    max-width: none;
    min-height: 100vh;
  }
  @media (min-width: 1200px) {
    :host([kiosk]) {
      --telltale-dense-columns: repeat(4, minmax(0, 1fr));
    }
  }
  :host([kiosk][idle]) {
    cursor: none;
  }
  .leave {
    background: var(--_paper);
    position: fixed;
    right: 14px;
    bottom: 14px;
    z-index: 1;
  }
  :host([idle]) .leave:not(:focus-visible) {
    opacity: 0;
  }
  @media (max-width: 900px) {
    .body {
      grid-template-columns: minmax(0, 1fr);
    }
    telltale-sidebar {
      position: static;
    }
  }
  @media (max-width: 480px) {
    :host {
      padding: 10px 12px 20px;
    }
    .tools {
      gap: 6px 8px;
    }
  }
  @media not print {
    .printed {
      display: none;
    }
  }
  @media print {
    telltale-sidebar,
    .tools,
    .window {
      display: none;
    }
    .body {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
