import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleDashboard } from '../elements/dashboard/dashboard.ts';

TelltaleDashboard.load = () => import('../dashboard/define.ts');
define('telltale-dashboard', TelltaleDashboard);
