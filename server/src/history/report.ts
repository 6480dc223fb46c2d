import type { Shelf } from './shelf/shelf.ts';
import { TIER_NAMES, type TierName } from './tiers.ts';

/** What the history holds and how it fares. Times are epoch ms. */
export interface HistoryReport {
  readonly kind: 'sqlite' | 'memory';
  /** Why nothing can be stored, or `null`. Until it can be again everything is kept in memory. */
  readonly fault: string | null;
  /** What was recorded up to here outlives a crash of the server; `null` before the first flush. */
  readonly safeAt: number | null;
  /** What it takes where it lies. */
  readonly bytes: number;
  /** Packed, and waiting in memory until it can be stored. */
  readonly waitingBytes: number;
  /** Stretches of ten minutes that there was no room to wait for. */
  readonly lost: number;
  readonly tiers: readonly {
    readonly name: TierName;
    readonly from: number | null;
    readonly to: number | null;
    readonly bytes: number;
    readonly samples: number;
    readonly bytesPerSample: number | null;
  }[];
}

export const NO_REPORT: HistoryReport = {
  kind: 'memory',
  fault: null,
  safeAt: null,
  bytes: 0,
  waitingBytes: 0,
  lost: 0,
  tiers: [],
};

export function reportTiers(shelf: Shelf | null): HistoryReport['tiers'] {
  if (!shelf) return [];
  return TIER_NAMES.map((name) => {
    const { first, last, bytes, samples } = shelf.report(name);
    const bytesPerSample = samples === 0 ? null : Math.round((bytes / samples) * 1_000) / 1_000;
    return { name, from: first, to: last, bytes, samples, bytesPerSample };
  });
}
