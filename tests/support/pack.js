// `node tests/support/pack.js FOLDER` packs the npm package of `web` into a folder, as it would be published.
import { join } from 'node:path';
import { pnpm, root } from '../../server/bin/workspace.js';

pnpm(['--dir', join(root, 'web'), 'pack', '--silent', '--pack-destination', process.argv[2]]);
