import { type Collectors, collector } from '../collector.ts';
import { linuxCpu } from './cpu.ts';
import type { HostFiles } from './files.ts';
import { linuxMemory } from './memory.ts';
import { linuxNetwork } from './network.ts';

/** Every metric as Linux tells it. */
export function linuxCollectors(files: HostFiles): Collectors {
  return {
    cpu: collector(linuxCpu(files)),
    memory: collector(linuxMemory(files)),
    network: collector(linuxNetwork(files)),
  };
}
