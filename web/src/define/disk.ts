import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleDisk } from '../elements/disk/disk.ts';
import './chart.ts';

define('telltale-disk', TelltaleDisk);
