import type Database from 'libsql';

/** "TELL": tells our files from those of others (sqlite.org/fileformat2.html, 1.3.15). */
export const APPLICATION_ID = 0x54454c4c;

/**
 * How a file of each version becomes one of the next; the first makes a new file. A published step is never changed.
 * `total` is kept by triggers, so that nobody has to read all chunks to know what they take. There is no text: a damaged
 * one would not be UTF-8, at which the library ends the process. Tiers and reasons are their numbers in lists of ours.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE chunk(
    id INTEGER PRIMARY KEY,
    tier INTEGER NOT NULL,
    metric BLOB NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    samples INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sum INTEGER NOT NULL,
    body BLOB NOT NULL
  );
  CREATE INDEX chunk_of_metric ON chunk(tier, metric, last, first, samples, bytes);
  CREATE INDEX chunk_by_age ON chunk(tier, last);
  CREATE TABLE total(tier INTEGER PRIMARY KEY, chunks INTEGER NOT NULL, bytes INTEGER NOT NULL, samples INTEGER NOT NULL);
  CREATE TRIGGER chunk_put AFTER INSERT ON chunk BEGIN
    INSERT INTO total VALUES(new.tier, 1, new.bytes, new.samples)
      ON CONFLICT(tier) DO UPDATE SET
        chunks = chunks + 1, bytes = bytes + excluded.bytes, samples = samples + excluded.samples;
  END;
  CREATE TRIGGER chunk_removed AFTER DELETE ON chunk BEGIN
    UPDATE total SET chunks = chunks - 1, bytes = bytes - old.bytes, samples = samples - old.samples
      WHERE tier = old.tier;
  END;
  CREATE TABLE journal(
    id INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL,
    sum INTEGER NOT NULL,
    body BLOB NOT NULL
  );
  CREATE TABLE mark(id INTEGER PRIMARY KEY, "from" INTEGER NOT NULL, "to" INTEGER NOT NULL, reason INTEGER NOT NULL);
  CREATE INDEX mark_by_age ON mark("to");
  `,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** A file that is not one of ours; what it is stays untouched. */
export class ForeignFile extends Error {}

/** A file that a later version of this program has written. */
export class NewerFile extends Error {
  constructor(version: number) {
    super(`it was written by a newer Telltale (schema ${version}; this one knows up to ${SCHEMA_VERSION})`);
  }
}

/** The number that a pragma answers with. */
export function readPragma(db: Database.Database, name: string): number {
  const [row] = db.prepare(`PRAGMA ${name}`).all() as [Record<string, unknown>?];
  return Number(Object.values(row ?? {})[0]);
}

/** Brings an open file to this version. Throws {@link ForeignFile} or {@link NewerFile}. */
export function migrate(db: Database.Database): void {
  const isNew = readPragma(db, 'schema_version') === 0;
  if (!isNew && readPragma(db, 'application_id') !== APPLICATION_ID)
    throw new ForeignFile('it is a database of something else');
  const version = readPragma(db, 'user_version');
  if (version > SCHEMA_VERSION) throw new NewerFile(version);
  if (version === SCHEMA_VERSION) return;
  db.exec('BEGIN IMMEDIATE');
  for (const step of MIGRATIONS.slice(version)) db.exec(step);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  db.exec('COMMIT');
}
