import type { Collector } from './collector.ts';
import { naturalOrder } from './natural-order.ts';
import { happeningsPerSecond, perSecond, round } from './rate.ts';

/** What the server knows of its own cost: counters since it started, and gauges. */
export interface OwnCost {
  /** Processor time of all threads in µs. */
  readonly cpuUs: number;
  readonly residentBytes: number;
  /** How much later than planned the sampler's timer fired last. */
  readonly lagMs: number;
  readonly subscribers: number;
  readonly sentBytes: number;
  readonly conflated: number;
  /** What history holds, by tier; times are epoch ms. */
  readonly history: {
    readonly bytes: number;
    readonly tiers: readonly {
      readonly name: string;
      readonly from: number | null;
      readonly to: number | null;
      readonly bytes: number;
      readonly bytesPerSample: number | null;
    }[];
  };
  /** How long looks at each metric take, in ms; without those that were never looked at. */
  readonly durations: ReadonlyMap<string, number>;
}

/** The one collector that is the same on every platform: it looks at ourselves. */
export function selfCollector(look: () => OwnCost): Collector<'self', OwnCost> {
  return {
    read: () => ({ reading: look(), faults: [] }),
    derive(now, before, elapsedMs) {
      const cpuUs = perSecond(now.cpuUs, before?.cpuUs, elapsedMs);
      return {
        cpuMsPerSecond: cpuUs === null ? null : round(cpuUs / 1_000, 1),
        residentBytes: now.residentBytes,
        eventLoopLagMs: round(now.lagMs, 1),
        subscribers: now.subscribers,
        sentBytesPerSecond: perSecond(now.sentBytes, before?.sentBytes, elapsedMs),
        conflatedPerSecond: happeningsPerSecond(now.conflated, before?.conflated, elapsedMs),
        historyBytes: now.history.bytes,
        history: now.history.tiers
          .map(({ name, from, to, bytes, bytesPerSample }) => ({
            name,
            spanMs: from === null || to === null ? null : to - from,
            bytes,
            bytesPerSample,
          }))
          .sort((a, b) => naturalOrder(a.name, b.name)),
        collectors: [...now.durations]
          .map(([name, durationMs]) => ({ name, durationMs: round(durationMs, 1) }))
          .sort((a, b) => naturalOrder(a.name, b.name)),
      };
    },
  };
}
