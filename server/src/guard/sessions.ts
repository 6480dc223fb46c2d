import type { Clock } from '../clock.ts';
import { digestOf, newSecret } from './token.ts';

/** `browser`: somebody signed in, and has a cookie. `frame`: a page for an iframe was opened with a ticket. */
export type SessionKind = 'browser' | 'frame';

export interface Session {
  readonly kind: SessionKind;
  /** The token that it stands for: when that goes, so does this. */
  readonly tokenId: string;
  readonly createdAt: number;
}

interface Kept extends Session {
  usedAt: number;
}

/** How long one lasts unused, and at most. A frame is opened anew with its page, so it need not outlive that for long. */
const LIFE_MS: Readonly<Record<SessionKind, { readonly idle: number; readonly most: number }>> = {
  browser: { idle: 7 * 24 * 3_600_000, most: 30 * 24 * 3_600_000 },
  frame: { idle: 10 * 60_000, most: 24 * 3_600_000 },
};
/** Beyond so many the one that was used least recently ends. */
const MAX_SESSIONS = 1_000;

/** Who has signed in. Secrets are kept as digests, in memory: a restart signs everybody out. */
export class Sessions {
  /** By the digest of its secret, in hex; the least recently used first. */
  readonly #sessions = new Map<string, Kept>();
  readonly #clock: Pick<Clock, 'now'>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Begins one; answers its secret, which is not kept. */
  begin(kind: SessionKind, tokenId: string): string {
    const now = this.#clock.now();
    for (const [key, session] of this.#sessions) if (isOver(session, now)) this.#sessions.delete(key);
    if (this.#sessions.size >= MAX_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value ?? '');
    const secret = newSecret();
    this.#sessions.set(keyOf(secret), { kind, tokenId, createdAt: now, usedAt: now });
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
    return session;
  }

  end(secret: string): void {
    this.#sessions.delete(keyOf(secret));
  }
}

/** A lookup by digest tells nothing of the secret by its time: who does not have that cannot choose the digest. */
const keyOf = (secret: string) => digestOf(secret).toString('hex');

function isOver({ kind, createdAt, usedAt }: Kept, now: number): boolean {
  const { idle, most } = LIFE_MS[kind];
  return now - usedAt > idle || now - createdAt > most;
}
