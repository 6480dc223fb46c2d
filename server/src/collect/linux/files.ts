import * as fs from 'node:fs';
import * as path from 'node:path';

/** A machine's `/proc` and `/sys`: this one's, or those recorded from another. Read-only, and without child processes. */
export interface HostFiles {
  /** Whether these are the files of the machine that runs this program. */
  readonly own: boolean;
  /** The text of a file below `/proc`, or why it could not be read. The file is kept open: for what is read at every look. */
  proc(name: string): string | Error;
  /** The same below `/sys`. */
  sys(name: string): string | Error;
  /** The text of a file below `/proc` that is not kept open: there may be thousands of its kind. */
  procOnce(name: string): string | Error;
  sysOnce(name: string): string | Error;
  /** The names in a folder below `/proc`, in no order. */
  procList(name: string): readonly string[] | Error;
  sysList(name: string): readonly string[] | Error;
  /** Where a link below `/sys` points, or why that cannot be told. */
  sysLink(name: string): string | Error;
  /** Closes what is held open. */
  close(): void;
}

/** Room for the files that are read at every tick; beyond it files are opened and closed each time. */
const MAX_OPEN = 32;
/**
 * The kernel hands out the lines of /proc until the next one does not fit into its page (fs/seq_file.c), and files of
 * /sys in one piece; so a first answer shorter than this is all there is, and need not be asked for its end.
 */
const SURELY_WHOLE = 2_048;
/** So many absent files are remembered by their error: making one captures a stack, and costs as much as the look itself. */
const MAX_ABSENT = 64;
/** No file of ours comes near; a special file that never ends must not fill the memory. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Opens the files of a host. Those of this machine are kept open between reads, which saves the path walk; a recorded tree is
 * opened anew each time, since its files may be replaced.
 */
export function openHostFiles(procRoot: string, sysRoot: string): HostFiles {
  const own = procRoot === '/proc' && sysRoot === '/sys';
  const open = new Map<string, number>();
  const absences = new Map<string, Error>();
  let buffer = Buffer.allocUnsafe(64 * 1024);

  function readAll(fd: number, fromKernel = false): string {
    let length = 0;
    for (;;) {
      if (length === buffer.length) {
        if (length >= MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
        const larger = Buffer.allocUnsafe(length * 2);
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      const read = fs.readSync(fd, buffer, length, buffer.length - length, length);
      length += read;
      if (read === 0 || (fromKernel && length < SURELY_WHOLE)) break;
    }
    return buffer.toString('utf8', 0, length);
  }

  function readKept(file: string): string {
    const held = open.get(file);
    if (held !== undefined) {
      try {
        return readAll(held, true);
      } catch {
        // A device that went and came back has new files under the old names.
        open.delete(file);
        fs.closeSync(held);
      }
    }
    const fd = fs.openSync(file, 'r');
    let keep = false;
    try {
      const text = readAll(fd, true);
      keep = open.size < MAX_OPEN;
      return text;
    } finally {
      if (keep) open.set(file, fd);
      else fs.closeSync(fd);
    }
  }

  function readOnce(file: string): string {
    const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    try {
      return readAll(fd, own);
    } finally {
      fs.closeSync(fd);
    }
  }

  function closeAll(): void {
    for (const fd of open.values()) fs.closeSync(fd);
    open.clear();
  }

  /** Out of descriptors, what is merely kept is let go before anything is given up. */
  function attempt<T>(file: string, access: (file: string) => T): T | Error {
    try {
      return access(file);
    } catch (error) {
      if (!isOutOfDescriptors(error) || open.size === 0) return describe(file, error);
    }
    closeAll();
    try {
      return access(file);
    } catch (error) {
      return describe(file, error);
    }
  }

  function absence(file: string): Error {
    const known = absences.get(file);
    if (known) return known;
    const error = new Error(`${file} ${ABSENT}`);
    if (absences.size < MAX_ABSENT) absences.set(file, error);
    return error;
  }

  function read(file: string): string | Error {
    // Many files are absent on many machines, and an exception costs more than all the reading.
    if (!open.has(file) && !fs.existsSync(file)) return absence(file);
    return attempt(file, own ? readKept : readOnce);
  }

  const readFolder = (folder: string) => (fs.existsSync(folder) ? attempt(folder, list) : absence(folder));
  const inProc = (name: string) => path.join(procRoot, name);
  const inSys = (name: string) => path.join(sysRoot, name);
  return {
    own,
    proc: (name) => read(inProc(name)),
    sys: (name) => read(inSys(name)),
    procOnce: (name) => attempt(inProc(name), readOnce),
    sysOnce: (name) => attempt(inSys(name), readOnce),
    procList: (name) => readFolder(inProc(name)),
    sysList: (name) => readFolder(inSys(name)),
    sysLink: (name) => attempt(inSys(name), fs.readlinkSync as (file: string) => string),
    close: closeAll,
  };
}

const list = (folder: string): readonly string[] => fs.readdirSync(folder);

const isOutOfDescriptors = (error: unknown) =>
  ['EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '');

const ABSENT = 'does not exist';
const REASONS = new Map([
  ['ENOENT', ABSENT],
  // What has such a name cannot be there.
  ['ENAMETOOLONG', ABSENT],
  ['EACCES', 'may not be read by this user'],
  ['EPERM', 'may not be read by this user'],
  ['EMFILE', 'cannot be opened: this process is out of file descriptors'],
  ['ENFILE', 'cannot be opened: the machine is out of file descriptors'],
  ['EISDIR', 'is a directory'],
]);

function describe(file: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Error(`${file} ${(code && REASONS.get(code)) ?? `cannot be read: ${code ?? message}`}`);
}
