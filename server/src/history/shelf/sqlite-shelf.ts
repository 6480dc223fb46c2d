import { statSync } from 'node:fs';
import Database from 'libsql';
import type { TierName } from '../tiers.ts';
import {
  bytesOfText,
  CHUNK_COLUMNS,
  type ChunkRow,
  codeOfReason,
  codeOfTier,
  MARK_COLUMNS,
  type MarkRow,
  textOfBytes,
  toChunk,
  toMark,
} from './rows.ts';
import { migrate, readPragma } from './schema.ts';
import {
  type Chunk,
  type ChunkKey,
  type JournalEntry,
  MAX_SPAN_MS,
  type Mark,
  type Shelf,
  sumOf,
  sumOfEntry,
  type TierReport,
} from './shelf.ts';

/**
 * Before the first table is made, or it has no effect: space that is no longer used can be given back in pieces.
 * `synchronous = NORMAL` with a write-ahead log: a crash of the process loses nothing that was committed; a crash of the
 * machine may lose the last commits, and never more than them (sqlite.org/wal.html). `cell_size_check` finds some damage
 * early. The log is cut back after what made it long.
 */
const SETTINGS = `
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA cell_size_check = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA cache_size = -2048;
  PRAGMA temp_store = MEMORY;
  PRAGMA journal_size_limit = 4194304;
  PRAGMA busy_timeout = 2000;
`;
/** Pages given back at once: 2 MiB, some ms. */
const RECLAIM_PAGES = 512;

/** More of them in one range tell nobody anything. */
const MAX_MARKS = 1_000;

/** Chunks in one SQLite file. */
export class SqliteShelf implements Shelf {
  readonly kind = 'sqlite';
  readonly #path: string;
  readonly #inode: number;
  readonly #db: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();
  /** Told of a chunk or an entry of the journal whose bytes are not those that were stored. */
  readonly #onDamage: (what: string) => void;

  /** Opens or makes the file. Throws what `migrate` does, and what SQLite says. */
  constructor(path: string, onDamage: (what: string) => void = () => {}) {
    this.#path = path;
    this.#onDamage = onDamage;
    this.#db = new Database(path);
    try {
      this.#db.exec(SETTINGS);
      migrate(this.#db);
      this.#inode = statSync(path).ino;
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  get usedBytes(): number {
    return (this.#pragma('page_count') - this.#pragma('freelist_count')) * this.#pragma('page_size');
  }

  transaction(change: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      change();
      this.#db.exec('COMMIT');
    } catch (error) {
      // Some failures have rolled back already; the first error is the one that says what is wrong.
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  put(key: ChunkKey, body: Buffer): void {
    const { tier, metric, first, last, samples } = key;
    this.#run(
      'INSERT INTO chunk(tier, metric, first, last, samples, bytes, sum, body) VALUES(?, ?, ?, ?, ?, ?, ?, ?)',
      [codeOfTier(tier), bytesOfText(metric), first, last, samples, body.length, sumOf(key, body), body],
    );
  }

  remove(id: number): void {
    this.#run('DELETE FROM chunk WHERE id = ?', [id]);
  }

  find(tier: TierName, metric: string, from: number, to: number): Chunk[] {
    return this.#all<ChunkRow>(
      `SELECT ${CHUNK_COLUMNS} FROM chunk
       WHERE tier = ? AND metric = ? AND last > ? AND last < ? AND first <= ? ORDER BY chunk.last, id`,
      [codeOfTier(tier), bytesOfText(metric), from, to + MAX_SPAN_MS, to],
    ).map(toChunk);
  }

  oldest(tier: TierName, limit: number): Chunk[] {
    const sql = `SELECT ${CHUNK_COLUMNS} FROM chunk WHERE tier = ? ORDER BY chunk.last LIMIT ?`;
    return this.#all<ChunkRow>(sql, [codeOfTier(tier), limit]).map(toChunk);
  }

  metrics(tier: TierName): string[] {
    const sql = 'SELECT DISTINCT CAST(metric AS BLOB) AS metric FROM chunk WHERE tier = ? ORDER BY chunk.metric';
    return this.#all<Pick<ChunkRow, 'metric'>>(sql, [codeOfTier(tier)]).map(({ metric }) => textOfBytes(metric));
  }

  body(chunk: Chunk): Buffer | null {
    const sql = 'SELECT CAST(body AS BLOB) AS body, CAST(sum AS INTEGER) AS sum FROM chunk WHERE id = ?';
    const [row] = this.#all<{ body: ArrayBuffer | null; sum: number }>(sql, [chunk.id]);
    if (!row) return null;
    const body = Buffer.from(row.body ?? new ArrayBuffer());
    if (row.sum === sumOf(chunk, body)) return body;
    this.#onDamage(`${chunk.metric}, tier ${chunk.tier}, up to ${new Date(chunk.last).toISOString()}`);
    return null;
  }

  report(tier: TierName): TierReport {
    const code = [codeOfTier(tier)];
    const number = (name: string) => `CAST(${name} AS INTEGER) AS ${name}`;
    const totals = ['chunks', 'bytes', 'samples'].map(number).join(', ');
    const [total] = this.#all<Pick<TierReport, 'chunks' | 'bytes' | 'samples'>>(
      `SELECT ${totals} FROM total WHERE tier = ?`,
      code,
    );
    const [first] = this.#all<{ first: number }>(
      `SELECT ${number('first')} FROM chunk WHERE tier = ? ORDER BY chunk.last LIMIT 1`,
      code,
    );
    const [last] = this.#all<{ last: number }>(
      `SELECT ${number('last')} FROM chunk WHERE tier = ? ORDER BY chunk.last DESC LIMIT 1`,
      code,
    );
    return { ...(total ?? { chunks: 0, bytes: 0, samples: 0 }), first: first?.first ?? null, last: last?.last ?? null };
  }

  addJournal(entry: JournalEntry): void {
    const { generation, body } = entry;
    this.#run('INSERT INTO journal(generation, sum, body) VALUES(?, ?, ?)', [generation, sumOfEntry(entry), body]);
  }

  journal(): JournalEntry[] {
    return this.#all<{ generation: number; sum: number; body: ArrayBuffer }>(
      `SELECT CAST(generation AS INTEGER) AS generation, CAST(sum AS INTEGER) AS sum, CAST(body AS BLOB) AS body
       FROM journal ORDER BY id`,
      [],
    )
      .map(({ generation, sum, body }) => ({ generation, sum, body: Buffer.from(body) }))
      .filter(({ generation, sum, body }) => {
        const isWhole = sum === sumOfEntry({ generation, body });
        if (!isWhole) this.#onDamage('seconds before the last end');
        return isWhole;
      })
      .map(({ generation, body }) => ({ generation, body }));
  }

  clearJournal(generation: number): void {
    this.#run('DELETE FROM journal WHERE generation = ?', [generation]);
  }

  addMark({ from, to, reason }: Mark): void {
    this.#run('INSERT INTO mark("from", "to", reason) VALUES(?, ?, ?)', [from, to, codeOfReason(reason)]);
  }

  marks(from: number, to: number): Mark[] {
    const sql = `SELECT ${MARK_COLUMNS} FROM mark WHERE "to" > ? AND "from" < ? ORDER BY id LIMIT ${MAX_MARKS}`;
    return this.#all<MarkRow>(sql, [from, to]).map(toMark);
  }

  removeMarks(before: number): void {
    this.#run('DELETE FROM mark WHERE "to" < ?', [before]);
  }

  settle(): void {
    this.#db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  reclaim(): boolean {
    if (this.#pragma('freelist_count') === 0) return false;
    // It has to be stepped through: each row of its answer is a page given back.
    this.#db.prepare(`PRAGMA incremental_vacuum(${RECLAIM_PAGES})`).all();
    return this.#pragma('freelist_count') > 0;
  }

  isInPlace(): boolean {
    try {
      return statSync(this.#path).ino === this.#inode;
    } catch {
      return false;
    }
  }

  close(): void {
    // Statements cannot be ended by hand, and a connection lives until they are collected: so the log is emptied now.
    this.#statements.clear();
    try {
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.#db.close();
    }
  }

  #pragma(name: string): number {
    return readPragma(this.#db, name);
  }

  #prepare(sql: string): Database.Statement {
    const known = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #run(sql: string, values: readonly unknown[]): void {
    this.#prepare(sql).run(...values);
  }

  #all<T>(sql: string, values: readonly unknown[]): T[] {
    return this.#prepare(sql).all(...values) as T[];
  }
}
