import type { MetricName } from '@telltale/shared';
import type { CollectorHealth } from './collect/sampler.ts';
import type { HistoryReport } from './history/report.ts';

export type Status = 'ok' | 'degraded' | 'failing';

export interface Health {
  readonly status: Status;
  readonly uptimeMs: number;
  readonly collectors: Record<string, CollectorHealth>;
  readonly history: HistoryReport;
  readonly subscribers: number;
}

/** Without a sample for this long, and for three paces, the view is no longer live. */
const STALE_MS = 3_000;

/** `failing`: nothing fresh was seen. `degraded`: something is missing, or what was seen cannot be stored. */
export function statusOf(
  collectors: ReadonlyMap<MetricName, CollectorHealth>,
  base: number,
  now: number,
  history: Pick<HistoryReport, 'fault'>,
): Status {
  const all = [...collectors.values()];
  // What it sees of itself says nothing of the machine.
  const ofMachine = [...collectors].filter(([metric]) => metric !== 'self').map(([, health]) => health);
  const newest = Math.max(...ofMachine.map(({ lastSuccessAt }) => lastSuccessAt ?? Number.NEGATIVE_INFINITY));
  if (now - newest > Math.max(STALE_MS, 3 * base)) return 'failing';
  return history.fault !== null || all.some(({ fault }) => fault !== null) ? 'degraded' : 'ok';
}
