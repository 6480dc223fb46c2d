// Loaded into a server under test with --expose-gc: at SIGUSR2 it says what the process holds.
import { setImmediate } from 'node:timers/promises';

process.on('SIGUSR2', async () => {
  // What ends in callbacks, as sockets do, is gone only after they have run.
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  const resources = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  process.stderr.write(`scales ${JSON.stringify({ bytes: heapUsed + external, resources })}\n`);
});
