import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleGpu } from '../elements/gpu/gpu.ts';
import './chart.ts';

define('telltale-gpu', TelltaleGpu);
