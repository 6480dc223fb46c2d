import type { Clock } from '../clock.ts';
import { digestOf, newSecret } from './token.ts';

/** Long enough to open what it was fetched for, and too short for a log or a history to be of use to anybody. */
export const TICKET_MS = 30_000;
/** Beyond so many the oldest is void. */
const MAX_TICKETS = 1_000;

interface Ticket {
  readonly tokenId: string;
  readonly expiresAt: number;
}

/**
 * Rights to ask once, for who can send no header: `EventSource`, and the address of an iframe. What stands in a URL is
 * void when it is first used.
 */
export class Tickets {
  /** By the digest of its secret, oldest first. */
  readonly #tickets = new Map<string, Ticket>();
  readonly #clock: Pick<Clock, 'now'>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  issue(tokenId: string): string {
    const secret = newSecret();
    if (this.#tickets.size >= MAX_TICKETS) this.#tickets.delete(this.#tickets.keys().next().value ?? '');
    this.#tickets.set(keyOf(secret), { tokenId, expiresAt: this.#clock.now() + TICKET_MS });
    return secret;
  }

  /** The token that a ticket stands for, once. */
  take(secret: string): string | null {
    const key = keyOf(secret);
    const ticket = this.#tickets.get(key);
    this.#tickets.delete(key);
    return ticket && ticket.expiresAt > this.#clock.now() ? ticket.tokenId : null;
  }
}

const keyOf = (secret: string) => digestOf(secret).toString('hex');
