import type { MetricValues } from '@telltale/shared';

export type GpuCard = MetricValues<'gpu'>['cards'][number];

/** Cards whose driver tells nothing in `/sys` and has to be asked; `null` where there are none. Rejects with a reason. */
export type AskedCards = () => Promise<readonly GpuCard[] | null>;
