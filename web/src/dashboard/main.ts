import { define } from '../elements/base/define.ts';
import { defineElements } from '../elements/index.ts';
import pageStyle from './page.css?inline';
import { defineDashboard } from './parts.ts';
import { TelltaleRecordings } from './replay/recordings.ts';

// With the script rather than before it: one request less until something is to be seen.
const sheet = new CSSStyleSheet();
sheet.replaceSync(pageStyle);
document.adoptedStyleSheets.push(sheet);

// The page is the dashboard: what others load when they first use one is here from the start.
defineDashboard();
defineElements();
define('telltale-recordings', TelltaleRecordings);

declare global {
  interface HTMLElementTagNameMap {
    'telltale-recordings': TelltaleRecordings;
  }
}
