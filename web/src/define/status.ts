import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleStatus } from '../elements/status/status.ts';

define('telltale-status', TelltaleStatus);
