import type { MetricValues } from '@telltale/shared';
import type { Systeminformation } from 'systeminformation';
import type { Collector, ReadFault } from '../collector.ts';
import { naturalOrder } from '../natural-order.ts';
import { round } from '../rate.ts';
import { neverTold, told, toldText } from '../told.ts';
import type { PortableCalls } from './bridge.ts';

type Mount = MetricValues<'filesystem'>['mounts'][number];
type Reading = readonly Systeminformation.FsSizeData[];

const MAX_MOUNTS = 512;
const NOT_TOLD = neverTold(['mounts.inodesTotal', 'mounts.inodesUsed']);
const LEFT_OUT: ReadFault = { fields: ['mounts'], reason: `only the first ${MAX_MOUNTS} file systems are shown` };
const IMPOSSIBLE: ReadFault = {
  fields: ['mounts.totalBytes', 'mounts.usedBytes', 'mounts.availableBytes', 'mounts.usedPercent'],
  reason: 'systeminformation told sizes that cannot be',
};

/** Whether the library knows of a device how it is mounted: a path, or a drive of Windows. It takes others for read-only. */
const isDevice = (device: string) => device.startsWith('/') || /^[A-Z]:$/i.test(device);

function toMount({ mount, fs, type, size, used, available, rw }: Systeminformation.FsSizeData): Mount {
  const totalBytes = told(size, 1);
  const usedBytes = told(used, 0, size);
  const availableBytes = told(available, 0, size);
  const whole = usedBytes === null || availableBytes === null ? null : usedBytes + availableBytes;
  return {
    name: mount,
    device: toldText(fs),
    type: toldText(type),
    totalBytes,
    usedBytes,
    availableBytes,
    usedPercent: usedBytes === null || !whole ? null : round((100 * usedBytes) / whole, 2),
    inodesTotal: null,
    inodesUsed: null,
    readOnly: rw === null || !isDevice(fs) ? null : !rw,
  };
}

export function portableFilesystem(bridge: PortableCalls): Collector<'filesystem', Reading> {
  return {
    async read() {
      // What has no size holds nothing: /dev, automatic mounts. Of two at one place, the later one covers the other.
      const sized = (await bridge.call('filesystem')).filter(({ mount, size }) => mount !== '' && size !== 0);
      const all = [...new Map(sized.map((each) => [each.mount, each])).values()];
      if (all.length === 0) throw new Error('systeminformation told no file system');
      const reading = all.sort((a, b) => naturalOrder(a.mount, b.mount)).slice(0, MAX_MOUNTS);
      const faults = [NOT_TOLD];
      const mounts = reading.map(toMount);
      if (mounts.some(({ readOnly }) => readOnly === null)) faults.push(neverTold(['mounts.readOnly']));
      if (mounts.some(({ totalBytes, usedPercent }) => totalBytes === null || usedPercent === null)) {
        faults.push(IMPOSSIBLE);
      }
      if (all.length > MAX_MOUNTS) faults.push(LEFT_OUT);
      return { reading, faults };
    },
    derive: (now) => ({ mounts: now.map(toMount) }),
  };
}
