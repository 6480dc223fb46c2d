// `npm start` and `npm run telltale`: the command line from a clone, installed and built when need be.
import { build, install } from './workspace.js';

try {
  install();
  await build();
} catch (error) {
  console.error(`telltale: ${error.message}`);
  process.exit(70);
}
await import('./telltale.js');
