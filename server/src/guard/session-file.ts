import { readFileSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { type KeptSession, MAX_SESSIONS, SESSION_KINDS, type SessionShelf } from './sessions.ts';

const FILE_NAME = 'sessions.json';
/** What a thousand of ours take is a fifth of this; what is longer is not ours. */
const MAX_BYTES = 1024 * 1024;

export interface SessionFileOptions {
  readonly folder: string;
  /** Whose cookies they are: sessions of a server that is called otherwise are none of this one's. */
  readonly instance: string;
  /** Told once when they cannot be read, and once when they can no longer be written. */
  readonly tell: (message: string) => void;
}

type Row = readonly [digest: string, session: KeptSession];

function isRow(value: unknown): value is Row {
  if (!Array.isArray(value) || typeof value[1] !== 'object' || value[1] === null) return false;
  const [digest, { kind, tokenId, createdAt, usedAt }] = value;
  return (
    /^[0-9a-f]{64}$/.test(digest) &&
    SESSION_KINDS.some((known) => known === kind) &&
    typeof tokenId === 'string' &&
    Number.isFinite(createdAt) &&
    Number.isFinite(usedAt)
  );
}

/** Sessions in a file beside the tokens: written whole and renamed, readable by its owner alone, and without secrets. */
export class SessionFile implements SessionShelf {
  readonly #options: SessionFileOptions;
  readonly #path: string;
  #isFailing = false;

  constructor(options: SessionFileOptions) {
    this.#options = options;
    this.#path = join(options.folder, FILE_NAME);
  }

  read(): readonly Row[] {
    const { instance, tell } = this.#options;
    try {
      if (statSync(this.#path).size > MAX_BYTES) throw new Error('it is longer than any that is written here');
      const { version, instance: of, sessions } = parse(readFileSync(this.#path, 'utf8'));
      if (version !== 1 || !Array.isArray(sessions) || !sessions.every(isRow)) {
        throw new Error('it does not hold sessions as this version writes them');
      }
      return of === instance ? sessions.slice(-MAX_SESSIONS) : [];
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') tell(`whoever was signed in has to do so again: ${this.#path}: ${message}`);
      return [];
    }
  }

  async write(sessions: readonly Row[]): Promise<void> {
    const { folder, instance, tell } = this.#options;
    try {
      makeFolder(folder);
      await replaceFile(folder, this.#path, `${JSON.stringify({ version: 1, instance, sessions })}\n`);
      this.#isFailing = false;
    } catch (error) {
      // What cannot be written anew must not tell of a session that has ended meanwhile.
      await rm(this.#path, { force: true }).catch(() => {});
      if (!this.#isFailing) tell(`sessions end with the next restart: ${(error as Error).message}`);
      this.#isFailing = true;
    }
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch (cause) {
    // The parser's own message quotes what it could not read.
    throw new Error('it is damaged', { cause });
  }
}

async function replaceFile(folder: string, path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  // Left by one that crashed.
  await rm(fresh, { force: true });
  const file = await open(fresh, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  // A name is on the disk when its folder is; where that cannot be opened, as on Windows, there is nothing to do.
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().finally(() => handle.close());
}
