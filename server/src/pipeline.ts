import type { Host } from '@telltale/shared';
import type { Clock } from './clock.ts';
import type { FaultChange } from './collect/fault-book.ts';
import type { Sampled, Sampler, SamplerOptions } from './collect/sampler.ts';
import type { OwnCost } from './collect/self.ts';
import { Broadcast } from './stream/broadcast.ts';
import { EventLog, type LogEvent } from './stream/event-log.ts';
import type { KernelSocket } from './stream/kernel-sockets.ts';

export interface PipelineOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** What looks at the machine, or stands in for that: it is handed whom to tell. */
  readonly openSampler: (told: Pick<SamplerOptions, 'emit' | 'began' | 'ended'>) => Sampler;
  readonly epoch: string;
  readonly version: string;
  readonly host: () => Pick<Host, 'id' | 'name'>;
  readonly kernelSockets: () => ReadonlyMap<string, KernelSocket>;
  /** How long events are kept, in ms. Defaults to what the log keeps. */
  readonly maxAgeMs?: number;
  /** Told when something cannot be read, and when it can be again. */
  readonly onFault: (fault: FaultChange) => void;
}

/** From looks at a machine to bytes for its readers. */
export interface Pipeline {
  readonly sampler: Sampler;
  readonly log: EventLog;
  readonly broadcast: Broadcast;
  /** `process` once a minute, for whoever asks later; nobody is sent it. */
  readonly minutes: EventLog;
  /** What it knows of its own cost. */
  cost(): Omit<OwnCost, 'cpuUs' | 'residentBytes'>;
}

const MINUTES = { maxAgeMs: 3_600_000, maxBytes: 4 * 1024 * 1024 };

const toLogEvent = (sampled: Sampled): LogEvent =>
  sampled.kind === 'metric'
    ? { name: sampled.name, pace: sampled.pace, at: sampled.at, data: sampled.data }
    : { name: sampled.kind, pace: null, at: sampled.at, data: sampled.data };

export function openPipeline(options: PipelineOptions): Pipeline {
  const { clock, random, openSampler, epoch, version, host, kernelSockets, maxAgeMs, onFault } = options;
  const log = new EventLog({ epoch, ...(maxAgeMs === undefined ? {} : { maxAgeMs }) });
  const sampler = openSampler({
    emit(batch) {
      for (const { kind, data } of batch) if (kind === 'fault') onFault(data);
      broadcast.publish(log.append(batch.map(toLogEvent)));
    },
    began: (metric, pace) => log.beginLane(metric, pace),
    ended: (metric, pace) => log.endLane(metric, pace),
  });
  const broadcast = new Broadcast({
    log,
    clock,
    random,
    version,
    host() {
      const { id, name } = host();
      return { id, name };
    },
    hold(selection) {
      const releases = [...selection].map(([metric, pace]) => sampler.hold(metric, pace));
      return () => releases.forEach((release) => void release());
    },
    kernelSockets,
  });
  // The minute's top processes are kept whether somebody looks or not: afterwards it is too late to ask.
  const minutes = new EventLog({ epoch, ...MINUTES });
  sampler.watch('process', 60_000, (event) => minutes.append([toLogEvent(event)]));
  return {
    sampler,
    log,
    broadcast,
    minutes,
    cost: () => ({
      lagMs: sampler.lagMs,
      subscribers: broadcast.size,
      sentBytes: broadcast.tally.sentBytes,
      conflated: broadcast.tally.conflated,
      durations: new Map(sampler.durations),
    }),
  };
}
