import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { SQLITE, sqliteCode } from './sqlite-error.ts';

/** What the holder of a lock says of itself, for whoever finds it locked. */
export interface Holder {
  readonly pid: number;
  /** ISO 8601. */
  readonly since: string;
}

const LOCK_NAME = 'lock.db';
const HOLDER_NAME = 'holder.json';

/** Another process uses the folder. */
export class FolderInUse extends Error {
  constructor(folder: string, holder: Holder | null, cause: unknown) {
    const who = holder ? `process ${holder.pid}, since ${holder.since}` : 'another process';
    super(`the history in ${folder} is used by ${who}: stop it, or name another folder with --data`, { cause });
  }
}

/**
 * Takes a folder for this process: a lock of the operating system on a file in it, through SQLite, which has one for every
 * platform. It ends with the process, however that ends; the answer lets go earlier. Throws {@link FolderInUse}.
 */
export function lockFolder(folder: string, holder: Holder): () => void {
  const db = new Database(join(folder, LOCK_NAME));
  try {
    db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    throw sqliteCode(error) === SQLITE.busy ? new FolderInUse(folder, readHolder(folder), error) : error;
  }
  writeFileSync(join(folder, HOLDER_NAME), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  return () => db.close();
}

function readHolder(folder: string): Holder | null {
  try {
    const { pid, since } = JSON.parse(readFileSync(join(folder, HOLDER_NAME), 'utf8'));
    return { pid: Number(pid), since: String(since) };
  } catch {
    return null;
  }
}
