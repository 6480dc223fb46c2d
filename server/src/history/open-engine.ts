import { makeFolder } from '../make-folder.ts';
import { HistoryEngine } from './engine.ts';
import type { Retention } from './retention.ts';
import { lockFolder } from './shelf/lock.ts';
import { MemoryShelf } from './shelf/memory-shelf.ts';
import { isDamage, openShelf, replaceShelf } from './shelf/open-shelf.ts';

/** Without a folder this is all that the history takes, however much `--retention` would allow. */
const MAX_MEMORY_BYTES = 16 * 1024 * 1024;

export interface OpenOptions {
  /** Where the files lie; `null` for memory. */
  readonly folder: string | null;
  readonly retention: Retention;
  /** Who holds the folder, for another process that finds it held. */
  readonly pid: number;
  readonly now: () => number;
  /** Hears of what was set aside or is damaged. */
  readonly tell: (message: string) => void;
}

/**
 * Opens the history of a folder, which is this process's alone until the engine is closed. Throws `FolderInUse`, and
 * `NewerFile` for what a newer version has written; everything else is said in the report, and tried again.
 */
export function openEngine({ folder, retention, pid, now, tell }: OpenOptions): HistoryEngine {
  if (folder === null) {
    const bytes = Math.min(retention.bytes, MAX_MEMORY_BYTES);
    const shelf = new MemoryShelf();
    return new HistoryEngine({
      open: () => shelf,
      repair: () => shelf,
      isDamage: () => false,
      retention: { ...retention, bytes },
      now,
    });
  }
  let unlock: (() => void) | null = null;
  const stamp = () => new Date(now()).toISOString().replaceAll(/[:.]/g, '-');
  return new HistoryEngine({
    open() {
      makeFolder(folder);
      unlock ??= lockFolder(folder, { pid, since: new Date(now()).toISOString() });
      return openShelf(folder, stamp(), tell);
    },
    repair: (damage) => replaceShelf(folder, stamp(), tell, damage),
    isDamage,
    retention,
    now,
    closed() {
      unlock?.();
      unlock = null;
    },
  });
}
