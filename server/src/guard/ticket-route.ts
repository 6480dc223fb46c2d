import type { Handler } from 'hono';
import type { Env } from '../env.ts';
import { HttpProblem } from '../errors.ts';
import { readQuery } from '../query.ts';
import { TICKET_MS, type Tickets } from './tickets.ts';

/** `POST /api/tickets`: for what the caller may read, a right to ask for it once by a URL. */
export function ticketRoute(tickets: Tickets): Handler<Env> {
  return (c) => {
    readQuery(c, []);
    const { tokenId, via } = c.get('visitor');
    // One ticket must not beget another, or it would last for ever.
    if (tokenId === null || via === 'frame') {
      throw new HttpProblem(403, 'a ticket stands for a token: send one as "Authorization: Bearer ..."');
    }
    const body = { ticket: tickets.issue(tokenId), expiresInMs: TICKET_MS };
    return c.json(body, 201, { 'cache-control': 'no-store' });
  };
}
