import type { MetricValues } from '@telltale/shared';
import { sum } from './rate.ts';

export type Interface = MetricValues<'network'>['interfaces'][number];

/** Physical interfaces only, since bridges, bonds and tunnels carry the same bytes again; without any, all but loopback. */
export function totalsOf(
  interfaces: readonly Interface[],
  elapsedMs: number | null,
): Pick<MetricValues<'network'>, 'rxBytesPerSecond' | 'txBytesPerSecond' | 'totalOf'> {
  const physical = interfaces.filter(({ kind }) => kind === 'physical');
  const counted = physical.length > 0 ? physical : interfaces.filter(({ kind }) => kind !== 'loopback');
  // A namespace with nothing but loopback really moves nothing.
  const total = (rates: (number | null)[]) => (rates.length === 0 && elapsedMs !== null ? 0 : sum(rates));
  return {
    rxBytesPerSecond: total(counted.map((each) => each.rxBytesPerSecond)),
    txBytesPerSecond: total(counted.map((each) => each.txBytesPerSecond)),
    totalOf: physical.length > 0 ? 'physical' : 'all',
  };
}
