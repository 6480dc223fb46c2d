import type { Faults } from './linux/faults.ts';
import type { HostFiles } from './linux/files.ts';
import { isGone } from './process-table.ts';
import { numberAfter } from './text-lines.ts';

/** What a process has moved since it began, in bytes; with all of its threads, and the children that it has waited for. */
export interface ProcessIo {
  /** Fetched from the storage layer; what the page cache had does not count. */
  readonly read: number;
  /** To be sent to the storage layer, counted when a page gets dirty and not when it is sent. */
  readonly written: number;
  /** What will not be sent after all, since this process cut it off; whoever made it dirty has it in `written`. */
  readonly cancelled: number;
}

/** Parses /proc/PID/io (Documentation/filesystems/proc.rst, 3.3). */
export function parseProcessIo(text: string): ProcessIo | Error {
  const read = numberAfter(text, 'read_bytes: ');
  const written = numberAfter(text, 'write_bytes: ');
  const cancelled = numberAfter(text, 'cancelled_write_bytes: ');
  if (read === null || written === null || cancelled === null) {
    return new Error('the io of a process cannot be understood');
  }
  return { read, written, cancelled };
}

interface Silence {
  readonly startTicks: number;
  readonly why: Error;
}

/**
 * Every so many looks who told nothing is asked again: it may run as another user by now. An answer costs some
 * microseconds, a refusal several times as much, and to who is not root nearly all are refusals.
 */
const ASK_AGAIN = 32;
const FIELDS = ['byCpu', 'byMemory'].flatMap((list) => [`${list}.readBytesPerSecond`, `${list}.writeBytesPerSecond`]);
const isRefused = ({ message }: Error) => message.endsWith('may not be read by this user');

/**
 * Reads /proc/PID/io. Remembers who told nothing, of the processes of the last look and no others. That those of other
 * users are not told is as it is meant to be, on most machines and for good: no fault, but said where the number is defined.
 */
export class ProcessIoReader {
  readonly #files: HostFiles;
  #silent: ReadonlyMap<number, Silence> = new Map();
  #looks = 0;

  constructor(files: HostFiles) {
    this.#files = files;
  }

  /**
   * Begins a look; what it answers with is asked of each process. `null`: it is of another user, has ended, or the kernel
   * keeps no account.
   */
  look(faults: Faults): (pid: number, startTicks: number) => ProcessIo | null {
    const before = this.#silent;
    const silent = new Map<number, Silence>();
    const looks = this.#looks++;
    let unread: Error | null = null;
    this.#silent = silent;
    return (pid, startTicks) => {
      const known = before.get(pid);
      const stays = known?.startTicks === startTicks && (looks + pid) % ASK_AGAIN !== 0;
      const io = stays ? known.why : this.#ask(pid);
      if (!(io instanceof Error)) return io;
      if (isGone(io) || isRefused(io)) silent.set(pid, { startTicks, why: io });
      else if (unread === null) {
        unread = io;
        faults.keep([...FIELDS, 'byIo'], io);
      }
      return null;
    };
  }

  #ask(pid: number): ProcessIo | Error {
    const text = this.#files.procOnce(`${pid}/io`);
    return text instanceof Error ? text : parseProcessIo(text);
  }
}
