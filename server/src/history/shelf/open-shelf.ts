import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { salvage } from './salvage.ts';
import { ForeignFile } from './schema.ts';
import type { Shelf } from './shelf.ts';
import { SQLITE, sqliteCode } from './sqlite-error.ts';
import { SqliteShelf } from './sqlite-shelf.ts';

const FILE_NAME = 'history.db';
const ASIDE = `${FILE_NAME}.set-aside-`;
/** What belongs to a database file (sqlite.org/tempfiles.html). */
const COMPANIONS = ['', '-wal', '-shm'];
/**
 * SQLite's own words for a file that is damaged, or not one of its own. Nothing that is stored here breaks a constraint, so
 * where one is broken it is by what was there.
 */
const DAMAGED: readonly (number | null)[] = [
  SQLITE.corrupt,
  SQLITE.notADatabase,
  SQLITE.format,
  SQLITE.constraint,
  SQLITE.mismatch,
];
/** A table of ours that is not there is damage, too; every other such error would be a mistake of ours. */
const MISSING = /^no such (table|column|index)|^table \w+ has no column/;

/** Whether an error says that the file's content is at fault, so that trying again would not help. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof ForeignFile || DAMAGED.includes(sqliteCode(error)) || MISSING.test(error.message);
}

/**
 * Opens the history of a folder. A file that is damaged or of somebody else does not stop the start: it is set aside,
 * what can be read of it is taken over, and `tell` hears of it. Throws what cannot be helped here: a file of a newer
 * version, a folder that cannot be written to, a full disk.
 */
export function openShelf(folder: string, stamp: string, tell: (message: string) => void): Shelf {
  const path = join(folder, FILE_NAME);
  const onDamage = (what: string) => tell(`damaged, and left out: ${what}`);
  try {
    return new SqliteShelf(path, onDamage);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return replaceShelf(folder, stamp, tell, error);
  }
}

/** Sets the file of a folder aside and opens a new one with what can be read of the old. */
export function replaceShelf(folder: string, stamp: string, tell: (message: string) => void, error: unknown): Shelf {
  const path = join(folder, FILE_NAME);
  const aside = `${ASIDE}${stamp}`;
  // One is kept, for whoever wants to know; more of them would fill the disk.
  for (const name of readdirSync(folder)) if (name.startsWith(ASIDE)) rmSync(join(folder, name), { force: true });
  for (const end of COMPANIONS) if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, join(folder, aside + end));
  const shelf = new SqliteShelf(path, (what) => tell(`damaged, and left out: ${what}`));
  const saved = error instanceof ForeignFile ? 0 : salvage(join(folder, aside), shelf);
  const reason = error instanceof Error ? error.message : String(error);
  tell(`${FILE_NAME} could not be used (${reason}): set aside as ${aside}; ${saved} pieces of it were saved`);
  return shelf;
}
