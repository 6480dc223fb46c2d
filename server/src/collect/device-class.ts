import type { HostFiles } from './linux/files.ts';
import { naturalOrder } from './natural-order.ts';

/** What the devices have is found anew when they change, and every so many looks: once a minute at a pace of 5 s. */
const LOOKS_BETWEEN = 12;
/** Devices of a class beyond this many are left out; what reads them bounds its lists as well. */
const MAX_DEVICES = 512;

/** The devices of one folder below `/sys/class`: those that a pattern names, and what was found of them. */
export class DeviceClass<T> {
  readonly #files: HostFiles;
  readonly #folder: string;
  readonly #pattern: RegExp;
  readonly #find: (folders: readonly string[]) => T;
  #known: { readonly devices: string; readonly found: T } | null = null;
  #looks = 0;

  /** `find` is given the devices' folders below `/sys`, in natural order. */
  constructor(files: HostFiles, folder: string, pattern: RegExp, find: (folders: readonly string[]) => T) {
    this.#files = files;
    this.#folder = folder;
    this.#pattern = pattern;
    this.#find = find;
  }

  /** What was found, of no device where the class does not exist; or why its devices cannot be listed. */
  read(): T | Error {
    const names = this.#files.sysList(this.#folder);
    if (names instanceof Error && !isAbsence(names)) return names;
    const present = names instanceof Error ? [] : names.filter((name) => this.#pattern.test(name));
    const folders = present
      .sort(naturalOrder)
      .slice(0, MAX_DEVICES)
      .map((name) => `${this.#folder}/${name}`);
    // Numbers are given again: another device may have come under the same name between two looks.
    const devices = folders.map((folder) => `${folder} ${String(this.#files.sysLink(folder))}`).join('\n');
    if (this.#known?.devices !== devices || ++this.#looks >= LOOKS_BETWEEN) {
      this.#known = { devices, found: this.#find(folders) };
      this.#looks = 0;
    }
    return this.#known.found;
  }
}

/** Whether a file or folder is not there, rather than unreadable. */
export const isAbsence = (error: Error): boolean => error.message.endsWith(' does not exist');
