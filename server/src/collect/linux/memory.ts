import type { Collector } from '../collector.ts';
import { partition } from '../partition.ts';
import { perSecond } from '../rate.ts';
import { Faults } from './faults.ts';
import type { HostFiles } from './files.ts';

export interface MemoryReading {
  /** Bytes by the kernel's name. */
  readonly info: ReadonlyMap<string, number> | null;
  /** Events since boot by the kernel's name. */
  readonly events: ReadonlyMap<string, number> | null;
  readonly arcBytes: number;
}

/** What Linux runs with: 4 KiB nearly everywhere, more on some ARM and POWER kernels. */
const PAGE_SIZES = [4096, 16_384, 65_536];
const INFO_FIELDS = [
  ...['totalBytes', 'availableBytes', 'usedBytes', 'freeBytes', 'buffersBytes', 'cacheBytes', 'sharedBytes'],
  ...['otherBytes', 'swapTotalBytes', 'swapUsedBytes', 'dirtyBytes', 'writebackBytes'],
];
const EVENT_FIELDS = ['swapInBytesPerSecond', 'swapOutBytesPerSecond', 'majorFaultsPerSecond'];

/** Parses /proc/meminfo to bytes. */
export function parseMeminfo(text: string): ReadonlyMap<string, number> | Error {
  const info = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^([\w()]+): +(\d+)( kB)?$/.exec(line);
    if (match) info.set(match[1] as string, Number(match[2]) * (match[3] ? 1024 : 1));
  }
  return info.has('MemTotal') ? info : new Error('/proc/meminfo has no "MemTotal" line');
}

/** Parses files of `name value` lines, as /proc/vmstat. */
export function parseCounters(text: string): ReadonlyMap<string, number> | Error {
  const counters = new Map<string, number>();
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    const value = Number(line.slice(space + 1));
    if (space > 0 && Number.isFinite(value)) counters.set(line.slice(0, space), value);
  }
  return counters.size > 0 ? counters : new Error('/proc/vmstat is empty');
}

/** The size of the ZFS cache from /proc/spl/kstat/zfs/arcstats, 0 without ZFS. */
export function parseArcBytes(text: string): number {
  return Number(/^size +\d+ +(\d+)$/m.exec(text)?.[1] ?? 0);
}

/**
 * /proc/vmstat counts swap in pages and no file says how large they are, but it also has the free memory in pages,
 * which meminfo has in bytes.
 */
export function pageBytes(freeBytes: number, freePages: number): number {
  const ratio = freeBytes / freePages;
  const distance = (size: number) => Math.abs(Math.log2(size / ratio));
  return PAGE_SIZES.reduce((best, size) => (distance(size) < distance(best) ? size : best));
}

export function linuxMemory(files: HostFiles): Collector<'memory', MemoryReading> {
  return {
    read() {
      const faults = new Faults();
      const info = faults.parse(INFO_FIELDS, files.proc('meminfo'), parseMeminfo);
      const events = faults.parse(EVENT_FIELDS, files.proc('vmstat'), parseCounters);
      if (info && !info.has('MemAvailable')) {
        const reason = '/proc/meminfo has no "MemAvailable" line (Linux before 3.14)';
        faults.keep(['availableBytes', 'usedBytes'], new Error(reason));
      }
      const arc = files.proc('spl/kstat/zfs/arcstats');
      const arcBytes = arc instanceof Error ? 0 : parseArcBytes(arc);
      return { reading: { info, events, arcBytes }, faults: faults.list };
    },
    derive({ info, events, arcBytes }, before, elapsedMs) {
      const at = (name: string) => info?.get(name) ?? null;
      const or0 = (name: string) => info?.get(name) ?? 0;
      const eventRate = (name: string) => perSecond(events?.get(name), before?.events?.get(name), elapsedMs);
      const pageRate = (name: string) => {
        const pages = eventRate(name);
        return pages === null ? null : pages * pageBytes(or0('MemFree'), events?.get('nr_free_pages') ?? 0);
      };
      const total = at('MemTotal');
      // LXC can say that more is available than there is.
      const available = total === null || at('MemAvailable') === null ? null : Math.min(or0('MemAvailable'), total);
      const cache = or0('Cached') + or0('SReclaimable') - or0('Shmem');
      const { parts, rest } = partition(total ?? 0, [or0('MemFree'), or0('Shmem'), or0('Buffers'), cache, arcBytes]);
      const part = (index: number) => (total === null ? null : (parts[index] as number));
      return {
        totalBytes: total,
        availableBytes: available,
        usedBytes: total === null || available === null ? null : total - available,
        freeBytes: part(0),
        buffersBytes: part(2),
        cacheBytes: part(3),
        sharedBytes: part(1),
        zfsArcBytes: part(4),
        otherBytes: total === null ? null : rest,
        swapTotalBytes: at('SwapTotal'),
        swapUsedBytes: info ? Math.max(0, or0('SwapTotal') - or0('SwapFree')) : null,
        swapInBytesPerSecond: pageRate('pswpin'),
        swapOutBytesPerSecond: pageRate('pswpout'),
        majorFaultsPerSecond: eventRate('pgmajfault'),
        dirtyBytes: at('Dirty'),
        writebackBytes: at('Writeback'),
        cgroup: null,
      };
    },
  };
}
