/**
 * A position in the event log: `<epoch>.<seq>`, both base36. Only bytes that a cross-origin request may carry in
 * `Last-Event-ID` without a preflight (Fetch, "CORS-unsafe request-header byte"), and at most 64 of them.
 */
export interface Cursor {
  /** New at every start of the server. */
  readonly epoch: string;
  /** Grows by one with every event of the log; 0 is the position before the first. */
  readonly seq: number;
}

const PATTERN = /^([0-9a-z]{1,32})\.(0|[1-9a-z][0-9a-z]{0,10})$/;

export function formatCursor({ epoch, seq }: Cursor): string {
  return `${epoch}.${seq.toString(36)}`;
}

/** Reads a cursor in its one canonical form; `null` for anything else, however garbled. */
export function parseCursor(text: string): Cursor | null {
  const match = text.length <= 64 ? PATTERN.exec(text) : null;
  if (!match) return null;
  const seq = Number.parseInt(match[2] as string, 36);
  return Number.isSafeInteger(seq) ? { epoch: match[1] as string, seq } : null;
}
