import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleProcesses } from '../elements/processes/processes.ts';

define('telltale-processes', TelltaleProcesses);
