import type { Systeminformation } from 'systeminformation';
import type { Collector } from '../collector.ts';
import { partition } from '../partition.ts';
import type { PortableBridge } from './bridge.ts';

type Reading = Systeminformation.MemData;

const NOT_TOLD = [
  'sharedBytes',
  'zfsArcBytes',
  'swapInBytesPerSecond',
  'swapOutBytesPerSecond',
  'majorFaultsPerSecond',
];

export function portableMemory(bridge: PortableBridge): Collector<'memory', Reading> {
  return {
    async read() {
      const reading = (await bridge.call('memory')) as Reading;
      // The library answers with zeros where it could not read: a machine without memory does not exist.
      if (!(reading.total > 0 && reading.available > 0)) throw new Error('systeminformation told no memory');
      return { reading, faults: [{ fields: NOT_TOLD, reason: 'systeminformation does not tell' }] };
    },
    derive(now) {
      const { parts, rest } = partition(now.total, [now.free, now.buffers, now.cached]);
      const [free = 0, buffers = 0, cache = 0] = parts;
      return {
        totalBytes: now.total,
        availableBytes: Math.min(now.available, now.total),
        usedBytes: Math.max(0, now.total - now.available),
        freeBytes: free,
        buffersBytes: buffers,
        cacheBytes: cache,
        sharedBytes: null,
        zfsArcBytes: null,
        otherBytes: rest,
        swapTotalBytes: now.swaptotal,
        swapUsedBytes: now.swapused,
        swapInBytesPerSecond: null,
        swapOutBytesPerSecond: null,
        majorFaultsPerSecond: null,
        dirtyBytes: now.dirty ?? null,
        writebackBytes: now.writeback ?? null,
        cgroup: null,
      };
    },
  };
}
