import type { MetricValues } from '@telltale/shared';
import { BlockDeviceReader } from '../block-devices.ts';
import type { Collector } from '../collector.ts';
import { round, sum } from '../rate.ts';
import { Faults } from './faults.ts';
import type { HostFiles } from './files.ts';

/** What a device has done since it was found. */
export interface DiskCounters {
  readonly reads: number;
  readonly readSectors: number;
  readonly readMs: number;
  readonly writes: number;
  readonly writeSectors: number;
  readonly writeMs: number;
  /** Ms with a request under way. */
  readonly busyMs: number;
  /** The same, each ms as often as there were requests. */
  readonly queueMs: number;
}

export interface Disk {
  readonly stacked: boolean;
  readonly counters: DiskCounters;
}

/** Whole devices by name, sorted by it. */
export type DiskReading = ReadonlyMap<string, Disk>;

type Device = MetricValues<'disk'>['devices'][number];

/** Devices beyond this many are not listed, with a fault; they still count in the totals. */
const MAX_DEVICES = 512;
/** Of the kernel's counters, whatever the device's own sectors are. */
const SECTOR_BYTES = 512;
/** In the order of the file, after major, minor and name; later kernels have more behind, 2.6 had four for a partition. */
const COLUMNS = 11;
const COLUMNS_OF_OLD_PARTITIONS = 4;
/** What lies on files or in memory, and the single paths to an NVMe device that is there as a whole as well. */
const LEFT_OUT = /^(?:(?:loop|ram|zram)\d|nvme\d+c\d+n\d)/;
/** Any of these goes back only with the device. Times may, too, without a reset: many kernels keep them in 32 bits. */
const STEADY = ['reads', 'readSectors', 'writes', 'writeSectors'] as const;

/** Parses /proc/diskstats (Documentation/admin-guide/iostats.rst), but for what is no disk. */
export function parseDiskstats(text: string): ReadonlyMap<string, DiskCounters> | Error {
  const counters = new Map<string, DiskCounters>();
  const lines = text.split('\n');
  if (lines.pop() !== '') return new Error('/proc/diskstats was cut short');
  for (const line of lines) {
    const [, name, numbers] = /^ *\d+ +\d+ +(\S+)((?: +\d+)+) *$/.exec(line) ?? [];
    if (name !== undefined && LEFT_OUT.test(name)) continue;
    const columns = numbers?.trim().split(/ +/).map(Number) ?? [];
    if (columns.length === COLUMNS_OF_OLD_PARTITIONS) continue;
    if (name === undefined || columns.length < COLUMNS) {
      return new Error(`/proc/diskstats: cannot understand "${line.trim().slice(0, 60)}"`);
    }
    const [reads, , readSectors, readMs, writes, , writeSectors, writeMs, , busyMs, queueMs] = columns as number[];
    counters.set(name, {
      ...{ reads, readSectors, readMs, writes, writeSectors, writeMs, busyMs, queueMs },
    } as DiskCounters);
  }
  return counters;
}

/** An empty drive and the spare devices of a driver (`sr0`, `nbd7`) never did anything; a disk was read when it was found. */
const wasUsed = ({ counters }: Disk) => counters.reads + counters.writes > 0;

/** The kernel counts in ticks of its own, whose ends are not those of our interval. */
const capped = (percent: number | null) => percent && Math.min(100, percent);

function toDevice(name: string, now: DiskCounters, before: DiskCounters | undefined, elapsedMs: number | null): Device {
  const isSame = before !== undefined && STEADY.every((key) => now[key] >= before[key]);
  /** What a counter grew by, `null` where that cannot be told. */
  const grown = (key: keyof DiskCounters) =>
    isSame && elapsedMs !== null && elapsedMs > 0 && now[key] >= before[key] ? now[key] - before[key] : null;
  const perMs = (key: keyof DiskCounters, unit: number, digits: number) => {
    const value = grown(key);
    return value === null ? null : round((value * unit) / (elapsedMs as number), digits);
  };
  const mean = (requests: number | null, ms: number | null) =>
    requests && ms !== null ? round(ms / requests, 2) : null;
  return {
    name,
    readBytesPerSecond: perMs('readSectors', SECTOR_BYTES * 1_000, 0),
    writeBytesPerSecond: perMs('writeSectors', SECTOR_BYTES * 1_000, 0),
    readsPerSecond: perMs('reads', 1_000, 2),
    writesPerSecond: perMs('writes', 1_000, 2),
    busy: capped(perMs('busyMs', 100, 2)),
    queue: perMs('queueMs', 1, 2),
    readLatencyMs: mean(grown('reads'), grown('readMs')),
    writeLatencyMs: mean(grown('writes'), grown('writeMs')),
  };
}

export function linuxDisk(files: HostFiles): Collector<'disk', DiskReading> {
  const reader = new BlockDeviceReader(files);
  return {
    read() {
      const faults = new Faults();
      const fields = ['readBytesPerSecond', 'writeBytesPerSecond', 'devices'];
      const counters = faults.parse(fields, files.proc('diskstats'), parseDiskstats);
      if (!counters) return { reading: new Map(), faults: faults.list };
      const { devices, doubtful } = reader.read([...counters.keys()]);
      const reading = new Map(
        devices.map(({ name, stacked }) => [name, { stacked, counters: counters.get(name) as DiskCounters }]),
      );
      const used = [...reading.values()].filter(wasUsed).length;
      if (used === 0) return null;
      if (used > MAX_DEVICES) faults.keep(['devices'], new Error(`only the first ${MAX_DEVICES} devices are shown`));
      if (doubtful !== null) {
        faults.keep(['devices'], new Error(`${doubtful.slice(0, 60)} may be a partition: /sys does not know it`));
      }
      return { reading, faults: faults.list };
    },
    derive(reading, before, elapsedMs) {
      const disks = [...reading].map(([name, disk]) => ({
        disk,
        values: toDevice(name, disk.counters, before?.get(name)?.counters, elapsedMs),
      }));
      const lowest = disks.filter(({ disk }) => !disk.stacked);
      return {
        readBytesPerSecond: sum(lowest.map(({ values }) => values.readBytesPerSecond)),
        writeBytesPerSecond: sum(lowest.map(({ values }) => values.writeBytesPerSecond)),
        devices: disks
          .filter(({ disk }) => wasUsed(disk))
          .slice(0, MAX_DEVICES)
          .map(({ values }) => values),
      };
    },
  };
}
