import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleTimeRange } from '../elements/time-range/time-range.ts';

define('telltale-time-range', TelltaleTimeRange);
