import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleSparkline } from '../elements/sparkline/sparkline.ts';

define('telltale-sparkline', TelltaleSparkline);
