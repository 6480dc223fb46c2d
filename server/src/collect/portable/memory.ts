import type { Collector } from '../collector.ts';
import { neverTold, told } from '../told.ts';
import type { PortableCalls } from './bridge.ts';
import type { Answers } from './worker.ts';

type Reading = Answers['memory'];

const NEVER = [
  ...['cacheBytes', 'sharedBytes', 'zfsArcBytes', 'otherBytes', 'cgroup'],
  ...['swapInBytesPerSecond', 'swapOutBytesPerSecond', 'majorFaultsPerSecond'],
];
const SWAP = ['swapTotalBytes', 'swapUsedBytes'];
/** Beside Linux the library leaves these at 0 or null. */
const LINUX_ALONE = ['buffersBytes', 'dirtyBytes', 'writebackBytes'];

/** `platform`: as Node names it. */
export function portableMemory(bridge: PortableCalls, platform: string): Collector<'memory', Reading> {
  const isLinux = platform === 'linux';
  const tellsSwap = !platform.endsWith('bsd');
  const notTold = neverTold([...NEVER, ...(isLinux ? [] : LINUX_ALONE), ...(tellsSwap ? [] : SWAP)]);
  return {
    async read() {
      const reading = await bridge.call('memory');
      // Where it could not read, the library falls back to what Node knows, which takes the cache for used. No system
      // is without a cache; of that of Windows the library knows nothing.
      const isFallback = platform !== 'win32' && reading.buffcache === 0;
      if (isFallback || told(reading.total, 1) === null || told(reading.available, 1) === null) {
        throw new Error('systeminformation told no memory');
      }
      return { reading, faults: [notTold] };
    },
    derive(now) {
      const available = Math.min(now.available, now.total);
      return {
        totalBytes: now.total,
        availableBytes: available,
        usedBytes: now.total - available,
        freeBytes: told(now.free, 0, now.total),
        buffersBytes: isLinux ? told(now.buffers, 0, now.total) : null,
        // Of Cached, the library does not tell how much is shared memory and no cache at all.
        cacheBytes: null,
        sharedBytes: null,
        zfsArcBytes: null,
        otherBytes: null,
        swapTotalBytes: tellsSwap ? told(now.swaptotal) : null,
        swapUsedBytes: tellsSwap ? told(now.swapused, 0, now.swaptotal) : null,
        swapInBytesPerSecond: null,
        swapOutBytesPerSecond: null,
        majorFaultsPerSecond: null,
        dirtyBytes: isLinux ? told(now.dirty) : null,
        writebackBytes: isLinux ? told(now.writeback) : null,
        cgroup: null,
      };
    },
  };
}
