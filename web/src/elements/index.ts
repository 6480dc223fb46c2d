import { define } from './base/define.ts';
import { TelltaleChart } from './chart/chart.ts';
import { TelltaleCpu } from './cpu/cpu.ts';
import { TelltaleMemory } from './memory/memory.ts';
import { TelltaleNetwork } from './network/network.ts';
import { TelltaleStat } from './stat/stat.ts';
import { TelltaleStatus } from './status/status.ts';

/** Every element by its tag. */
const elements = {
  'telltale-chart': TelltaleChart,
  'telltale-cpu': TelltaleCpu,
  'telltale-memory': TelltaleMemory,
  'telltale-network': TelltaleNetwork,
  'telltale-stat': TelltaleStat,
  'telltale-status': TelltaleStatus,
};

export function defineElements(): void {
  for (const [tag, element] of Object.entries(elements)) define(tag, element);
}

declare global {
  interface HTMLElementTagNameMap {
    'telltale-chart': TelltaleChart;
    'telltale-cpu': TelltaleCpu;
    'telltale-memory': TelltaleMemory;
    'telltale-network': TelltaleNetwork;
    'telltale-stat': TelltaleStat;
    'telltale-status': TelltaleStatus;
  }
}
