import {
  chownSync,
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { readTokens, type Token, writeTokens } from './token.ts';

const FILE_NAME = 'tokens.json';
/** It is written beside, and is its own lock: whoever finds it there knows that somebody else writes. */
const NEW = '.new';
/** A writer is done in milliseconds; what lies there for longer was left by one that crashed. */
const STALE_MS = 10_000;

export const tokenPath = (folder: string): string => join(folder, FILE_NAME);

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/** The tokens of a folder; none where there is no such file yet. Throws at one that cannot be read or understood. */
export function tokensIn(folder: string): readonly Token[] {
  const path = tokenPath(folder);
  try {
    return readTokens(readFileSync(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw new Error(`${path}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** Opens the file that will take the other's place, for us alone. */
function openNew(path: string, now: number): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (now - statSync(path).mtimeMs < STALE_MS) {
      throw new Error(`${path} is being written by another command: try again`, { cause: error });
    }
    rmSync(path, { force: true });
    return openSync(path, 'wx', 0o600);
  }
}

/**
 * Replaces the tokens of a folder by what `change` makes of them: all of it or nothing, whatever happens meanwhile, and
 * readable by its owner alone. Root leaves it to the owner of the folder, which is who the server runs as.
 */
export function changeTokens(
  folder: string,
  now: number,
  change: (tokens: readonly Token[]) => readonly Token[],
): readonly Token[] {
  makeFolder(folder);
  const path = tokenPath(folder);
  const fresh = path + NEW;
  const file = openNew(fresh, now);
  try {
    const tokens = change(tokensIn(folder));
    writeSync(file, writeTokens(tokens));
    fsyncSync(file);
    const { uid, gid } = statSync(folder);
    if (fstatSync(file).uid !== uid) chownSync(fresh, uid, gid);
    renameSync(fresh, path);
    return tokens;
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  } finally {
    closeSync(file);
    syncFolder(folder);
  }
}

/** A name is on the disk when its folder is. Where a folder cannot be opened, as on Windows, there is nothing to do. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {}
}
