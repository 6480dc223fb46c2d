import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of 1 MiB for one server, which nobody else sees and which ends with it. */
export interface SmallDisk {
  /** What runs a command where the disk is mounted. */
  readonly command: readonly string[];
  /** The folder for `--data`, as the command sees it. */
  readonly data: string;
  remove(): void;
}

/** A way in which a disk gets into trouble, and out of it. `pid`: who lives on it. */
export interface Trouble {
  readonly how: string;
  /** What the server says of it. */
  readonly said: RegExp;
  begin(disk: SmallDisk, pid: number): void;
  end(disk: SmallDisk, pid: number): void;
}

const within = (pid: number, ...command: string[]) =>
  void execFileSync('nsenter', ['-t', `${pid}`, '-m', ...command], { stdio: 'pipe' });

/** What fills it, seen from outside. */
const ballast = ({ data }: SmallDisk, pid: number) => `/proc/${pid}/root${join(data, '..', 'ballast')}`;

export const TROUBLES: readonly Trouble[] = [
  {
    how: 'is full',
    said: /full/,
    begin: (disk, pid) => fill(ballast(disk, pid)),
    end: (disk, pid) => rmSync(ballast(disk, pid)),
  },
  {
    how: 'can only be read',
    said: /read-only|readonly|EROFS|unable to open/i,
    // Over the folder: a file system with files open for writing does not let itself be made read-only by hand.
    begin: ({ data }, pid) => within(pid, 'mount', '-t', 'tmpfs', '-o', 'ro', 'none', data),
    end: ({ data }, pid) => within(pid, 'umount', data),
  },
];

/** Makes one, or says why that is not possible here. */
export function makeSmallDisk(): SmallDisk | string {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root of a Linux may mount a file system';
  const folder = mkdtempSync(join(tmpdir(), 'telltale-disk-'));
  const remove = () => rmSync(folder, { recursive: true });
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', folder], { stdio: 'pipe' });
  } catch (error) {
    remove();
    return `nothing can be mounted here: ${(error as Error).message.split('\n').join(' ')}`;
  }
  const mount = `mount -t tmpfs -o size=1m none '${folder}' && exec "$@"`;
  return { command: ['unshare', '-m', 'sh', '-c', mount, 'sh'], data: join(folder, 'data'), remove };
}

/** Writes until there is no room left. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (const block of [Buffer.alloc(65_536), Buffer.alloc(1)]) {
      while (writes(file, block));
    }
  } finally {
    closeSync(file);
  }
}

function writes(file: number, block: Buffer): boolean {
  try {
    return writeSync(file, block) > 0;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOSPC') return false;
    throw error;
  }
}
