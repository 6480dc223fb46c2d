import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltalePressure } from '../elements/pressure/pressure.ts';
import './chart.ts';

define('telltale-pressure', TelltalePressure);
