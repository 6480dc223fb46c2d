import Database from 'libsql';
import { CHUNK_COLUMNS, type ChunkRow, toChunk } from './rows.ts';
import { type ChunkKey, type JournalEntry, type Shelf, sumOf, sumOfEntry } from './shelf.ts';

/**
 * Ways to the numbers of a table's rows. Where a page is gone a walk ends; from the other side, or along another index, it
 * gets to what lies behind.
 */
const WALKS: Readonly<Record<'chunk' | 'journal', readonly string[]>> = {
  chunk: [
    'SELECT id FROM chunk NOT INDEXED ORDER BY id',
    'SELECT id FROM chunk NOT INDEXED ORDER BY id DESC',
    'SELECT id FROM chunk INDEXED BY chunk_of_metric',
    'SELECT id FROM chunk INDEXED BY chunk_by_age',
  ],
  journal: ['SELECT id FROM journal ORDER BY id', 'SELECT id FROM journal ORDER BY id DESC'],
};

/** Copies what can still be read, and is whole by its sum, from a damaged file into a new one. Answers how many pieces. */
export function salvage(path: string, target: Shelf): number {
  let db: Database.Database;
  try {
    db = new Database(path);
  } catch {
    return 0;
  }
  let saved = 0;
  try {
    target.transaction(() => {
      for (const id of idsOf(db, 'chunk')) {
        const found = attempt(() => readChunk(db, id));
        if (!found) continue;
        target.put(found.key, found.body);
        saved++;
      }
      for (const id of idsOf(db, 'journal')) {
        const entry = attempt(() => readEntry(db, id));
        if (!entry) continue;
        target.addJournal(entry);
        saved++;
      }
    });
  } finally {
    db.close();
  }
  return saved;
}

function readChunk(db: Database.Database, id: number): { key: ChunkKey; body: Buffer } | null {
  const [row] = db
    .prepare(`SELECT ${CHUNK_COLUMNS}, CAST(sum AS INTEGER) AS sum, CAST(body AS BLOB) AS body FROM chunk WHERE id = ?`)
    .all(id) as (ChunkRow & { sum: number; body: ArrayBuffer })[];
  if (!row) return null;
  const { sum, body, ...chunk } = row;
  const key = toChunk(chunk);
  const bytes = Buffer.from(body);
  return sumOf(key, bytes) === sum ? { key, body: bytes } : null;
}

function readEntry(db: Database.Database, id: number): JournalEntry | null {
  const sql = `SELECT CAST(generation AS INTEGER) AS generation, CAST(sum AS INTEGER) AS sum, CAST(body AS BLOB) AS body
    FROM journal WHERE id = ?`;
  const [row] = db.prepare(sql).all(id) as { generation: number; sum: number; body: ArrayBuffer }[];
  if (!row) return null;
  const entry = { generation: row.generation, body: Buffer.from(row.body) };
  return sumOfEntry(entry) === row.sum ? entry : null;
}

function idsOf(db: Database.Database, table: keyof typeof WALKS): number[] {
  const ids = new Set<number>();
  for (const walk of WALKS[table]) {
    attempt(() => {
      for (const row of db.prepare(walk).iterate()) ids.add((row as { id: number }).id);
    });
  }
  return [...ids].sort((a, b) => a - b);
}

/** What cannot be read is lost, and no reason to give the rest up. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
