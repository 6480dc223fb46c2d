// What `<telltale-dashboard>` loads in a page of somebody else. It is handed the client of the module that is there.
import { defineDashboard } from './dashboard/parts.ts';

defineDashboard();
