import type { Retention } from './retention.ts';
import type { Chunk, Shelf } from './shelf/shelf.ts';
import { TIER_NAMES } from './tiers.ts';

/** So many chunks are removed at once, and no more: some ms. */
const AT_ONCE = 256;

/**
 * Removes what is older than its tier is kept, and beyond the limit of bytes the oldest of the finest tier, and gives the
 * space back. Answers whether there is more to do. `now`: epoch ms; `null` while the clock is not to be trusted, when
 * nothing is too old.
 */
export function trim(shelf: Shelf, { ageMs, bytes }: Retention, now: number | null): boolean {
  const doomed = new Map<number, Chunk>();
  let excess = shelf.usedBytes - bytes;
  const doom = (chunk: Chunk) => {
    doomed.set(chunk.id, chunk);
    excess -= chunk.bytes;
  };
  for (const tier of TIER_NAMES) {
    const oldest = shelf.oldest(tier, AT_ONCE);
    for (const chunk of oldest) if (now !== null && chunk.last <= now - ageMs[tier]) doom(chunk);
    for (const chunk of oldest) if (excess > 0 && !doomed.has(chunk.id)) doom(chunk);
    // A coarser tier is cut only when nothing of the finer ones is left.
    if (oldest.length === AT_ONCE) break;
  }
  if (doomed.size > 0) {
    shelf.transaction(() => {
      for (const id of doomed.keys()) shelf.remove(id);
      if (now !== null) shelf.removeMarks(now - ageMs.hour);
    });
  }
  return shelf.reclaim() || doomed.size >= AT_ONCE;
}
