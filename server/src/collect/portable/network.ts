import type { Systeminformation } from 'systeminformation';
import type { Collector, ReadFault } from '../collector.ts';
import { type Interface, totalsOf } from '../interfaces.ts';
import { naturalOrder } from '../natural-order.ts';
import { perSecond } from '../rate.ts';
import { neverTold, told } from '../told.ts';
import type { PortableCalls } from './bridge.ts';
import type { PortableInterface } from './worker.ts';

const COUNTERS = ['rx_bytes', 'tx_bytes', 'rx_errors', 'tx_errors', 'rx_dropped', 'tx_dropped'] as const;
type Counters = Readonly<Record<(typeof COUNTERS)[number], number>>;

interface Told {
  readonly internal: boolean;
  readonly up: boolean | null;
  /** `null` where they could not be read. */
  readonly counters: Counters | null;
}

interface Reading {
  readonly measuredAt: number;
  readonly interfaces: ReadonlyMap<string, Told>;
}

const NOT_TOLD = neverTold([
  'tcp',
  ...['kind', 'speedBitsPerSecond', 'rxPacketsPerSecond', 'txPacketsPerSecond'].map((field) => `interfaces.${field}`),
]);
const UNREADABLE: ReadFault = {
  fields: ['rxBytesPerSecond', 'txBytesPerSecond', 'interfaces'],
  reason: 'systeminformation does not tell of every interface',
};

/**
 * What could not be read comes with zeros and no state; the library's own time of an earlier look tells them from an
 * interface that has really been silent.
 */
function isInvented(stats: Systeminformation.NetworkStatsData): boolean {
  return stats.operstate === 'unknown' && stats.rx_bytes === 0 && stats.tx_bytes === 0 && !(stats.ms > 0);
}

function toTold({ internal, counters: stats }: PortableInterface): Told {
  const isTold = stats && !isInvented(stats) && COUNTERS.every((counter) => told(stats[counter]) !== null);
  // Node lists those that are switched on, and such a one is up unless its state is another.
  return isTold
    ? { internal, up: stats.operstate === 'up' || stats.operstate === 'unknown', counters: stats }
    : { internal, up: null, counters: null };
}

function toInterface(name: string, now: Told, before: Told | undefined, elapsedMs: number | null): Interface {
  const [own, earlier] = [now.counters, before?.counters];
  const reset = own && earlier ? own.rx_bytes < earlier.rx_bytes || own.tx_bytes < earlier.tx_bytes : false;
  const rate = (counter: (typeof COUNTERS)[number]) =>
    reset ? null : perSecond(own?.[counter], earlier?.[counter], elapsedMs);
  return {
    name,
    // Whether it is a bridge or a card is not told.
    kind: now.internal ? 'loopback' : null,
    up: now.up,
    speedBitsPerSecond: null,
    rxBytesPerSecond: rate('rx_bytes'),
    txBytesPerSecond: rate('tx_bytes'),
    rxPacketsPerSecond: null,
    txPacketsPerSecond: null,
    rxErrorsPerSecond: rate('rx_errors'),
    txErrorsPerSecond: rate('tx_errors'),
    rxDropsPerSecond: rate('rx_dropped'),
    txDropsPerSecond: rate('tx_dropped'),
    rxBytes: own?.rx_bytes ?? null,
    txBytes: own?.tx_bytes ?? null,
    reset,
  };
}

export function portableNetwork(bridge: PortableCalls): Collector<'network', Reading> {
  return {
    async read() {
      const { measuredAt, interfaces, isComplete } = await bridge.call('network');
      const reading = { measuredAt, interfaces: new Map(interfaces.map((each) => [each.name, toTold(each)])) };
      const isRead = isComplete && [...reading.interfaces.values()].every(({ counters }) => counters !== null);
      return { reading, measuredAt, faults: isRead ? [NOT_TOLD] : [NOT_TOLD, UNREADABLE] };
    },
    derive(now, before, elapsedMs) {
      // The library looks twice a second at most, so what lies between two looks is not always what was asked for.
      const measuredMs = before && now.measuredAt - before.measuredAt;
      const interfaces = [...now.interfaces]
        .map(([name, each]) => toInterface(name, each, before?.interfaces.get(name), measuredMs))
        .sort((a, b) => naturalOrder(a.name, b.name));
      return { ...totalsOf(interfaces, elapsedMs), interfaces, tcp: null };
    },
  };
}
