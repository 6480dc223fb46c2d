// What `<telltale-dashboard>` of the package loads: what draws it, and everything that it holds.
import { define } from '../elements/base/define.ts';
import { defineElements } from '../elements/index.ts';
import { TelltaleEmbedDialog } from './embed-dialog.ts';
import { TelltaleOverview } from './overview.ts';

define('telltale-embed-dialog', TelltaleEmbedDialog);
define('telltale-overview', TelltaleOverview);
defineElements();
