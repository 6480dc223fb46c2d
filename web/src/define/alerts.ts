import '../elements/tag-names.ts';
import { TelltaleAlerts } from '../elements/alerts/alerts.ts';
import { define } from '../elements/base/define.ts';

define('telltale-alerts', TelltaleAlerts);
