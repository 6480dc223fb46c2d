import { define } from '../elements/base/define.ts';
import { TelltaleBanner } from './banner.ts';
import { TelltaleChoices } from './choices-menu.ts';
import { defineHands } from './hands.ts';
import { TelltaleOverview } from './overview.ts';
import { TelltaleEmbedDialog } from './panels/embed-dialog.ts';
import { TelltaleSection } from './panels/section.ts';
import { TelltaleSidebar } from './sidebar.ts';
import { TelltaleSummary } from './summary/summary.ts';

declare global {
  interface HTMLElementTagNameMap {
    'telltale-banner': TelltaleBanner;
    'telltale-choices': TelltaleChoices;
    'telltale-embed-dialog': TelltaleEmbedDialog;
    'telltale-overview': TelltaleOverview;
    'telltale-section': TelltaleSection;
    'telltale-sidebar': TelltaleSidebar;
    'telltale-summary': TelltaleSummary;
  }
}

/** What the dashboard is made of, beside the elements that anybody may use. */
export function defineDashboard(): void {
  define('telltale-banner', TelltaleBanner);
  define('telltale-choices', TelltaleChoices);
  defineHands();
  define('telltale-embed-dialog', TelltaleEmbedDialog);
  define('telltale-overview', TelltaleOverview);
  define('telltale-section', TelltaleSection);
  define('telltale-sidebar', TelltaleSidebar);
  define('telltale-summary', TelltaleSummary);
}
