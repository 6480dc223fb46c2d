import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spin, transfer } from '../support/load.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream, type StreamEvent } from '../support/sse.ts';

// The numbers under a load that the test makes itself, against tools that share no code with the server.

const isLinux = process.platform === 'linux';
if (!isLinux) console.warn('SKIPPED: the numbers are compared with /proc, awk and free, which only Linux has');

/** Jiffies so far: those of the processors in all, and those in which they had nothing to do. */
function awkStat(): { total: number; idle: number } {
  // guest and guest_nice are within user and nice already (proc(5)).
  const program = '/^cpu /{ for (i = 2; i <= 9; i++) total += $i; print total, $5 + $6 }';
  const [total = Number.NaN, idle = Number.NaN] = execFileSync('awk', [program, '/proc/stat'], { encoding: 'utf8' })
    .split(' ')
    .map(Number);
  return { total, idle };
}

/** What `free` calls used by today's reading: total less available. */
function freeUsed(): number {
  const lines = execFileSync('free', ['-b'], { encoding: 'utf8' }).split('\n');
  const columns = (lines[1] ?? '').split(/\s+/).map(Number);
  return (columns[1] ?? Number.NaN) - (columns[6] ?? Number.NaN);
}

describe.runIf(isLinux)('under a load of our own', () => {
  let server: RunningServer;
  const open = (query: string) => openStream(`${server.url}/api/stream?${query}`);

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => {
    await server.stop();
  });

  it('tells the same processor usage as awk, within 2 points', async () => {
    const reader = await open('metrics=cpu&interval=500ms');
    await reader.next(2);
    const stopLoad = spin(5_000);
    try {
      await reader.next(1);
      const before = awkStat();
      const events = await reader.next(5);
      const after = awkStat();
      const busy = 100 - (100 * (after.idle - before.idle)) / (after.total - before.total);
      const ms = events.reduce((sum, { data }) => sum + data.elapsedMs, 0);
      const usage = events.reduce((sum, { data }) => sum + data.usage * data.elapsedMs, 0) / ms;
      expect(usage).toBeGreaterThan(80 / (events[0] as StreamEvent).data.cores.length);
      expect(Math.abs(usage - busy)).toBeLessThan(2);
    } finally {
      reader.close();
      await stopLoad();
    }
  });

  it('tells the same used memory as free, within 1 percent', async () => {
    const reader = await open('metrics=memory&interval=100ms');
    try {
      await reader.next(3);
      const free = freeUsed();
      // What a machine uses moves on while two programs look at it: the looks before and after bound it.
      const before = reader.events.at(-1)?.data.usedBytes as number;
      const [, after] = await reader.next(2);
      const [least, most] = [before, after?.data.usedBytes as number].sort((a, b) => a - b) as [number, number];
      expect(free).toBeGreaterThan(least * 0.99);
      expect(free).toBeLessThan(most * 1.01);
    } finally {
      reader.close();
    }
  });

  it('sees every byte of a transfer over loopback, within 5 percent', async () => {
    const reader = await open('metrics=network&interval=500ms');
    const loopback = ({ data }: StreamEvent) => data.interfaces.find(({ name }: { name: string }) => name === 'lo');
    try {
      await reader.next(3);
      const sent = await transfer(50_000_000, 3_000);
      // One more event may cover the time up to the end of the transfer, and only the next is sure to be past it.
      await reader.next(reader.events.length - 3 + 2);
      const covered = reader.events.filter(({ name, data }) => name === 'network' && data.elapsedMs !== null);
      for (const direction of ['rxBytesPerSecond', 'txBytesPerSecond']) {
        const bytes = covered.reduce(
          (sum, event) => sum + (loopback(event)[direction] * event.data.elapsedMs) / 1000,
          0,
        );
        expect(Math.abs(bytes / sent - 1)).toBeLessThan(0.05);
      }
    } finally {
      reader.close();
    }
  });
});
