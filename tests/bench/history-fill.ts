import { statSync } from 'node:fs';
import Database from 'libsql';

/** Doubles the chunks of a history, each time further back, until its file is as large as that. */
export function fillTo(path: string, bytes: number): void {
  const db = new Database(path);
  for (let shift = 1; statSync(path).size < bytes; shift *= 2) {
    const back = shift * 30 * 86_400_000;
    db.exec(`INSERT INTO chunk(tier, metric, first, last, samples, bytes, sum, body)
      SELECT tier, metric, first - ${back}, last - ${back}, samples, bytes, sum, body FROM chunk`);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }
  db.close();
}
