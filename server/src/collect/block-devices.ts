import type { HostFiles } from './linux/files.ts';
import { naturalOrder } from './natural-order.ts';
import { Seldom } from './seldom.ts';

/** A whole block device: no partition. */
export interface BlockDevice {
  readonly name: string;
  /** Whether it lies on other devices of the list, so that its bytes are theirs once more. */
  readonly stacked: boolean;
}

export interface BlockDevices {
  /** Sorted by name. */
  readonly devices: readonly BlockDevice[];
  /** One that may be a partition for all that is known, or `null`. */
  readonly doubtful: string | null;
}

/** What devices there are is looked up when their names change, and every so many looks in any case. */
const LOOKS_BETWEEN = 30;
/** What lies on other devices by its nature. ZFS does not say on which, the others do where there is a /sys. */
const STACKING = /^(?:dm-|md|bcache|drbd|zd)\d/;
const ZFS_VOLUME = /^zd\d/;
/** Names that the kernel gives to partitions, and some to whole disks: Xen may have `xvda1` alone. */
const LIKE_PARTITION = /\dp\d+$|^(?:sd|hd|vd|xvd|dasd)[a-z]+\d+$/;

/** What a partition's disk must be called: its name comes before the number, and a "p" after a digit (disk_name of the kernel). */
function diskOf(name: string): string | null {
  return (/^(.*\d)p\d+$/.exec(name) ?? /^(.*\D)\d+$/.exec(name))?.[1] ?? null;
}

const isAmong = (name: string, disks: ReadonlySet<string>) => disks.has(name) || disks.has(diskOf(name) ?? '');
/** /sys has `cciss!c0d0` for `cciss/c0d0`, since a name there is one path segment. */
const toSys = (name: string) => name.replaceAll('/', '!');
const fromSys = (name: string) => name.replaceAll('!', '/');

/** Tells whole devices from partitions, by /sys/block or, where it knows none of them, by their names. */
export class BlockDeviceReader {
  readonly #files: HostFiles;
  #names = '';
  #known: Seldom<BlockDevices> | null = null;

  constructor(files: HostFiles) {
    this.#files = files;
  }

  /** `names`: all that the kernel counts, partitions too. */
  read(names: readonly string[]): BlockDevices {
    const joined = names.join(' ');
    if (this.#known === null || this.#names !== joined) {
      this.#names = joined;
      this.#known = new Seldom(LOOKS_BETWEEN, () => this.#look(names));
    }
    return this.#known.read();
  }

  #look(names: readonly string[]): BlockDevices {
    const listed = this.#files.sysList('block');
    const inSys = new Set(listed instanceof Error ? [] : listed.map(fromSys));
    const known = names.filter((name) => inSys.has(name));
    const all = new Set(names);
    const disks = new Set(known.length > 0 ? known : names.filter((name) => !all.has(diskOf(name) ?? '')));
    const devices = [...disks]
      .sort(naturalOrder)
      .map((name) => ({ name, stacked: this.#isStacked(name, disks, known.length > 0) }));
    const doubtful = known.length > 0 ? undefined : devices.find(({ name }) => LIKE_PARTITION.test(name));
    return { devices, doubtful: doubtful?.name ?? null };
  }

  #isStacked(name: string, disks: ReadonlySet<string>, inSys: boolean): boolean {
    const below = inSys && !ZFS_VOLUME.test(name) ? this.#files.sysList(`block/${toSys(name)}/slaves`) : null;
    if (below === null || below instanceof Error) {
      return STACKING.test(name) && [...disks].some((other) => !STACKING.test(other));
    }
    return below.some((lower) => isAmong(fromSys(lower), disks));
  }
}
