import './page.css';
import { define } from '../elements/base/define.ts';
import { defineElements } from '../elements/index.ts';
import { TelltaleDashboard } from './dashboard.ts';
import { TelltaleRecordings } from './recordings.ts';
import { TelltaleWindowPicker } from './window-picker.ts';

// It reads the address, so it comes first: nothing is loaded that is not shown.
define('telltale-window-picker', TelltaleWindowPicker);
defineElements();
define('telltale-dashboard', TelltaleDashboard);
define('telltale-recordings', TelltaleRecordings);

declare global {
  interface HTMLElementTagNameMap {
    'telltale-dashboard': TelltaleDashboard;
    'telltale-window-picker': TelltaleWindowPicker;
  }
}
