import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeFiles } from '../../testing/fake-files.ts';
import type { Sample } from '../collector.ts';
import { type DiskReading, linuxDisk, parseDiskstats } from './disk.ts';

/** A virtual machine with Linux 6.18. */
const RECORDED = `   7       0 loop0 57 0 2280 3 0 0 0 0 0 8 3 0 0 0 0 0 0
   7       1 loop1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
 254       0 vda 427156 39467 27399346 522296 121237 87071 74021664 313967 0 88660 852585 71668 270 70344776 13002 24927 3317
 253       0 zram0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
`;
/** Documentation/admin-guide/iostats.rst. */
const LINUX_2_6 = `   3    0   hda 446216 784926 9550688 4382310 424847 312726 5922052 19310380 0 3376340 23705160
   3    1   hda1 35486 38030 38030 38030
`;

type Counters = readonly [
  reads: number,
  readSectors: number,
  readMs: number,
  writes: number,
  writeSectors: number,
  writeMs: number,
  busyMs: number,
  queueMs: number,
];
const line = (name: string, [reads, readSectors, readMs, writes, writeSectors, writeMs, busyMs, queueMs]: Counters) =>
  `   8       0 ${name} ${reads} 0 ${readSectors} ${readMs} ${writes} 0 ${writeSectors} ${writeMs} 0 ${busyMs} ${queueMs}\n`;
/** A file in which each device has so many of everything. */
const same = (counters: Readonly<Record<string, number>>) =>
  Object.entries(counters)
    .map(([name, n]) => line(name, [n, n, n, n, n, n, n, n]))
    .join('');
/** /sys/block with each disk on those that it names. */
const sysBlock = (disks: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(
    Object.entries(disks).flatMap(([name, below]) => [
      [`block/${name}/size`, '1\n'],
      ...below.map((lower) => [`block/${name}/slaves/${lower}/dev`, '8:1\n']),
    ]),
  );

const lookAt = (text: string, sys: Readonly<Record<string, string>> = {}) =>
  linuxDisk(fakeFiles({ diskstats: text }, sys)).read() as Sample<DiskReading>;
const { derive } = linuxDisk(fakeFiles({}));
const after = (now: Sample<DiskReading>, before: Sample<DiskReading>, elapsedMs = 1_000) =>
  derive(now.reading, before.reading, elapsedMs);
/** The names that are listed, and what is added up when each device has read as many sectors as it has letters. */
function listed(names: readonly string[], sys: Readonly<Record<string, string>> = {}) {
  const [before, now] = [0, 1].map((times) =>
    lookAt(same(Object.fromEntries(names.map((name) => [name, 1_000 + times * 2 ** names.indexOf(name)]))), sys),
  ) as [Sample<DiskReading>, Sample<DiskReading>];
  const { readBytesPerSecond, devices } = after(now, before);
  const summed = names.filter((_, i) => ((readBytesPerSecond ?? 0) / 512) & (2 ** i));
  return { listed: devices.map(({ name }) => name), summed, faults: now.faults };
}

describe('parseDiskstats', () => {
  it('reads a recorded file, but for what lies on files or in memory', () => {
    expect(parseDiskstats(RECORDED)).toEqual(
      new Map([
        [
          'vda',
          {
            ...{ reads: 427_156, readSectors: 27_399_346, readMs: 522_296 },
            ...{ writes: 121_237, writeSectors: 74_021_664, writeMs: 313_967, busyMs: 88_660, queueMs: 852_585 },
          },
        ],
      ]),
    );
  });

  it('reads the file of Linux 2.6, which has less of a partition', () => {
    const counters = parseDiskstats(LINUX_2_6) as ReadonlyMap<string, object>;
    expect([...counters.keys()]).toEqual(['hda']);
    expect(counters.get('hda')).toMatchObject({ reads: 446_216, writeSectors: 5_922_052, queueMs: 23_705_160 });
  });

  it('reads a file without devices, as a container may have it', () => {
    expect(parseDiskstats('')).toEqual(new Map());
  });

  it.each([
    ['a last line that stops', RECORDED.slice(0, -30)],
    ['a line with too few numbers', '   8       0 sda 1 2 3 4 5 6 7 8 9 10\n'],
    ['a name alone', '   8       0 sda\n'],
    ['no name', '   8       0\n'],
    ['words', '   8       0 sda a b c d e f g h i j k\n'],
    ['numbers below zero', '   8       0 sda 1 2 3 4 -5 6 7 8 9 10 11\n'],
    ['numbers of another kind', '   8       0 sda 1 2 3 4 0x5 6 7 1e8 9 10 11\n'],
    ['an empty line', `\n${RECORDED}`],
    ['something else', '{"sda": 5}\n'],
    ['zeros', '\0\0\0\n'],
  ])('refuses %s', (_, text) => expect(parseDiskstats(text)).toBeInstanceOf(Error));

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseDiskstats(`${text}\n`)));
  });
});

describe('the disks of Linux', () => {
  it('are told in bytes, requests, shares of the time and means', () => {
    const before = lookAt(line('sda', [100, 1_000, 500, 200, 8_000, 900, 3_000, 7_000]));
    const now = lookAt(line('sda', [150, 1_400, 620, 203, 8_024, 900, 3_500, 8_010]));
    expect(after(now, before, 2_000)).toEqual({
      readBytesPerSecond: 102_400,
      writeBytesPerSecond: 6_144,
      devices: [
        {
          name: 'sda',
          readBytesPerSecond: 102_400, // 400 sectors of 512 bytes in 2 s
          writeBytesPerSecond: 6_144, // 24 sectors
          readsPerSecond: 25,
          writesPerSecond: 1.5,
          busy: 25, // 500 of 2,000 ms
          queue: 0.51, // 1,010 ms of waiting in 2,000
          readLatencyMs: 2.4, // 120 ms for 50 reads
          writeLatencyMs: 0, // 3 writes, none of which took a millisecond
        },
      ],
    });
  });

  it('have no latency when nothing ended, and are never busier than always', () => {
    const before = lookAt(line('sda', [1, 1, 1, 1, 1, 1, 0, 0]));
    const now = lookAt(line('sda', [1, 1, 1, 1, 1, 1, 1_004, 1_004]));
    expect(after(now, before).devices).toEqual([
      {
        ...{ name: 'sda', readBytesPerSecond: 0, writeBytesPerSecond: 0, readsPerSecond: 0, writesPerSecond: 0 },
        ...{ busy: 100, queue: 1, readLatencyMs: null, writeLatencyMs: null },
      },
    ]);
  });

  it('have no rates in a first event', () => {
    const { readBytesPerSecond, devices } = derive(lookAt(RECORDED).reading, null, null);
    expect(readBytesPerSecond).toBeNull();
    expect(devices).toEqual([
      {
        ...{ name: 'vda', readBytesPerSecond: null, writeBytesPerSecond: null, readsPerSecond: null },
        ...{ writesPerSecond: null, busy: null, queue: null, readLatencyMs: null, writeLatencyMs: null },
      },
    ]);
  });

  it('say nothing of an interval in which a device was replaced, and go on from there', () => {
    const [first, second, third] = [1_000, 10, 60].map((n) => lookAt(same({ sda: n }))) as Sample<DiskReading>[];
    const reset = after(second as never, first as never);
    expect(reset.readBytesPerSecond).toBeNull();
    const { name, ...values } = reset.devices[0] as { name: string };
    expect(Object.values(values).every((value) => value === null)).toBe(true);
    expect(after(third as never, second as never).readBytesPerSecond).toBe(50 * 512);
  });

  it('lose only what depends on it when a time of 32 bits starts over', () => {
    const before = lookAt(line('sda', [1, 1, 4_294_967_290, 1, 1, 5, 4_294_967_290, 9]));
    const now = lookAt(line('sda', [2, 2, 4, 2, 2, 6, 4, 10]));
    expect(after(now, before).devices[0]).toMatchObject({
      ...{ readBytesPerSecond: 512, busy: null, queue: 0, readLatencyMs: null, writeLatencyMs: 1 },
    });
  });

  it('come and go, and are found again under their names', () => {
    const [with_, without] = [lookAt(same({ sda: 10, sdb: 70 })), lookAt(same({ sda: 20 }))];
    expect(after(without, with_).devices.map(({ name }) => name)).toEqual(['sda']);
    expect(after(without, with_).readBytesPerSecond).toBe(5_120);
    const back = after(with_, without);
    expect(back.devices[1]).toMatchObject({ name: 'sdb', readBytesPerSecond: null });
    // Of a device that is new nobody knows the rate, so nobody knows the sum.
    expect(back.readBytesPerSecond).toBeNull();
  });

  it('are listed in the order of people', () => {
    expect(listed(['sdb', 'nvme10n1', 'sda', 'nvme2n1']).listed).toEqual(['nvme2n1', 'nvme10n1', 'sda', 'sdb']);
  });

  it('are no partitions, by what /sys says', () => {
    const sys = sysBlock({ sda: [], xvda1: [], nvme0n1: [], 'cciss!c0d0': [] });
    expect(listed(['sda', 'sda1', 'xvda1', 'nvme0n1', 'nvme0n1p2', 'cciss/c0d0', 'cciss/c0d0p1'], sys)).toEqual({
      listed: ['cciss/c0d0', 'nvme0n1', 'sda', 'xvda1'],
      summed: ['sda', 'xvda1', 'nvme0n1', 'cciss/c0d0'],
      faults: [],
    });
  });

  it('are no partitions, by how the kernel names them, where /sys says nothing', () => {
    const disks = ['sda', 'nvme0n1', 'mmcblk0', 'mmcblk0boot0', 'sr0', 'vdb', 'nbd1', 'cciss/c0d0'];
    const partitions = ['sda1', 'sda15', 'nvme0n1p1', 'mmcblk0p2', 'vdb3', 'nbd1p1', 'cciss/c0d0p1'];
    const found = listed([...disks, ...partitions]);
    expect(new Set(found.listed)).toEqual(new Set(disks));
    expect(found.faults).toEqual([]);
  });

  it('say so when a name might be that of a partition', () => {
    expect(listed(['xvda1', 'sda'])).toMatchObject({
      listed: ['sda', 'xvda1'],
      faults: [{ fields: ['devices'], reason: 'xvda1 may be a partition: /sys does not know it' }],
    });
  });

  it('are told by their names where /sys is that of another machine', () => {
    expect(listed(['sda', 'sda1'], sysBlock({ vda: [], vdb: [] })).listed).toEqual(['sda']);
  });

  it('leave out paths to an NVMe device that is there as a whole', () => {
    expect(listed(['nvme0n1', 'nvme0c0n1', 'nvme0c1n1'], sysBlock({ nvme0n1: [], nvme0c0n1: [] })).listed).toEqual([
      'nvme0n1',
    ]);
  });

  it.each([
    ['volumes on a partition', { sda: [], 'dm-0': ['sda3'] }, ['sda', 'sda3', 'dm-0'], ['sda']],
    [
      'an encrypted volume on another',
      { sda: [], 'dm-0': ['sda'], 'dm-1': ['dm-0'] },
      ['sda', 'dm-0', 'dm-1'],
      ['sda'],
    ],
    [
      'a mirror',
      { sda: [], sdb: [], md127: ['sda1', 'sdb1'] },
      ['sda', 'sda1', 'sdb', 'sdb1', 'md127'],
      ['sda', 'sdb'],
    ],
    ['a volume on NVMe', { nvme0n1: [], 'dm-0': ['nvme0n1p3'] }, ['nvme0n1', 'nvme0n1p3', 'dm-0'], ['nvme0n1']],
    ['a cache', { sda: [], sdb: [], bcache0: ['sda', 'sdb'] }, ['sda', 'sdb', 'bcache0'], ['sda', 'sdb']],
    ['volumes of ZFS, which tells no disks', { sda: [], zd0: [], zd16: [] }, ['sda', 'zd0', 'zd16'], ['sda']],
    [
      'a volume on a loop device, which is not listed',
      { sda: [], 'dm-0': ['loop0'] },
      ['sda', 'dm-0'],
      ['dm-0', 'sda'],
    ],
    ['a volume on nothing', { sda: [], 'dm-0': [] }, ['sda', 'dm-0'], ['dm-0', 'sda']],
  ])('hold each byte once in their sum: %s', (_, disks, names, summed) => {
    const sys = sysBlock(disks);
    // An empty folder, which a map of files cannot show.
    const files = fakeFiles({ diskstats: same(Object.fromEntries(names.map((name) => [name, 7]))) }, sys);
    const sysList = (folder: string) =>
      folder.endsWith('/slaves') && files.sysList(folder) instanceof Error ? [] : files.sysList(folder);
    const { reading } = linuxDisk({ ...files, sysList }).read() as Sample<DiskReading>;
    expect([...reading].filter(([, { stacked }]) => !stacked).map(([name]) => name)).toEqual(summed);
  });

  it('do not count what must lie on others where /sys says nothing', () => {
    expect(listed(['sda', 'dm-0', 'md0', 'zd0']).summed).toEqual(['sda']);
    expect(listed(['dm-0', 'md0']).summed).toEqual(['dm-0', 'md0']);
  });

  it('are looked up anew when other names appear, and now and then', () => {
    const sys: Record<string, string> = sysBlock({ sda: [], sdb: [] });
    const files = { ...fakeFiles({}, sys) };
    let text = same({ sda: 1, sdb: 1 });
    let lists = 0;
    const disk = linuxDisk({
      ...files,
      proc: () => text,
      sysList(folder) {
        if (folder === 'block') lists++;
        return fakeFiles({}, sys).sysList(folder);
      },
    });
    const names = () => [...(disk.read() as Sample<DiskReading>).reading.keys()];
    for (let i = 0; i < 30; i++) expect(names()).toEqual(['sda', 'sdb']);
    expect(lists).toBe(1);
    Object.assign(sys, sysBlock({ 'dm-0': ['sda'] }));
    text = same({ sda: 1, sdb: 1, 'dm-0': 1 });
    expect(names()).toEqual(['dm-0', 'sda', 'sdb']);
    expect(lists).toBe(2);
    for (let i = 0; i < 30; i++) names();
    expect(lists).toBe(3);
  });

  it('that never did anything are left out: empty drives, spare devices of a driver', () => {
    const before = lookAt(same({ sda: 5, sr0: 0, nbd3: 0 }));
    expect(after(lookAt(same({ sda: 6, sr0: 0, nbd3: 0 })), before).devices.map(({ name }) => name)).toEqual(['sda']);
    // Its first use is told in full.
    expect(after(lookAt(same({ sda: 6, sr0: 3, nbd3: 0 })), before)).toMatchObject({
      readBytesPerSecond: 4 * 512,
      devices: [{ name: 'sda' }, { name: 'sr0', readBytesPerSecond: 3 * 512 }],
    });
  });

  it.each(['', RECORDED.split('\n').slice(0, 2).join('\n').concat('\n'), same({ sr0: 0 })])(
    'are nothing to speak of where there are none: %j',
    (text) => expect(lookAt(text)).toBeNull(),
  );

  it('are null, and why, where the file cannot be read', () => {
    const { reading, faults } = linuxDisk(fakeFiles({})).read() as Sample<DiskReading>;
    expect(faults).toEqual([
      {
        fields: ['readBytesPerSecond', 'writeBytesPerSecond', 'devices'],
        reason: '/proc/diskstats does not exist',
      },
    ]);
    expect(derive(reading, null, null)).toEqual({ readBytesPerSecond: null, writeBytesPerSecond: null, devices: [] });
  });

  it.each(['constructor', '__proto__', '$(id)', '..', '.', '../..', '<img>', 'ünï', '!'])(
    'take the name %s for nothing but a name, and never leave their folder for it',
    (name) => {
      const asked: string[] = [];
      const files = fakeFiles({ diskstats: same({ sda: 1, [name]: 1 }) }, sysBlock({ sda: [] }));
      const sysList = (folder: string) => {
        asked.push(folder);
        return files.sysList(folder);
      };
      void linuxDisk({ ...files, sysList }).read();
      expect(asked).toEqual(['block', 'block/sda/slaves']);
      const bare = lookAt(same({ sda: 1, [name]: 5 }));
      expect(derive(bare.reading, null, null).devices.map((each) => each.name)).toContain(name);
    },
  );

  it('are listed as far as can be borne, with a fault, and all counted', () => {
    const many = (n: number) =>
      lookAt(same(Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`vd_${i}x`, n]))));
    const values = after(many(3), many(1));
    expect(values.devices).toHaveLength(512);
    expect(values.readBytesPerSecond).toBe(600 * 2 * 512);
    expect(many(1).faults).toEqual([{ fields: ['devices'], reason: 'only the first 512 devices are shown' }]);
  });

  it('tell no number that cannot be, whatever the counters', () => {
    const counter = fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 70n }).map(Number));
    const counters = fc.tuple(counter, counter, counter, counter, counter, counter, counter, counter);
    fc.assert(
      fc.property(counters, counters, fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (first, second, elapsedMs) => {
        const digits = (values: Counters) => values.map((value) => BigInt(value)) as never as Counters;
        const before = lookAt(line('sda', digits(first)) + line('sdz', [1, 1, 1, 1, 1, 1, 1, 1]));
        const now = lookAt(line('sda', digits(second)) + line('sdz', [1, 1, 1, 1, 1, 1, 1, 1]));
        for (const { name, ...values } of after(now, before, elapsedMs).devices) {
          for (const value of Object.values(values)) {
            expect(value === null || (Number.isFinite(value) && value >= 0)).toBe(true);
          }
          expect(values.busy ?? 0).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});
