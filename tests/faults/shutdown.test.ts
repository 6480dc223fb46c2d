import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { hostFiles } from '../support/host-files.ts';
import { Recorder, type Seen, type SeenEvent } from '../support/recorder.ts';
import { startServer } from '../support/server.ts';
import { dataOf, isOfTheLog, toReference, violations } from '../support/validators.ts';

// A server that is asked to end says so to everybody and is gone in time.

const READERS = 60;
const isBye = (seen: Seen): seen is SeenEvent => seen.kind === 'event' && seen.name === 'bye';

async function expectFree(port: number): Promise<void> {
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  other.close();
}

describe('R8: SIGTERM', () => {
  it(`is told to ${READERS} readers, each with a time of its own to come back; then the port is free`, async () => {
    const server = await startServer('--interval', '100ms');
    const url = `${server.url}/api/stream`;
    const readers = Array.from({ length: READERS }, () => new Recorder({ url: () => url, reconnects: false }));
    await Promise.all(readers.map((reader) => reader.until('an event', isOfTheLog)));
    const askedAt = performance.now();
    const ended = server.stop('SIGTERM');
    await Promise.all(readers.map((reader) => reader.ended()));
    expect((await ended).code).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(5_000);
    await expectFree(server.port);

    const reference = toReference(...readers.map(({ seen }) => seen));
    const waits = readers.map((reader) => {
      expect(violations(reader.seen, reference)).toEqual([]);
      const last = reader.seen.at(-1) as Seen;
      expect(isBye(last)).toBe(true);
      const { reason, retryMs } = dataOf(last as SeenEvent);
      expect(reason).toBe('shutdown');
      // A browser's own EventSource knows no `bye`, but this it does.
      expect(reader.retryMs).toBe(retryMs);
      return retryMs as number;
    });
    expect(new Set(waits).size).toBeGreaterThan(READERS / 2);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(500);
  });

  it('does not wait for a reader that takes nothing', async () => {
    const host = await hostFiles(Array.from({ length: 400 }, (_, i) => `veth${i}`));
    const server = await startServer('--interval', '100ms', ...host.args);
    const url = `${server.url}/api/stream`;
    const [stuck, other] = [0, 1].map(() => new Recorder({ url: () => url, reconnects: false })) as [
      Recorder,
      Recorder,
    ];
    try {
      await Promise.all([stuck, other].map((reader) => reader.until('an event', isOfTheLog)));
      stuck.pause();
      // Some 1.2 MB a second: more than the kernel keeps.
      const from = other.events.length;
      await other.until('40 ticks', (seen) => isOfTheLog(seen) && other.events.length > from + 3 * 40);
      const askedAt = performance.now();
      const { code } = await server.stop('SIGTERM');
      expect(code).toBe(0);
      expect(performance.now() - askedAt).toBeLessThan(5_000);
      await expectFree(server.port);
    } finally {
      stuck.close();
      other.close();
      await server.kill();
      await host.remove();
    }
  });
});
