// `npm start` and `npm run telltale`: the command line from a clone, installed and built when need be.
import { build, install } from './workspace.js';

try {
  install();
  build();
} catch (error) {
  console.error(`telltale: ${error.message}`);
  process.exit(70);
}

// npm runs this through a shell, which takes a signal for itself and leaves us behind.
if (process.env.npm_lifecycle_event && process.platform !== 'win32') {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 250).unref();
}
await import('./telltale.js');
