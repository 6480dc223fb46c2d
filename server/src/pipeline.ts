import { DEFAULT_METRICS, type Host, type MetricName } from '@telltale/shared';
import type { Clock } from './clock.ts';
import type { FaultChange } from './collect/fault-book.ts';
import type { Sampled } from './collect/sampled.ts';
import type { Sampler, SamplerOptions } from './collect/sampler.ts';
import type { OwnCost } from './collect/self.ts';
import type { Tick } from './history/tick.ts';
import { Broadcast } from './stream/broadcast.ts';
import { dataOf, type Entry, EventLog, type LogEvent } from './stream/event-log.ts';
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
  /** Told what is to be remembered: every metric at its own pace, the processes of each minute, and gaps. */
  readonly record: (tick: Tick) => void;
}

/** From looks at a machine to bytes for its readers. */
export interface Pipeline {
  readonly sampler: Sampler;
  readonly log: EventLog;
  readonly broadcast: Broadcast;
  /** Tells everybody what was not sampled but has happened to the server itself. */
  announce(fault: FaultChange): void;
  /** What it knows of its own cost. */
  cost(): Omit<OwnCost, 'cpuUs' | 'residentBytes' | 'history'>;
}

/** The minute's top processes are kept whether somebody looks or not: afterwards it is too late to ask. */
const PROCESSES_PACE = 60_000;

const toLogEvent = (sampled: Sampled): LogEvent =>
  sampled.kind === 'metric'
    ? { name: sampled.name, pace: sampled.pace, at: sampled.at, data: sampled.data }
    : { name: sampled.kind, pace: null, at: sampled.at, data: sampled.data };

export function openPipeline(options: PipelineOptions): Pipeline {
  const { clock, random, openSampler, epoch, version, host, kernelSockets, maxAgeMs, onFault, record } = options;
  const log = new EventLog({ epoch, ...(maxAgeMs === undefined ? {} : { maxAgeMs }) });
  const isRemembered = ({ name, pace }: Entry) =>
    name === 'gap' ||
    (DEFAULT_METRICS.includes(name as MetricName) && pace === sampler.paceOf(name as MetricName, null));
  const publish = (events: readonly LogEvent[]) => {
    const entries = log.append(events);
    const tick = entries.filter(isRemembered).map((entry) => [entry.name, dataOf(entry)] as const);
    if (tick.length > 0) record(tick);
    broadcast.publish(entries);
  };
  const sampler = openSampler({
    emit(batch) {
      for (const { kind, data } of batch) if (kind === 'fault') onFault(data);
      publish(batch.map(toLogEvent));
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
  sampler.watch('process', PROCESSES_PACE, ({ data }) => record([['process', JSON.stringify(data)]]));
  return {
    sampler,
    log,
    broadcast,
    announce(data) {
      onFault(data);
      publish([{ name: 'fault', pace: null, at: clock.now(), data }]);
    },
    cost: () => ({
      lagMs: sampler.lagMs,
      subscribers: broadcast.size,
      sentBytes: broadcast.tally.sentBytes,
      conflated: broadcast.tally.conflated,
      durations: new Map(sampler.durations),
    }),
  };
}
