import type { Clock } from '../clock.ts';
import { digestOf, newSecret } from './token.ts';

/** `browser`: somebody signed in, and has a cookie. `frame`: a page for an iframe was opened with a ticket. */
export const SESSION_KINDS = ['browser', 'frame'] as const;
export type SessionKind = (typeof SESSION_KINDS)[number];

export interface Session {
  readonly kind: SessionKind;
  /** The token that it stands for: when that goes, so does this. */
  readonly tokenId: string;
  readonly createdAt: number;
}

/** The same, as it is kept. */
export interface KeptSession extends Session {
  usedAt: number;
}

/** Where sessions lie while the server does not run, by the digests of their secrets; the least recently used first. */
export interface SessionShelf {
  read(): readonly (readonly [string, KeptSession])[];
  /** Never fails: what cannot be written costs whoever is signed in another sign-in, after the next start. */
  write(sessions: readonly (readonly [string, KeptSession])[]): Promise<void>;
}

/** How long one lasts unused, and at most. A frame is opened anew with its page, so it need not outlive that for long. */
const LIFE_MS: Readonly<Record<SessionKind, { readonly idle: number; readonly most: number }>> = {
  browser: { idle: 7 * 24 * 3_600_000, most: 30 * 24 * 3_600_000 },
  frame: { idle: 10 * 60_000, most: 24 * 3_600_000 },
};
/** Beyond so many the one that was used least recently ends. */
export const MAX_SESSIONS = 1_000;
/** A session that was merely used is written down this much later: less than a frame lasts, and seldom enough for any disk. */
const LAZY_MS = 5 * 60_000;

/** Who has signed in. Secrets are kept as digests, and through restarts where there is a shelf for them. */
export class Sessions {
  /** By the digest of its secret, in hex; the least recently used first. */
  readonly #sessions: Map<string, KeptSession>;
  readonly #clock: Pick<Clock, 'now' | 'after'>;
  readonly #shelf: SessionShelf | null;
  #cancelLazy: (() => void) | null = null;
  #isWritten = true;
  #writing: Promise<void> | null = null;

  constructor(clock: Pick<Clock, 'now' | 'after'>, shelf: SessionShelf | null = null) {
    this.#clock = clock;
    this.#shelf = shelf;
    const now = clock.now();
    this.#sessions = new Map(shelf?.read().filter(([, session]) => !isOver(session, now)));
  }

  /** Begins one; answers its secret, which is not kept. */
  begin(kind: SessionKind, tokenId: string): string {
    const now = this.#clock.now();
    for (const [key, session] of this.#sessions) if (isOver(session, now)) this.#sessions.delete(key);
    if (this.#sessions.size >= MAX_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value ?? '');
    const secret = newSecret();
    this.#sessions.set(keyOf(secret), { kind, tokenId, createdAt: now, usedAt: now });
    void this.#write();
    return secret;
  }

  /** The session that a secret proves, which counts as a use of it. */
  find(kind: SessionKind, secret: string): Session | null {
    const key = keyOf(secret);
    const session = this.#sessions.get(key);
    const now = this.#clock.now();
    if (!session || session.kind !== kind || isOver(session, now)) return null;
    session.usedAt = now;
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    if (this.#shelf) this.#cancelLazy ??= this.#clock.after(LAZY_MS, () => void this.#write());
    return session;
  }

  end(secret: string): void {
    if (this.#sessions.delete(keyOf(secret))) void this.#write();
  }

  /** Writes down what is not yet; to be waited for before the process ends. */
  async close(): Promise<void> {
    await (this.#cancelLazy ? this.#write() : this.#writing);
  }

  /** One at a time: what changes meanwhile is written by the next. */
  #write(): Promise<void> {
    this.#cancelLazy?.();
    this.#cancelLazy = null;
    this.#isWritten = this.#shelf === null;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (!this.#isWritten) {
      this.#isWritten = true;
      await this.#shelf?.write([...this.#sessions]);
    }
  }
}

/** A lookup by digest tells nothing of the secret by its time: who does not have that cannot choose the digest. */
const keyOf = (secret: string) => digestOf(secret).toString('hex');

function isOver({ kind, createdAt, usedAt }: KeptSession, now: number): boolean {
  const { idle, most } = LIFE_MS[kind];
  return now - usedAt > idle || now - createdAt > most;
}
