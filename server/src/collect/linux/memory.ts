import { findMemoryLimit, LOOKS_BETWEEN_LIMITS, type MemoryGroup, readMemoryGroup } from '../cgroup.ts';
import type { Collector } from '../collector.ts';
import { isAbsence } from '../device-class.ts';
import { partition } from '../partition.ts';
import { happeningsPerSecond, perSecond, round } from '../rate.ts';
import { Seldom } from '../seldom.ts';
import { numberAfter } from '../text-lines.ts';
import { Faults } from './faults.ts';
import type { HostFiles } from './files.ts';

export interface MemoryReading {
  /** Bytes by the kernel's name. */
  readonly info: ReadonlyMap<string, number> | null;
  /** Events since boot by the kernel's name. */
  readonly events: ReadonlyMap<string, number> | null;
  /** 0 without ZFS, `null` when its file cannot be understood. */
  readonly arcBytes: number | null;
  /** `null` without a limit. */
  readonly group: MemoryGroup | null;
}

/** What Linux runs with: 4 KiB nearly everywhere, more on some ARM and POWER kernels. */
const PAGE_SIZES = [4096, 16_384, 65_536];
const INFO_FIELDS = [
  ...['totalBytes', 'availableBytes', 'usedBytes', 'freeBytes', 'buffersBytes', 'cacheBytes', 'sharedBytes'],
  ...['zfsArcBytes', 'otherBytes', 'swapTotalBytes', 'swapUsedBytes', 'dirtyBytes', 'writebackBytes'],
];
const SWAP_FIELDS = ['swapInBytesPerSecond', 'swapOutBytesPerSecond'];
const EVENT_FIELDS = [...SWAP_FIELDS, 'majorFaultsPerSecond'];
/**
 * The lines of /proc/meminfo that not every kernel has (WSL 1, gVisor, before 3.14), and the fields that cannot be told
 * without them. SReclaimable is not among them: without it the cache is Cached alone.
 */
const INFO_LINES: Readonly<Record<string, readonly string[]>> = {
  MemAvailable: ['availableBytes', 'usedBytes'],
  MemFree: ['freeBytes', 'otherBytes'],
  Buffers: ['buffersBytes', 'otherBytes'],
  Cached: ['cacheBytes', 'otherBytes'],
  Shmem: ['sharedBytes', 'otherBytes'],
  SwapTotal: ['swapTotalBytes', 'swapUsedBytes'],
  SwapFree: ['swapUsedBytes'],
  Dirty: ['dirtyBytes'],
  Writeback: ['writebackBytes'],
  PageTables: SWAP_FIELDS,
};
/** The same for /proc/vmstat: a kernel built without swap has no lines for it. */
const EVENT_LINES: Readonly<Record<string, readonly string[]>> = {
  pswpin: ['swapInBytesPerSecond'],
  pswpout: ['swapOutBytesPerSecond'],
  pgmajfault: ['majorFaultsPerSecond'],
  nr_page_table_pages: SWAP_FIELDS,
};

const INFO_NAMES = ['MemTotal', 'SReclaimable', ...Object.keys(INFO_LINES)];
const EVENT_NAMES = Object.keys(EVENT_LINES);

function pick(names: readonly string[], read: (name: string) => number | null): Map<string, number> {
  const found = new Map<string, number>();
  for (const name of names) {
    const value = read(name);
    if (value !== null) found.set(name, value);
  }
  return found;
}

/** Parses what is needed of /proc/meminfo, to bytes. */
export function parseMeminfo(text: string): ReadonlyMap<string, number> | Error {
  const info = pick(INFO_NAMES, (name) => {
    const kilobytes = numberAfter(text, `${name}:`, ' kB');
    return kilobytes === null ? null : kilobytes * 1024;
  });
  return info.has('MemTotal') ? info : new Error('/proc/meminfo has no "MemTotal" line');
}

/** Parses what is needed of /proc/vmstat. */
export function parseVmstat(text: string): ReadonlyMap<string, number> | Error {
  const events = pick(EVENT_NAMES, (name) => numberAfter(text, `${name} `));
  return events.size > 0 ? events : new Error('/proc/vmstat cannot be understood');
}

/** The size of the ZFS cache from /proc/spl/kstat/zfs/arcstats. */
export function parseArcBytes(text: string): number | Error {
  const size = /^size +\d+ +(\d{1,20})\n/m.exec(text)?.[1];
  return size === undefined ? new Error('/proc/spl/kstat/zfs/arcstats has no "size" line') : Number(size);
}

/**
 * /proc/vmstat counts swap in pages and no file says how large they are, but the tables of pages it has in pages and
 * meminfo in bytes. So it has free memory, which in LXC is the machine's in one and the container's in the other.
 */
export function pageBytes(bytes: number, pages: number): number {
  const ratio = bytes / pages;
  const distance = (size: number) => Math.abs(Math.log2(size / ratio));
  return PAGE_SIZES.reduce((best, size) => (distance(size) < distance(best) ? size : best));
}

/** Says of each line that a file should have and has not which fields are missing for it. */
function nameMissing(
  faults: Faults,
  file: string,
  found: ReadonlyMap<string, number> | null,
  lines: Readonly<Record<string, readonly string[]>>,
): void {
  for (const [line, fields] of Object.entries(lines)) {
    if (found && !found.has(line)) faults.keep(fields, new Error(`${file} has no "${line}" line`));
  }
}

export function linuxMemory(files: HostFiles): Collector<'memory', MemoryReading> {
  const limits = new Seldom(LOOKS_BETWEEN_LIMITS, () => findMemoryLimit(files));
  return {
    read() {
      const faults = new Faults();
      const info = faults.parse([...INFO_FIELDS, ...SWAP_FIELDS], files.proc('meminfo'), parseMeminfo);
      const events = faults.parse(EVENT_FIELDS, files.proc('vmstat'), parseVmstat);
      nameMissing(faults, '/proc/meminfo', info, INFO_LINES);
      nameMissing(faults, '/proc/vmstat', events, EVENT_LINES);
      const arc = files.proc('spl/kstat/zfs/arcstats');
      const isWithoutZfs = arc instanceof Error && isAbsence(arc);
      const arcBytes = isWithoutZfs ? 0 : faults.parse(['zfsArcBytes', 'otherBytes'], arc, parseArcBytes);
      const limit = faults.keep(['cgroup'], limits.read());
      const group = limit && readMemoryGroup(files, limit);
      if (group?.usedBytes instanceof Error) faults.keep(['cgroup.usedBytes'], group.usedBytes);
      return { reading: { info, events, arcBytes, group }, faults: faults.list };
    },
    derive({ info, events, arcBytes, group }, before, elapsedMs) {
      const at = (name: string) => info?.get(name) ?? null;
      const or0 = (name: string) => info?.get(name) ?? 0;
      const pageRate = (name: string) => {
        const [bytes, pages] = [info?.get('PageTables'), events?.get('nr_page_table_pages')];
        const rate = perSecond(events?.get(name), before?.events?.get(name), elapsedMs, 6);
        return rate === null || !bytes || !pages ? null : round(rate * pageBytes(bytes, pages), 0);
      };
      const total = at('MemTotal');
      // LXC can say that more is available than there is.
      const available = total === null || at('MemAvailable') === null ? null : Math.min(or0('MemAvailable'), total);
      const cache = or0('Cached') + or0('SReclaimable') - or0('Shmem');
      const { parts, rest } = partition(total ?? 0, [
        or0('MemFree'),
        or0('Shmem'),
        or0('Buffers'),
        cache,
        arcBytes ?? 0,
      ]);
      const known = (...lines: string[]) => lines.every((line) => info?.has(line) ?? false);
      const part = (index: number, line: string) => (known(line) ? (parts[index] as number) : null);
      return {
        totalBytes: total,
        availableBytes: available,
        usedBytes: total === null || available === null ? null : total - available,
        freeBytes: part(0, 'MemFree'),
        buffersBytes: part(2, 'Buffers'),
        cacheBytes: part(3, 'Cached'),
        sharedBytes: part(1, 'Shmem'),
        zfsArcBytes: total === null || arcBytes === null ? null : (parts[4] as number),
        otherBytes: arcBytes !== null && known('MemFree', 'Shmem', 'Buffers', 'Cached') ? rest : null,
        swapTotalBytes: at('SwapTotal'),
        swapUsedBytes: known('SwapTotal', 'SwapFree') ? Math.max(0, or0('SwapTotal') - or0('SwapFree')) : null,
        swapInBytesPerSecond: pageRate('pswpin'),
        swapOutBytesPerSecond: pageRate('pswpout'),
        majorFaultsPerSecond: happeningsPerSecond(
          events?.get('pgmajfault'),
          before?.events?.get('pgmajfault'),
          elapsedMs,
        ),
        dirtyBytes: at('Dirty'),
        writebackBytes: at('Writeback'),
        cgroup: group && { ...group, usedBytes: group.usedBytes instanceof Error ? null : group.usedBytes },
      };
    },
  };
}
