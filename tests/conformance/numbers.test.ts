import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spin, transfer } from '../support/load.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream, type StreamEvent } from '../support/sse.ts';

// The numbers under a load that the test makes itself, against tools that share no code with the server.

const isLinux = process.platform === 'linux';
// What lies in memory is not sent to any storage.
const hasIo = isLinux && existsSync('/proc/self/io') && !/^(tmpfs|ramfs)$/.test(fileSystemOf(tmpdir()));
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

function fileSystemOf(folder: string): string {
  return execFileSync('stat', ['-f', '-c', '%T', folder], { encoding: 'utf8' }).trim();
}

/** What `free` calls used by today's reading: total less available. */
function freeUsed(): number {
  const lines = execFileSync('free', ['-b'], { encoding: 'utf8' }).split('\n');
  const columns = (lines[1] ?? '').split(/\s+/).map(Number);
  return (columns[1] ?? Number.NaN) - (columns[6] ?? Number.NaN);
}

/** The number of the only child of a process, as soon as it has one. */
async function childOf(pid: number): Promise<number> {
  const read = () => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  await expect.poll(read).toMatch(/^\d+ $/);
  return Number(read());
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

  it.runIf(hasIo)('gives every byte that dd has written once, to dd or to the shell that waited for it', async () => {
    const MIB = 1_048_576;
    const folder = mkdtempSync(join(tmpdir(), 'telltale-io-'));
    const reader = await open('metrics=process&interval=1s');
    // The shell stays when dd has ended, and has then all that dd had written before.
    const script = 'dd bs=1M count=24 iflag=fullblock of="$0" conv=fdatasync 2>/dev/null; echo done; read -r _';
    const shell = spawn('sh', ['-c', script, join(folder, 'file')], { stdio: ['pipe', 'pipe', 'inherit'] });
    const isOurs = ({ pid }: { pid: number }) => pid === shell.pid || pid === dd;
    const written = (events: readonly StreamEvent[], who: typeof isOurs) =>
      events.reduce((sum, { data: { byIo, elapsedMs } }) => {
        const rates = byIo.filter(who).map((each: { writeBytesPerSecond: number }) => each.writeBytesPerSecond);
        return sum + rates.reduce((all: number, rate: number) => all + (rate * elapsedMs) / 1_000, 0);
      }, 0);
    const dd = await childOf(shell.pid as number);
    try {
      await reader.next(3);
      const seen = reader.events.length;
      // A part after each look, so that dd ends at a distance from any.
      for (let part = 0; part < 3; part++) {
        shell.stdin.write(Buffer.alloc(8 * MIB));
        if (part === 2) await once(shell.stdout, 'data');
        await reader.next(1);
      }
      await reader.next(1);
      const events = reader.events.slice(seen);
      // A file system writes some blocks of its own; what were told twice would be eight MiB.
      expect(written(events, isOurs) / MIB).toBeCloseTo(24, 0);
      expect(written(events, ({ pid }) => pid === dd) / MIB).toBeCloseTo(16, 0);
    } finally {
      reader.close();
      shell.stdin.end();
      await once(shell, 'close');
      rmSync(folder, { recursive: true });
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
