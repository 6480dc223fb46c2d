import { posix } from 'node:path';
import { isAbsence } from '../collect/device-class.ts';
import type { HostFiles } from '../collect/linux/files.ts';

/**
 * What was read of a machine, by paths like `proc/stat` and `sys/class/net/eth0/speed`. What was asked for and is not
 * there is in none of these.
 */
export interface Snapshot {
  /** Texts of files. */
  readonly texts: ReadonlyMap<string, string>;
  /** Links below `sys`, and where they point. */
  readonly links: ReadonlyMap<string, string>;
  /** Names in folders, whether they were read or not. */
  readonly folders: ReadonlyMap<string, readonly string[]>;
  /** What is there and could not be read. */
  readonly unreadable: ReadonlyMap<string, Unreadable>;
}

export interface Unreadable {
  readonly kind: 'file' | 'folder';
  readonly reason: string;
}

export interface SnapshotBounds {
  /** Defaults to 200,000: several for each process of a large machine. */
  readonly maxPaths?: number;
  /** Defaults to 256 MiB. */
  readonly maxBytes?: number;
}

type Root = 'proc' | 'sys';

/** Below a file there is nothing either. */
const isAbsent = (error: Error) => isAbsence(error) || error.message.endsWith('ENOTDIR');

/** The reason alone: errors begin with the path as it was opened. */
function reasonOf({ message }: Error, name: string): string {
  const at = message.indexOf(name);
  return (at < 0 ? message : message.slice(at + name.length)).trim();
}

/**
 * Files that write down what is read of them, so that nobody has to list twice what the collectors read. Each is read
 * once, so that all who read it are told the same. Beyond the bounds nothing more is read, and the snapshot says so.
 */
export function watchFiles(
  files: HostFiles,
  { maxPaths = 200_000, maxBytes = 256 * 1024 * 1024 }: SnapshotBounds = {},
): HostFiles & { readonly snapshot: Snapshot } {
  const texts = new Map<string, string>();
  const links = new Map<string, string>();
  const folders = new Map<string, readonly string[]>();
  const unreadable = new Map<string, Unreadable>();
  const answers = new Map<string, unknown>();
  let paths = 0;
  let bytes = 0;

  /** Asks once; what leads out of the root is not asked at all. */
  function once<T>(
    kind: 'file' | 'folder' | 'link',
    root: Root,
    name: string,
    ask: (name: string) => T | Error,
    note: (path: string, answer: T) => void,
  ): T | Error {
    const path = posix.join(root, name);
    if (path !== root && !path.startsWith(`${root}/`)) return new Error(`${path} is not below /${root}`);
    const key = `${kind} ${path}`;
    if (answers.has(key)) return answers.get(key) as T | Error;
    if (paths >= maxPaths || bytes >= maxBytes) {
      const reason = `more than ${maxPaths} paths or ${maxBytes} bytes: the rest was left out`;
      unreadable.set('.', { kind: 'folder', reason });
      return new Error(`${path} cannot be recorded: ${reason}`);
    }
    const answer = ask(name);
    answers.set(key, answer);
    paths++;
    if (!(answer instanceof Error)) note(path, answer);
    // Whatever is not a link answers with an error.
    else if (kind !== 'link' && !isAbsent(answer)) unreadable.set(path, { kind, reason: reasonOf(answer, name) });
    return answer;
  }

  const link = (name: string) =>
    once('link', 'sys', name, files.sysLink, (path, target) => void links.set(path, target));

  /** Folders of /sys are reached over links, which a recording needs even where nobody asks for them. */
  function noteLinksTo(folder: string): void {
    const parts = folder.split('/');
    for (let i = 1; i <= parts.length; i++) link(parts.slice(0, i).join('/'));
  }

  const read = (root: Root, ask: (name: string) => string | Error) => (name: string) => {
    if (root === 'sys') noteLinksTo(posix.dirname(name));
    return once('file', root, name, ask, (path, text) => {
      texts.set(path, text);
      bytes += text.length;
    });
  };
  const list = (root: Root, ask: (name: string) => readonly string[] | Error) => (name: string) => {
    if (root === 'sys') noteLinksTo(name);
    return once('folder', root, name, ask, (path, names) => {
      folders.set(path, names);
      paths += names.length;
    });
  };

  return {
    // A recording will be another machine's, and is to hold what is read of such a one.
    own: false,
    proc: read('proc', files.proc),
    procOnce: read('proc', files.procOnce),
    procList: list('proc', files.procList),
    sys: read('sys', files.sys),
    sysOnce: read('sys', files.sysOnce),
    sysList: list('sys', files.sysList),
    sysLink: (name) => {
      noteLinksTo(posix.dirname(name));
      return link(name);
    },
    close: files.close,
    snapshot: { texts, links, folders, unreadable },
  };
}
