import type { Host } from '@telltale/shared';
import type { Clock } from '../clock.ts';
import { openPlatform, type Platform } from '../collect/platform.ts';
import { createSampler } from '../collect/sampler.ts';
import type { OwnCost } from '../collect/self.ts';
import type { Config } from '../config.ts';
import type { PipelineOptions } from '../pipeline.ts';
import type { World } from './world.ts';

/** What is served: this machine, or a recording of one. */
export interface Subject extends Pick<Platform, 'host' | 'hangs' | 'close'> {
  readonly provider: string;
  /** Time as it passes for what is served. */
  readonly clock: Clock;
  readonly recording?: Host['telltale']['recording'];
  readonly openSampler: PipelineOptions['openSampler'];
}

/** Opens the machine that a configuration names. `ownCost`: what serving it costs, beside what the process does. */
export function openMachine(
  config: Config,
  { clock, files, cost }: World,
  ownCost: () => Omit<OwnCost, keyof ReturnType<World['cost']>>,
): Subject {
  const { collectors, ...platform } = openPlatform({
    provider: config.provider,
    procRoot: config['proc-root'],
    sysRoot: config['sys-root'],
    workerFile: files.portableWorker,
    clock,
    processArguments: config['process-arguments'],
    ownCost: () => ({ ...cost(), ...ownCost() }),
  });
  return {
    ...platform,
    clock,
    openSampler: (told) => createSampler({ clock, collectors, base: config.interval, ...told }),
  };
}
