import type { Clock } from '../../clock.ts';
import { collector, type HostCollectors } from '../collector.ts';
import type { AskedCards } from '../gpu-card.ts';
import { linuxCpu } from './cpu.ts';
import { linuxDisk } from './disk.ts';
import type { HostFiles } from './files.ts';
import { linuxFilesystem, type OwnFileSystems } from './filesystem.ts';
import { linuxGpu } from './gpu.ts';
import { linuxMemory } from './memory.ts';
import { linuxNetwork } from './network.ts';
import { linuxPressure } from './pressure.ts';
import { linuxProcess } from './process.ts';
import { linuxSensor } from './sensor.ts';

/** What is not in the files of a machine, but asked of this one; without it the values are `null`. */
export interface OwnHost extends OwnFileSystems {
  /** The name of a user by the number, `null` for none. */
  readonly userName: (uid: number) => string | null;
  /** Cards that tell nothing in `/sys`. */
  readonly nvidia: AskedCards;
}

export interface LinuxOptions {
  /** `null` where the files are another machine's. */
  readonly own: OwnHost | null;
  /** Whether command lines are collected. */
  readonly processArguments: boolean;
  /**
   * Lets the event loop go on in the middle of a long look, and what rarely changes be read once a second at most. Without
   * it a look is in one piece, and everything is read at each.
   */
  readonly clock?: Pick<Clock, 'after' | 'monotonic'>;
}

const FILES_ALONE: LinuxOptions = { own: null, processArguments: false };

/** Every metric as Linux tells it. */
export function linuxCollectors(
  files: HostFiles,
  { own, processArguments, clock }: LinuxOptions = FILES_ALONE,
): HostCollectors {
  return {
    cpu: collector(linuxCpu(files)),
    memory: collector(linuxMemory(files)),
    network: collector(linuxNetwork(files, clock)),
    disk: collector(linuxDisk(files)),
    filesystem: collector(linuxFilesystem(files, own)),
    pressure: collector(linuxPressure(files)),
    process: collector(
      linuxProcess(files, { userName: own?.userName ?? null, withArguments: processArguments, after: clock?.after }),
    ),
    sensor: collector(linuxSensor(files)),
    gpu: collector(linuxGpu(files, own?.nvidia ?? null)),
  };
}
