// Loaded into a server under test with --expose-gc: at SIGUSR2 it says what the process holds.
import { createHook } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';

// Sessions and streams of HTTP/2 are none of the resources that Node counts.
const http2 = new Map();
createHook({
  init: (id, kind) => kind.startsWith('HTTP2') && http2.set(id, kind),
  destroy: (id) => http2.delete(id),
}).enable();

process.on('SIGUSR2', async () => {
  // What ends in callbacks, as sockets do, is gone only after they have run.
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  const resources = {};
  for (const kind of [...process.getActiveResourcesInfo(), ...http2.values()]) {
    resources[kind] = (resources[kind] ?? 0) + 1;
  }
  process.stderr.write(`scales ${JSON.stringify({ bytes: heapUsed + external, resources })}\n`);
});
