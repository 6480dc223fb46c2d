import { describe, expect, it } from 'vitest';
import { startServer } from '../support/server.ts';
import { openStream } from '../support/sse.ts';

// A process that is stopped and goes on, as by a debugger, a full swap or a machine that was frozen.

const STOPPED_MS = 4_000;
const PACE_MS = 200;

describe('R15: a pause', () => {
  it('is told as one gap, after which time is what it was: nothing is made up for, and no rate reaches across', async () => {
    const server = await startServer('--interval', `${PACE_MS}ms`);
    const reader = await openStream(`${server.url}/api/stream?metrics=cpu,network`);
    try {
      await reader.next(10);
      const before = reader.events.length;
      process.kill(server.pid, 'SIGSTOP');
      const stoppedAt = Date.now();
      await new Promise((resolve) => setTimeout(resolve, STOPPED_MS));
      process.kill(server.pid, 'SIGCONT');
      const wentOnAt = Date.now();
      await reader.waitFor(({ name, data }) => name === 'cpu' && data.at > wentOnAt + 1_000);

      const after = reader.events.slice(before).filter(({ data }) => (data.at ?? data.to) > stoppedAt);
      const gaps = after.filter(({ name }) => name === 'gap');
      expect(gaps).toHaveLength(1);
      expect(gaps[0]?.data.to - gaps[0]?.data.from).toBeGreaterThan(STOPPED_MS - 2 * PACE_MS);
      const cpu = after.filter(({ name }) => name === 'cpu').map(({ data }) => data);
      expect(cpu[0]).toMatchObject({ elapsedMs: null, usage: null });
      // At its pace, not in a burst.
      expect(cpu.filter(({ at }) => at < wentOnAt + 1_000).length).toBeLessThanOrEqual(1_000 / PACE_MS + 2);
      for (const { elapsedMs } of cpu.slice(1)) expect(elapsedMs).toBeLessThan(3 * PACE_MS);
      for (const { data } of after.filter(({ name }) => name === 'network')) {
        expect(data.rxBytesPerSecond ?? 0).toBeGreaterThanOrEqual(0);
      }
    } finally {
      reader.close();
      process.kill(server.pid, 'SIGCONT');
      await server.stop();
    }
  });
});
