import '../elements/tag-names.ts';
import { define } from '../elements/base/define.ts';
import { TelltaleFilesystem } from '../elements/filesystem/filesystem.ts';

define('telltale-filesystem', TelltaleFilesystem);
