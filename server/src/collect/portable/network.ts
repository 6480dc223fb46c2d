import type { MetricValues } from '@telltale/shared';
import type { Systeminformation } from 'systeminformation';
import type { Collector } from '../collector.ts';
import { totalsOf } from '../interfaces.ts';
import { naturalOrder } from '../natural-order.ts';
import { perSecond } from '../rate.ts';
import type { PortableBridge } from './bridge.ts';

interface Reading {
  readonly facts: readonly { readonly name: string; readonly internal: boolean }[];
  readonly counters: readonly Systeminformation.NetworkStatsData[];
}

const NOT_TOLD = [
  'tcp',
  ...['speedBitsPerSecond', 'rxPacketsPerSecond', 'txPacketsPerSecond'].map((f) => `interfaces.${f}`),
];

export function portableNetwork(bridge: PortableBridge): Collector<'network', Reading> {
  return {
    async read() {
      const reading = (await bridge.call('network')) as Reading;
      const faults = [{ fields: NOT_TOLD, reason: 'systeminformation does not tell' }];
      // Names are rewritten on their way through the library's shell; zeros under another name are not ours.
      const told = new Set(reading.counters.map(({ iface }) => iface));
      const lost = reading.facts.filter(({ name }) => !told.has(name));
      if (lost.length > 0) {
        faults.push({ fields: ['interfaces'], reason: `systeminformation cannot read ${lost.length} interface(s)` });
      }
      return { reading, faults };
    },
    derive({ facts, counters }, before, elapsedMs) {
      const interfaces = facts.flatMap(({ name, internal }): MetricValues<'network'>['interfaces'] => {
        const now = counters.find(({ iface }) => iface === name);
        if (!now) return [];
        const then = before?.counters.find(({ iface }) => iface === name);
        const reset = then !== undefined && (now.rx_bytes < then.rx_bytes || now.tx_bytes < then.tx_bytes);
        const rate = (field: 'rx_bytes' | 'tx_bytes' | 'rx_errors' | 'tx_errors' | 'rx_dropped' | 'tx_dropped') =>
          reset ? null : perSecond(now[field], then?.[field], elapsedMs);
        return [
          {
            name,
            kind: internal ? 'loopback' : 'physical',
            up: now.operstate === 'up' ? true : now.operstate === 'down' ? false : null,
            speedBitsPerSecond: null,
            rxBytesPerSecond: rate('rx_bytes'),
            txBytesPerSecond: rate('tx_bytes'),
            rxPacketsPerSecond: null,
            txPacketsPerSecond: null,
            rxErrorsPerSecond: rate('rx_errors'),
            txErrorsPerSecond: rate('tx_errors'),
            rxDropsPerSecond: rate('rx_dropped'),
            txDropsPerSecond: rate('tx_dropped'),
            rxBytes: now.rx_bytes,
            txBytes: now.tx_bytes,
            reset,
          },
        ];
      });
      interfaces.sort((a, b) => naturalOrder(a.name, b.name));
      return { ...totalsOf(interfaces, elapsedMs), interfaces, tcp: null };
    },
  };
}
