import { byteRate, bytes, group, rate, text } from '../field.ts';
import { metric } from '../metric.ts';

/** Source: /proc/meminfo and /proc/vmstat, Documentation/filesystems/proc.rst. */
export const memory = metric({
  title: 'Memory',
  pace: 'base',
  subSecond: true,
  sums: [
    { total: 'totalBytes', parts: ['usedBytes', 'availableBytes'] },
    {
      total: 'totalBytes',
      parts: ['otherBytes', 'freeBytes', 'buffersBytes', 'cacheBytes', 'sharedBytes', 'zfsArcBytes'],
    },
  ],
  fields: {
    totalBytes: bytes('Total', 'MemTotal: what the kernel can use', { aggregate: 'last' }),
    availableBytes: bytes('Available', 'MemAvailable: what programs could get without swapping'),
    usedBytes: bytes('Used', 'total - available, as free(1) of procps 4 shows it'),
    freeBytes: bytes('Free', 'MemFree: used for nothing at all'),
    buffersBytes: bytes('Buffers', 'Buffers: raw blocks of disks held in memory'),
    cacheBytes: bytes('Cache', 'Cached + SReclaimable - Shmem: files that can be dropped'),
    sharedBytes: bytes('Shared', 'Shmem: tmpfs and memory shared by programs'),
    zfsArcBytes: bytes('ZFS ARC', 'The cache of ZFS, 0 without ZFS'),
    otherBytes: bytes('Programs', 'The rest of total: programs and the kernel'),
    swapTotalBytes: bytes('Swap total', 'SwapTotal', { aggregate: 'last' }),
    swapUsedBytes: bytes('Swap used', 'SwapTotal - SwapFree'),
    swapInBytesPerSecond: byteRate('Swap in', 'Read back from swap (pswpin pages)'),
    swapOutBytesPerSecond: byteRate('Swap out', 'Written to swap (pswpout pages)'),
    majorFaultsPerSecond: rate('Major faults', 'Page faults that had to read from a disk (pgmajfault)'),
    dirtyBytes: bytes('Dirty', 'Dirty: waits to be written to disk'),
    writebackBytes: bytes('Writeback', 'Writeback: is being written to disk'),
    cgroup: group('cgroup', 'The limit that applies to this process and what counts against it; null without one', {
      scope: text('Scope', 'The group whose limit it is, by its path: the lowest counts where several have one'),
      limitBytes: bytes('Limit', 'The lowest memory.max of the group and all above it', { aggregate: 'last' }),
      usedBytes: bytes('Used in group', 'memory.current - inactive_file of that group'),
    }),
  },
});
