import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { FileSystemSizes, StatFs } from './file-system-sizes.ts';

/** FUSE_SUPER_MAGIC of linux/magic.h. */
const FUSE = 0x65735546;
/** The block size that both a file system in user space and its own blocks nearly always have. */
const USUAL_BLOCK = 4_096;

/** Node's statfs; from version 26 on it tells the size of the blocks that are counted as well. */
type Told = StatsFs & { readonly frsize?: number };

/** Asks this machine's kernel, and knows whether it still owes an answer. */
export class OwnStatFs {
  #open = 0;

  /** Whether a question hangs. It holds a thread of Node's, for which a process waits when it exits. */
  get hangs(): boolean {
    return this.#open > 0;
  }

  readonly ask: StatFs = async (mountPoint) => {
    this.#open++;
    try {
      return toSizes(await statfs(mountPoint));
    } finally {
      this.#open--;
    }
  };
}

/** Blocks are counted in f_frsize (statvfs(3)), which is f_bsize everywhere but in user space. */
export function toSizes({ type, bsize, frsize, blocks, bfree, bavail, files, ffree }: Told): FileSystemSizes {
  if (frsize === undefined && type === FUSE && bsize !== USUAL_BLOCK) {
    throw new Error('does not say how large its blocks are to this version of Node');
  }
  const block = frsize ?? bsize;
  return {
    totalBytes: blocks * block,
    freeBytes: bfree * block,
    availableBytes: bavail * block,
    inodes: files,
    inodesFree: ffree,
  };
}
