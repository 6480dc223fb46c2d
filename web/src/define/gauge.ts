import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleGauge } from '../elements/gauge/gauge.ts';

define('telltale-gauge', TelltaleGauge);
