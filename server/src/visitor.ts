import type { MetricName } from '@telltale/shared';
import { HttpProblem } from './errors.ts';

/**
 * `admin`: everything, and who else is here. `read`: every number. `embed`: the numbers that its token lists. `none`:
 * whoever has shown nothing where something is asked for.
 */
export type Scope = 'admin' | 'read' | 'embed' | 'none';

/** Who asks, and what it may have. */
export interface Visitor {
  /** What lets it in; `nothing` where nothing is asked for, or nothing was shown. */
  readonly via: 'nothing' | 'token' | 'session' | 'ticket' | 'frame' | 'proxy';
  /** The token that it showed, or that what it showed stands for. */
  readonly tokenId: string | null;
  readonly name: string | null;
  readonly scope: Scope;
  /** What it may read; `null` for everything. */
  readonly metrics: ReadonlySet<MetricName> | null;
  /** Where it asks from, as far as that can be known. */
  readonly address: string;
  /** Whether what let it in still does. */
  readonly isStillLetIn: () => boolean;
}

export const mayRead = ({ metrics }: Visitor, metric: MetricName): boolean => metrics === null || metrics.has(metric);

/** Throws a 403 that names the first of these that this visitor may not read. */
export function demandMetrics(visitor: Visitor, asked: Iterable<MetricName>): void {
  for (const metric of asked) {
    if (mayRead(visitor, metric)) continue;
    const own = [...(visitor.metrics ?? [])].join(', ');
    throw new HttpProblem(403, `this token is not for the metric "${metric}"; it is for ${own}`);
  }
}
