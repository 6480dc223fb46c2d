import * as fs from 'node:fs';
import * as path from 'node:path';

/** A machine's `/proc` and `/sys`: this one's, or those recorded from another. Read-only, and without child processes. */
export interface HostFiles {
  /** The text of a file below `/proc`, or why it could not be read. */
  proc(name: string): string | Error;
  /** The same below `/sys`. */
  sys(name: string): string | Error;
  /** Where a link below `/sys` points, or why that cannot be told. */
  sysLink(name: string): string | Error;
  /** Closes what is held open. */
  close(): void;
}

/** Room for the files that are read at every tick; beyond it files are opened and closed each time. */
const MAX_OPEN = 64;
/** No file of ours comes near; a special file that never ends must not fill the memory. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Opens the files of a host. Those of this machine are kept open between reads, which saves the path walk; a recorded tree is
 * opened anew each time, since its files may be replaced.
 */
export function openHostFiles(procRoot: string, sysRoot: string): HostFiles {
  const keepOpen = procRoot === '/proc' && sysRoot === '/sys';
  const open = new Map<string, number>();
  let buffer = Buffer.allocUnsafe(64 * 1024);

  function readAll(fd: number): string {
    let length = 0;
    for (;;) {
      if (length === buffer.length) {
        if (length >= MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
        const larger = Buffer.allocUnsafe(length * 2);
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      const read = fs.readSync(fd, buffer, length, buffer.length - length, length);
      if (read === 0) break;
      length += read;
    }
    return buffer.toString('utf8', 0, length);
  }

  function readKept(file: string): string {
    const held = open.get(file);
    if (held !== undefined) {
      try {
        return readAll(held);
      } catch {
        // A device that went and came back has new files under the old names.
        open.delete(file);
        fs.closeSync(held);
      }
    }
    const fd = fs.openSync(file, 'r');
    let keep = false;
    try {
      const text = readAll(fd);
      keep = open.size < MAX_OPEN;
      return text;
    } finally {
      if (keep) open.set(file, fd);
      else fs.closeSync(fd);
    }
  }

  function read(file: string): string | Error {
    try {
      // Many files are absent on many machines, and an exception costs more than all the reading.
      if (!open.has(file) && !fs.existsSync(file)) return new Error(`${file} ${ABSENT}`);
      if (keepOpen) return readKept(file);
      const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
      try {
        return readAll(fd);
      } finally {
        fs.closeSync(fd);
      }
    } catch (error) {
      return describe(file, error);
    }
  }

  return {
    proc: (name) => read(path.join(procRoot, name)),
    sys: (name) => read(path.join(sysRoot, name)),
    sysLink(name) {
      const file = path.join(sysRoot, name);
      try {
        return fs.readlinkSync(file);
      } catch (error) {
        return describe(file, error);
      }
    },
    close() {
      for (const fd of open.values()) fs.closeSync(fd);
      open.clear();
    },
  };
}

const ABSENT = 'does not exist';
const REASONS = new Map([
  ['ENOENT', ABSENT],
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
