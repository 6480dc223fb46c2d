import { type Host, PROTOCOL } from '@telltale/shared';
import type { FaultChange } from '../collect/fault-book.ts';
import { type Config, defaultFolder } from '../config.ts';
import type { Exposure } from '../exposure.ts';
import { KEEP_ALL } from '../history/retention.ts';
import { HistoryThread } from '../history/thread.ts';
import type { Logger } from '../logger.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import type { Playback } from '../recording/playback.ts';
import { readKernelSockets } from '../stream/kernel.ts';
import { openMachine, type Subject } from './machine.ts';
import type { World } from './world.ts';

export interface FlowOptions {
  readonly config: Config;
  /** A recording to be served in the place of the machine. */
  readonly playback: Playback | null;
  readonly startedAt: number;
  readonly access: Exposure['mode'];
  readonly logger: Logger;
  /** Whether connections are IPv6 sockets; asked once there are any. */
  readonly ipv6: () => boolean;
}

/** What is served, on its way to readers and into the history. */
export interface Flow {
  readonly subject: Subject;
  readonly pipeline: Pipeline;
  readonly history: HistoryThread;
  readonly host: () => Host;
}

/** Opens what is served and where it goes; nothing flows yet. In one place, since each tells something to the others. */
export function openFlow({ config, playback, startedAt, access, logger, ipv6 }: FlowOptions, world: World): Flow {
  const { clock, random, version, env, files, pid } = world;
  const subject: Subject =
    playback ?? openMachine(config, world, () => ({ history: history.report, ...pipeline.cost() }));
  const { recording } = subject;
  const telltale = {
    ...{ version, protocol: PROTOCOL, startedAt: subject.clock.now(), access },
    ...(recording ? { recording } : {}),
  };
  const alias = config['host-name'] === '' ? {} : { name: config['host-name'] };
  const host = (): Host => ({ ...subject.host(), ...alias, telltale });
  const pipeline: Pipeline = openPipeline({
    clock: subject.clock,
    random,
    openSampler: subject.openSampler,
    epoch: newEpoch(startedAt, random),
    version,
    host,
    kernelSockets: () => readKernelSockets(ipv6()),
    // What is played is over when its time is.
    ...(recording ? { maxAgeMs: Number.POSITIVE_INFINITY } : {}),
    onFault: (fault) => recording || logFault(logger, fault),
    record: (tick) => history.write(tick),
  });
  let historySince = 0;
  const history = new HistoryThread({
    file: files.historyWorker,
    folder: recording || config.data === 'none' ? null : config.data,
    orMemory: config.data === defaultFolder(env),
    retention: recording ? KEEP_ALL : config.retention,
    pid,
    clock,
    tell: (message) => logger.warn('history', { message }),
    onFault(reason) {
      const cleared = reason === null;
      if (!cleared) historySince = clock.now();
      const why = reason ?? 'it can be stored again';
      pipeline.announce({ metric: 'history', fields: [], reason: why, since: historySince, cleared });
    },
  });
  return { subject, pipeline, history, host };
}

/** Another at every start, so that no cursor of a log that is gone is taken for one of this. */
function newEpoch(startedAt: number, random: () => number): string {
  const chance = Math.floor(random() * 36 ** 4);
  return startedAt.toString(36) + chance.toString(36).padStart(4, '0');
}

function logFault(logger: Logger, { metric, fields, reason, cleared }: FaultChange): void {
  const what = { metric, fields: fields.join(','), reason };
  if (cleared) logger.info('can be read again', what);
  else logger.warn('cannot be read', what);
}
