import { collector, type HostCollectors } from '../collector.ts';
import type { PortableCalls } from './bridge.ts';
import { portableCpu } from './cpu.ts';
import { portableDisk } from './disk.ts';
import { portableFilesystem } from './filesystem.ts';
import { nvidiaCards } from './gpu.ts';
import { portableGpu } from './gpu-collector.ts';
import { portableMemory } from './memory.ts';
import { portableNetwork } from './network.ts';
import { portablePressure } from './pressure.ts';
import { portableProcess } from './process.ts';
import { portableSensor } from './sensor.ts';

/** Every metric as systeminformation tells it. `platform`: the one that it runs on, as Node names it. */
export function portableCollectors(bridge: PortableCalls, platform: string): HostCollectors {
  return {
    cpu: collector(portableCpu(bridge)),
    memory: collector(portableMemory(bridge, platform)),
    network: collector(portableNetwork(bridge)),
    disk: collector(portableDisk(bridge)),
    filesystem: collector(portableFilesystem(bridge)),
    pressure: collector(portablePressure),
    process: collector(portableProcess(bridge)),
    sensor: collector(portableSensor(bridge, platform)),
    gpu: collector(portableGpu(nvidiaCards(bridge))),
  };
}
