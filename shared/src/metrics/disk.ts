import { byteRate, count, list, rate, share } from '../field.ts';
import { metric } from '../metric.ts';

/** Source: /proc/diskstats (Documentation/admin-guide/iostats.rst), /sys/block. */
export const disk = metric({
  title: 'Disk',
  pace: 'base',
  subSecond: true,
  fields: {
    readBytesPerSecond: byteRate('Read', 'Sum over devices that do not lie on other devices of the list'),
    writeBytesPerSecond: byteRate('Written', 'Sum over devices that do not lie on other devices of the list'),
    devices: list('Devices', 'Whole block devices that were ever used; no partitions, loop devices or RAM disks', {
      readBytesPerSecond: byteRate('Read', 'Sectors read, of 512 bytes'),
      writeBytesPerSecond: byteRate('Written', 'Sectors written, of 512 bytes'),
      readsPerSecond: rate('Reads', 'Requests completed, after the kernel joined neighbours'),
      writesPerSecond: rate('Writes', 'Requests completed, after the kernel joined neighbours'),
      busy: share(
        'Busy',
        'Share of the interval with a request under way; a device that serves many at once is not full at 100',
      ),
      queue: count('Queue', 'Requests under way, averaged over the interval (aqu-sz of iostat)'),
      readLatencyMs: count('Read latency', 'Mean time of a read that ended in the interval; null when none did', {
        unit: 'ms',
      }),
      writeLatencyMs: count('Write latency', 'Mean time of a write that ended in the interval; null when none did', {
        unit: 'ms',
      }),
    }),
  },
});
