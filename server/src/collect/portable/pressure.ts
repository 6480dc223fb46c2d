import type { Collector } from '../collector.ts';

/** systeminformation knows nothing of it, and no system but Linux has it. */
export const portablePressure: Collector<'pressure', never> = {
  read: () => null,
  derive: (now) => now,
};
