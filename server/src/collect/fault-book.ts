import type { Events, MetricName } from '@telltale/shared';
import type { ReadFault } from './collector.ts';

export type FaultChange = Events['fault'];

/** Remembers what cannot be read now, so that a fault is said once when it begins and once when it ends. */
export class FaultBook {
  readonly #open = new Map<MetricName, Map<string, FaultChange>>();

  /** Takes what one look at a metric could not see; answers what changed. Bounded by the fields that are declared. */
  update(metric: MetricName, faults: readonly ReadFault[], at: number): FaultChange[] {
    const before = this.#open.get(metric) ?? new Map<string, FaultChange>();
    const now = new Map<string, FaultChange>();
    const changes: FaultChange[] = [];
    for (const { fields, reason } of faults) {
      const key = fields.join(',');
      const known = before.get(key) ?? now.get(key);
      const fault = known ?? { metric, fields: [...fields], reason, since: at, cleared: false };
      if (!known) changes.push(fault);
      now.set(key, fault);
    }
    for (const [key, fault] of before) if (!now.has(key)) changes.push({ ...fault, cleared: true });
    this.#open.set(metric, now);
    return changes;
  }

  /** Why a metric is incomplete right now, or `null`. */
  reasonOf(metric: MetricName): string | null {
    const open = [...(this.#open.get(metric)?.values() ?? [])];
    const reasons = open.map(({ fields, reason }) => (fields.length > 0 ? `${fields.join(', ')}: ${reason}` : reason));
    return reasons.length > 0 ? reasons.join('; ') : null;
  }
}
