import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleSensors } from '../elements/sensors/sensors.ts';
import './chart.ts';

define('telltale-sensors', TelltaleSensors);
