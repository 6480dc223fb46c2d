import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleCores } from '../elements/cores/cores.ts';

define('telltale-cores', TelltaleCores);
