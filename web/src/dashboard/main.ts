import './page.css';
import { define } from '../elements/base/define.ts';
import { defineElements } from '../elements/index.ts';
import { defineDashboard } from './parts.ts';
import { TelltaleRecordings } from './recordings.ts';

// The page is the dashboard: what others load when they first use one is here from the start.
defineDashboard();
defineElements();
define('telltale-recordings', TelltaleRecordings);

declare global {
  interface HTMLElementTagNameMap {
    'telltale-recordings': TelltaleRecordings;
  }
}
