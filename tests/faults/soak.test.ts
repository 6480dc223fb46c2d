import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { counts } from '../support/counts.ts';
import { hostFiles } from '../support/host-files.ts';
import { startWeighedServer } from '../support/server.ts';
import { openStream, type Reader } from '../support/sse.ts';

// Ten times the pace, with readers that come and go all the time: what is held after a minute is what is held at the end.

const { soakMs } = counts;
const READERS = 40;
const LOOK_MS = soakMs / 12;
const isLinux = process.platform === 'linux';

/** Least squares: by how much it grows, a minute. */
function slope(points: readonly (readonly [minutes: number, value: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  const [above, below] = points.reduce(
    ([covariance, variance], [at, value]) => [covariance + (at - x) * (value - y), variance + (at - x) ** 2],
    [0, 0],
  );
  return above / below;
}

describe('R19: no slow leak', () => {
  it(`${soakMs / 1_000} s at 100 ms with ${READERS} readers that come and go`, {
    timeout: soakMs + 60_000,
  }, async () => {
    // So much that the log, which keeps ten minutes or 16 MiB, is full within one.
    const host = await hostFiles(Array.from({ length: 60 }, (_, i) => `veth${i}`));
    const server = await startWeighedServer('--interval', '100ms', '--log-level', 'error', ...host.args);
    const readers: Reader[] = [];
    const beganAt = performance.now();
    const minutes = () => (performance.now() - beganAt) / 60_000;
    const looks: { at: number; bytes: number; files: number; timers: number }[] = [];
    let nextLookAt = beganAt + LOOK_MS;
    try {
      for (let i = 0; performance.now() - beganAt < soakMs; i++) {
        const query = i % 3 === 0 ? '?interval=100ms' : i % 3 === 1 ? '?metrics=cpu,process' : '?metrics=network';
        const reader = await openStream(
          `${server.url}/api/stream${query}`,
          i % 2 === 0 ? { 'accept-encoding': 'gzip' } : {},
        );
        readers.push(reader);
        await reader.next(1);
        if (readers.length > READERS) readers.splice(i % READERS, 1)[0]?.close();
        if (performance.now() > nextLookAt) {
          nextLookAt += LOOK_MS;
          const { bytes, resources } = await server.weigh();
          const files = isLinux ? readdirSync(`/proc/${server.pid}/fd`).length : 0;
          looks.push({ at: minutes(), bytes, files, timers: resources['Timeout'] ?? 0 });
        }
      }
      // The log is filled up to its bound at first.
      const settled = looks.slice(Math.floor(looks.length / 2));
      const grows = slope(settled.map(({ at, bytes }) => [at, bytes / 1024 ** 2]));
      const [first, last] = [settled[0], settled.at(-1)];
      console.log(
        looks
          .map(
            ({ at, bytes, files, timers }) =>
              `${at.toFixed(1)} min: ${(bytes / 1024 ** 2).toFixed(1)} MiB, ${files} files, ${timers} timers`,
          )
          .join('\n'),
      );
      console.log(`grows by ${grows.toFixed(2)} MiB a minute`);
      expect(Math.abs((last?.files ?? 0) - (first?.files ?? 0))).toBeLessThan(8);
      expect((last?.timers ?? 0) - (first?.timers ?? 0)).toBeLessThan(5);
      if (counts.patient) expect(grows).toBeLessThan(1);
    } finally {
      for (const reader of readers) reader.close();
      await server.stop();
      await host.remove();
    }
  });
});
