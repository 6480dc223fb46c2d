import { stat } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { readAdminToken } from './admin-token.ts';
import { digestOf, isDigest, isExpired, type Token } from './token.ts';
import { tokenPath, tokensIn } from './token-folder.ts';

/** How old what we know of the files may be when somebody is let in; a revocation takes effect within that. */
const FRESH_MS = 250;

export interface KeyringOptions {
  /** Where tokens are kept; `null` for nowhere. */
  readonly folder: string | null;
  /** The file of an admin's token; empty for none. */
  readonly adminFile: string;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Told when tokens that were there cannot be read any more. */
  readonly onTrouble: (message: string) => void;
}

/**
 * The tokens that a running server knows. Others make and revoke them in their file, so it looks whether that has
 * changed: only when somebody shows a token, or is here because of one.
 */
export class Keyring {
  readonly #options: KeyringOptions;
  #tokens: readonly Token[] = [];
  #origins: ReadonlySet<string> = new Set();
  #seen = '';
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | null = null;

  constructor(options: KeyringOptions) {
    this.#options = options;
  }

  /** Reads all there is. Throws what is wrong: a server that cannot know who may read must not start. */
  load(): void {
    const { folder, adminFile } = this.#options;
    const admin = adminFile === '' ? [] : [readAdminToken(adminFile).token];
    this.#tokens = [...admin, ...(folder === null ? [] : tokensIn(folder))];
    const embeds = this.#tokens.filter(({ scope }) => scope === 'embed');
    this.#origins = new Set(embeds.flatMap(({ origins }) => origins));
  }

  /** Looks for changes, unless that was done just now. */
  async refresh(freshMs = FRESH_MS): Promise<void> {
    if (this.#options.clock.monotonic() - this.#lookedAt < freshMs) return;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { folder, adminFile, clock, onTrouble } = this.#options;
    const files = [...(adminFile === '' ? [] : [adminFile]), ...(folder === null ? [] : [tokenPath(folder)])];
    const seen = (await Promise.all(files.map(stampOf))).join(' ');
    this.#lookedAt = clock.monotonic();
    if (seen === this.#seen) return;
    this.#seen = seen;
    try {
      this.load();
    } catch (error) {
      // Rights that cannot be read are rights that nobody has.
      this.#tokens = [];
      this.#origins = new Set();
      onTrouble(error instanceof Error ? error.message : String(error));
    }
  }

  /** Tokens that are in force. */
  get live(): readonly Token[] {
    const now = this.#options.clock.now();
    return this.#tokens.filter((token) => !isExpired(token, now));
  }

  /** Pages that some embed token is for: a preflight comes without it, and has to be answered all the same. */
  get origins(): ReadonlySet<string> {
    return this.#origins;
  }

  /** The token that a secret proves, be it one that was made this moment. */
  async identify(secret: string): Promise<Token | null> {
    await this.refresh();
    const known = this.#find(secret);
    if (known) return known;
    await this.refresh(0);
    return this.#find(secret);
  }

  /** Looks at all of them, so that the time it takes tells nothing. */
  #find(secret: string): Token | null {
    const digest = digestOf(secret);
    let found: Token | null = null;
    for (const token of this.live) if (isDigest(digest, token.digest)) found = token;
    return found;
  }

  byId(id: string): Token | null {
    return this.live.find((token) => token.id === id) ?? null;
  }
}

/** What changes when a file does. */
const stampOf = (path: string): Promise<string> =>
  stat(path, { bigint: true }).then(
    ({ ino, mtimeNs, size }) => `${ino}:${mtimeNs}:${size}`,
    (error: NodeJS.ErrnoException) => `${error.code}`,
  );
