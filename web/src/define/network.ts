import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleNetwork } from '../elements/network/network.ts';
import './chart.ts';

define('telltale-network', TelltaleNetwork);
