import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleCpu } from '../elements/cpu/cpu.ts';
import './chart.ts';

define('telltale-cpu', TelltaleCpu);
