import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeFiles } from '../../testing/fake-files.ts';
import type { Sample } from '../collector.ts';
import { linuxMemory, type MemoryReading, pageBytes, parseArcBytes, parseMeminfo, parseVmstat } from './memory.ts';

const recorded = (name: string) =>
  readFileSync(new URL(`../../../../tests/hosts/debian-vm/1/proc/${name}`, import.meta.url), 'utf8');
const meminfo = recorded('meminfo');
const vmstat = recorded('vmstat');

function see(info: string, more: Record<string, string> = {}) {
  const collector = linuxMemory(fakeFiles({ meminfo: info, vmstat, ...more }));
  const { reading, faults } = collector.read() as Sample<MemoryReading>;
  return { values: collector.derive(reading, null, null), faults };
}
const without = (line: string) => meminfo.replace(new RegExp(`^${line}:.*\n`, 'm'), '');
const having = (line: string, kib: number) => meminfo.replace(new RegExp(`^${line}:.*$`, 'm'), `${line}: ${kib} kB`);

describe('parseMeminfo', () => {
  it('reads sizes as bytes, and only what is needed', () => {
    const info = parseMeminfo('MemTotal:  100 kB\nHugePages_Total:  7\nActive(anon): 3 kB\nShmem: 2 kB');
    expect(info).toEqual(new Map(Object.entries({ MemTotal: 102_400, Shmem: 2_048 })));
  });

  it.each(['', 'MemFree: 5 kB\n', 'MemTotal: many kB\n', 'MemTotal: -5 kB\n', '\0\0\0', '{"MemTotal": 5}'])(
    'refuses %j',
    (text) => expect(parseMeminfo(text)).toBeInstanceOf(Error),
  );
});

describe('parseVmstat', () => {
  it('reads the counters that are needed and passes over the rest', () => {
    expect(parseVmstat('nr_page_table_pages 9\nnonsense\npswpin x\npgmajfault 3\n')).toEqual(
      new Map(Object.entries({ nr_page_table_pages: 9, pgmajfault: 3 })),
    );
  });

  it.each(['', '\n\n', 'nonsense', 'pswpin b\n'])('refuses %j', (text) => {
    expect(parseVmstat(text)).toBeInstanceOf(Error);
  });
});

describe('parseArcBytes', () => {
  it('finds the size', () => expect(parseArcBytes('c 4 1\nsize      4    2147483648\n')).toBe(2_147_483_648));
  it.each(['hits 4 1\n', 'size 4 2147', 'size 4 -5\n', `size 4 ${'9'.repeat(30)}\n`, 'size 4 1e3\n'])(
    'refuses %j',
    (text) => {
      expect(parseArcBytes(text)).toBeInstanceOf(Error);
    },
  );
});

describe('pageBytes', () => {
  it.each([
    [1_024_000_000, 250_000, 4_096],
    // The two files are read one after the other: they never agree exactly.
    [1_030_000_000, 250_000, 4_096],
    [16_384_000, 1_000, 16_384],
    [65_536_000, 990, 65_536],
  ])('takes %d bytes in %d pages for pages of %d', (bytes, pages, expected) => {
    expect(pageBytes(bytes, pages)).toBe(expected);
  });
});

describe('the memory of Linux', () => {
  it('does not take a cache of ZFS that may not be read for none', () => {
    const refusal = new Error('/proc/spl/kstat/zfs/arcstats may not be read by this user');
    const files = fakeFiles({ meminfo, vmstat });
    const refusing = { ...files, proc: (name: string) => (name.startsWith('spl/') ? refusal : files.proc(name)) };
    const { reading, faults } = linuxMemory(refusing).read() as Sample<MemoryReading>;
    expect(linuxMemory(files).derive(reading, null, null)).toMatchObject({ zfsArcBytes: null, otherBytes: null });
    expect(faults).toEqual([{ fields: ['zfsArcBytes', 'otherBytes'], reason: refusal.message }]);
  });

  it('knows how large pages are in LXC, where only the container’s free memory is known', () => {
    const info = 'MemTotal: 33554432 kB\nMemFree: 30000000 kB\nPageTables: 40000 kB\n';
    const at = (pswpin: number) => {
      const events = `nr_free_pages 300000\nnr_page_table_pages 10000\npswpin ${pswpin}\npswpout 0\npgmajfault 0\n`;
      return (linuxMemory(fakeFiles({ meminfo: info, vmstat: events })).read() as Sample<MemoryReading>).reading;
    };
    const values = linuxMemory(fakeFiles({})).derive(at(30), at(10), 2_000);
    expect(values.swapInBytesPerSecond).toBe(10 * 4_096);
  });

  it('has no fault on a machine that tells everything', () => {
    expect(see(meminfo).faults).toEqual([]);
  });

  it('calls used what is not available', () => {
    const { totalBytes, availableBytes, usedBytes } = see(meminfo).values;
    expect(usedBytes).toBe((totalBytes as number) - (availableBytes as number));
  });

  it('bears more available than there is, as LXC says it', () => {
    const { totalBytes, availableBytes, usedBytes } = see(having('MemAvailable', 99_999_999)).values;
    expect(availableBytes).toBe(totalBytes);
    expect(usedBytes).toBe(0);
  });

  it('bears more cache and free memory than there is', () => {
    const { values } = see(having('Cached', 99_999_999));
    const { totalBytes, freeBytes, buffersBytes, cacheBytes, sharedBytes, zfsArcBytes, otherBytes } = values;
    const parts = [freeBytes, buffersBytes, cacheBytes, sharedBytes, zfsArcBytes, otherBytes] as number[];
    expect(parts.reduce((a, b) => a + b, 0)).toBe(totalBytes);
    expect(otherBytes).toBe(0);
  });

  it('splits the total exactly, whatever the kernel says', () => {
    const kib = fc.nat(2 ** 32);
    fc.assert(
      fc.property(fc.tuple(kib, kib, kib, kib, kib, kib), kib, ([a, b, c, d, e, f], arc) => {
        const info = `MemTotal: ${a} kB\nMemFree: ${b} kB\nBuffers: ${c} kB\nCached: ${d} kB\nShmem: ${e} kB\nSReclaimable: ${f} kB\n`;
        const { values } = see(info, { 'spl/kstat/zfs/arcstats': `size 4 ${arc * 1_024}\n` });
        const parts = [values.freeBytes, values.buffersBytes, values.cacheBytes, values.sharedBytes];
        const all = [...parts, values.zfsArcBytes, values.otherBytes] as number[];
        expect(all.reduce((x, y) => x + y, 0)).toBe(values.totalBytes);
        expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it.each([
    ['MemAvailable', ['availableBytes', 'usedBytes']],
    ['MemFree', ['freeBytes', 'otherBytes']],
    ['Shmem', ['sharedBytes', 'otherBytes']],
    ['SwapFree', ['swapUsedBytes']],
    ['Dirty', ['dirtyBytes']],
  ])('says null, not 0, without the %s line, and why', (line, fields) => {
    const { values, faults } = see(without(line));
    expect(faults).toEqual([{ fields, reason: `/proc/meminfo has no "${line}" line` }]);
    for (const field of fields) expect(values[field as keyof typeof values]).toBeNull();
    expect(values.totalBytes).toBeGreaterThan(0);
  });

  it('says null for swapping on a kernel that was built without it', () => {
    const { faults } = see(meminfo, { vmstat: 'nr_page_table_pages 5\npgmajfault 5\n' });
    expect(faults.flatMap(({ fields }) => fields)).toEqual(['swapInBytesPerSecond', 'swapOutBytesPerSecond']);
  });

  it('keeps what one file tells when the other is missing', () => {
    const collector = linuxMemory(fakeFiles({ meminfo }));
    const { reading, faults } = collector.read() as Sample<MemoryReading>;
    expect(collector.derive(reading, reading, 1_000)).toMatchObject({
      majorFaultsPerSecond: null,
      dirtyBytes: 5_939_200,
    });
    expect(faults).toHaveLength(1);
  });
});
