import type { Events, MetricName } from '@telltale/shared';
import type { ReadFault } from './collector.ts';

export type FaultChange = Events['fault'];

interface OpenFault {
  readonly fault: FaultChange;
  readonly permanent: boolean;
}

/** Remembers what cannot be read now, so that a fault is said once when it begins and once when it ends. */
export class FaultBook {
  readonly #open = new Map<MetricName, Map<string, OpenFault>>();

  /** Takes what one look at a metric could not see; answers what changed. Bounded by the fields that are declared. */
  update(metric: MetricName, faults: readonly ReadFault[], at: number): FaultChange[] {
    const before = this.#open.get(metric) ?? new Map<string, OpenFault>();
    const now = new Map<string, OpenFault>();
    const changes: FaultChange[] = [];
    for (const { fields, reason, permanent = false } of faults) {
      const key = fields.join(',');
      const known = before.get(key) ?? now.get(key);
      const fault = known?.fault ?? { metric, fields: [...fields], reason, since: at, cleared: false };
      if (!known) changes.push(fault);
      now.set(key, { fault, permanent });
    }
    for (const [key, open] of before) {
      if (now.has(key)) continue;
      // A look that failed altogether says nothing of it, and nothing else can end it.
      if (open.permanent) now.set(key, open);
      else changes.push({ ...open.fault, cleared: true });
    }
    this.#open.set(metric, now);
    return changes;
  }

  /** Why a metric is less complete than it could be right now, or `null`. */
  reasonOf(metric: MetricName): string | null {
    const open = [...(this.#open.get(metric)?.values() ?? [])].filter(({ permanent }) => !permanent);
    const reasons = open.map(({ fault: { fields, reason } }) =>
      fields.length > 0 ? `${fields.join(', ')}: ${reason}` : reason,
    );
    return reasons.length > 0 ? reasons.join('; ') : null;
  }
}
