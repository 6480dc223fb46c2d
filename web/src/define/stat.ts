import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleStat } from '../elements/stat/stat.ts';

define('telltale-stat', TelltaleStat);
