import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleSource } from '../elements/source/source.ts';

define('telltale-source', TelltaleSource);
