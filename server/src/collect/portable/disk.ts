import type { Collector } from '../collector.ts';
import { perSecond } from '../rate.ts';
import { neverTold, told } from '../told.ts';
import type { PortableCalls } from './bridge.ts';
import type { Answers } from './worker.ts';

type Reading = NonNullable<Answers['disk']>;

// disksIO() adds up the requests of all disks. A sum of theirs is not asked for, and it is no device.
const NOT_TOLD = neverTold(['devices']);

/** Bytes of all mounted file systems' devices (Linux) or of all disks (macOS); nothing is told of other systems. */
export function portableDisk(bridge: PortableCalls): Collector<'disk', Reading> {
  return {
    async read() {
      const reading = await bridge.call('disk');
      if (reading === null) return null;
      // No machine runs from a disk without having read from it; zeros say that nothing could be read.
      if (told(reading.readBytes, 1) === null || told(reading.writtenBytes) === null) {
        throw new Error('systeminformation told no disk traffic');
      }
      return { reading, measuredAt: reading.measuredAt, faults: [NOT_TOLD] };
    },
    derive(now, before) {
      const measuredMs = before && now.measuredAt - before.measuredAt;
      return {
        readBytesPerSecond: perSecond(now.readBytes, before?.readBytes, measuredMs),
        writeBytesPerSecond: perSecond(now.writtenBytes, before?.writtenBytes, measuredMs),
        devices: [],
      };
    },
  };
}
