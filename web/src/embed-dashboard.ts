// What `<telltale-dashboard>` loads in a page of somebody else. It is handed the client of the module that is there.
import { TelltaleEmbedDialog } from './dashboard/embed-dialog.ts';
import { TelltaleOverview } from './dashboard/overview.ts';
import { define } from './elements/base/define.ts';

define('telltale-embed-dialog', TelltaleEmbedDialog);
define('telltale-overview', TelltaleOverview);
