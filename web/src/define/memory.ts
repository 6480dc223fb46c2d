import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleMemory } from '../elements/memory/memory.ts';
import './chart.ts';

define('telltale-memory', TelltaleMemory);
