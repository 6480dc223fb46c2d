import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleChart } from '../elements/chart/chart.ts';

define('telltale-chart', TelltaleChart);
