import './page.css';
import { define } from '../elements/base/define.ts';
import { defineElements } from '../elements/index.ts';
import { TelltaleEmbedDialog } from './embed-dialog.ts';
import { TelltaleOverview } from './overview.ts';
import { TelltaleRecordings } from './recordings.ts';

// The page is the dashboard: what others load when they first use one is here from the start.
define('telltale-embed-dialog', TelltaleEmbedDialog);
define('telltale-overview', TelltaleOverview);
defineElements();
define('telltale-recordings', TelltaleRecordings);

declare global {
  interface HTMLElementTagNameMap {
    'telltale-embed-dialog': TelltaleEmbedDialog;
    'telltale-overview': TelltaleOverview;
    'telltale-recordings': TelltaleRecordings;
  }
}
