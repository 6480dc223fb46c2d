/** The primary result codes that matter here (sqlite.org/rescode.html). */
export const SQLITE = {
  busy: 5,
  corrupt: 11,
  full: 13,
  constraint: 19,
  mismatch: 20,
  format: 24,
  notADatabase: 26,
} as const;

/** What SQLite says is wrong, without the details of an extended code; `null` for an error that is not SQLite's. */
export function sqliteCode(error: unknown): number | null {
  const { rawCode } = (error ?? {}) as { rawCode?: unknown };
  return typeof rawCode === 'number' ? rawCode & 0xff : null;
}
