import { type Collectors, collector } from '../collector.ts';
import type { PortableBridge } from './bridge.ts';
import { portableCpu } from './cpu.ts';
import { portableMemory } from './memory.ts';
import { portableNetwork } from './network.ts';

/** Every metric as systeminformation tells it, on any platform. */
export function portableCollectors(bridge: PortableBridge): Collectors {
  return {
    cpu: collector(portableCpu(bridge)),
    memory: collector(portableMemory(bridge)),
    network: collector(portableNetwork(bridge)),
  };
}
