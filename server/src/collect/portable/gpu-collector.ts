import type { Collector, ReadFault } from '../collector.ts';
import type { AskedCards, GpuCard } from '../gpu-card.ts';
import { naturalOrder } from '../natural-order.ts';

/** Where there is no such card, what is asked for it (some programs, at a second or so) is asked this seldom. */
const LOOKS_BETWEEN = 120;
const FIELDS = ['usage', 'memoryTotalBytes', 'memoryUsedBytes', 'celsius', 'watts'] as const;

/** Of the cards of others systeminformation tells nothing that changes. */
export function portableGpu(nvidia: AskedCards): Collector<'gpu', readonly GpuCard[]> {
  let looksToSkip = 0;
  return {
    async read() {
      if (looksToSkip > 0) {
        looksToSkip--;
        return null;
      }
      const cards = await nvidia();
      if (cards === null) {
        looksToSkip = LOOKS_BETWEEN;
        return null;
      }
      const missing = FIELDS.filter((field) => cards.some((card) => card[field] === null));
      const fields = missing.map((field) => `cards.${field}`);
      const faults: ReadFault[] = missing.length > 0 ? [{ fields, reason: 'nvidia-smi does not tell' }] : [];
      return { reading: cards, faults };
    },
    derive: (cards) => ({ cards: [...cards].sort((a, b) => naturalOrder(a.name, b.name)) }),
  };
}
