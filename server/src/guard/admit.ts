import type { Context, MiddlewareHandler } from 'hono';
import type { Arrival, Env } from '../env.ts';
import { HttpProblem } from '../errors.ts';
import type { Visitor } from '../visitor.ts';
import type { AccessRow } from './access.ts';
import { type CookiePlace, cookiePlace, readCookie } from './cookie.ts';
import { foreignPage } from './guard.ts';
import type { Keyring } from './keyring.ts';
import type { Sessions } from './sessions.ts';
import type { Tickets } from './tickets.ts';
import type { Token } from './token.ts';

/** `open`: this machine alone can ask. `insecure`: anybody can, and that is meant. `tokens`: whoever shows something. */
export type Mode = 'open' | 'insecure' | 'tokens';

export interface AdmitOptions {
  readonly mode: Mode;
  readonly keyring: Keyring;
  readonly sessions: Sessions;
  readonly tickets: Tickets;
  /** The header in which a trusted proxy names who has signed in with it; `null` for none. */
  readonly userHeader: string | null;
  /** Tells this server from others on the same host. */
  readonly instance: string;
  readonly basePath: string;
}

/** Sent by our own page with every change: no page of another origin can without asking first (Fetch, CORS-safelisted). */
const PROOF_HEADER = 'x-telltale';
const MAX_USER = 128;
const ALWAYS = () => true;

export const placeOf = ({ instance, basePath }: AdmitOptions, { scheme }: Arrival): CookiePlace =>
  cookiePlace(instance, basePath, scheme === 'https');

const unauthorized = (detail: string, error = '') =>
  new HttpProblem(401, detail, { 'www-authenticate': `Bearer realm="telltale"${error}` });

/** Runs before the handler of each route, and decides by its row: who asks, and whether that is enough. */
export function admit(row: AccessRow, options: AdmitOptions): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { from } = c.get('arrival');
    // Before anything is looked up or taken: a page of another origin gets no data, and cannot hold a stream either.
    if (!row.foreign && from === 'foreign') throw foreignPage();
    if (row.credentials !== 'none') {
      const visitor = await visitorOf(c, row, options);
      if (visitor.scope === 'none' && row.credentials === 'needed') {
        throw unauthorized('a token is needed here: sign in, or send one as "Authorization: Bearer ..."');
      }
      if (c.req.raw.method !== 'GET' && c.req.raw.method !== 'HEAD') demandProof(c, visitor);
      c.set('visitor', visitor);
    }
    await next();
  };
}

/**
 * A change needs more than a cookie, which a browser sends along whoever makes it: a secret that only its owner can send,
 * or positive proof that a page of ours asks.
 */
function demandProof(c: Context<Env>, { via }: Visitor): void {
  if (via === 'token') return;
  const { from, origin } = c.get('arrival');
  const isOurs = from === 'own' && (origin !== null || c.req.header('sec-fetch-site') === 'same-origin');
  const isJson = /^application\/json *(;|$)/i.test(c.req.header('content-type') ?? '');
  if (isOurs && isJson && c.req.header(PROOF_HEADER) === '1') return;
  throw new HttpProblem(
    403,
    `a change is taken from a page of this server alone, as application/json and with ${PROOF_HEADER}: 1`,
  );
}

async function visitorOf(c: Context<Env>, row: AccessRow, options: AdmitOptions): Promise<Visitor> {
  const { keyring, tickets, userHeader, mode } = options;
  const arrival = c.get('arrival');
  const { address, from } = arrival;
  const bearer = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const ticket = row.ticket ? c.req.query('ticket') : undefined;
  const isOwn = from === 'own';
  const cookie = isOwn ? readCookie(c.req.header('cookie'), placeOf(options, arrival)) : null;
  if (ticket ?? cookie ?? null) await keyring.refresh();

  const unknown = () => unauthorized('this token is not known, was revoked, or has expired', ', error="invalid_token"');
  if (bearer !== undefined) {
    const token = await keyring.identify(bearer);
    if (token) return visitorBy(token, 'token', arrival, () => keyring.byId(token.id) !== null);
    const frame = isOwn ? bySession(options, 'frame', bearer, arrival) : null;
    if (!frame) throw unknown();
    return frame;
  }
  if (ticket !== undefined) {
    const id = tickets.take(ticket);
    const token = id === null ? null : keyring.byId(id);
    if (!token) throw unauthorized('this ticket is not known, was used before, or has expired');
    return visitorBy(token, 'ticket', arrival, () => keyring.byId(token.id) !== null);
  }
  const signedIn = cookie === null ? null : bySession(options, 'browser', cookie, arrival);
  if (signedIn) return signedIn;
  const user =
    arrival.byProxy && isOwn && userHeader !== null ? c.req.header(userHeader)?.slice(0, MAX_USER) : undefined;
  const nobody = { address, tokenId: null, metrics: null, isStillLetIn: ALWAYS };
  if (user) return { ...nobody, via: 'proxy', name: user, scope: 'read' };
  // What is open is so to who asks by himself, and to pages that were listed.
  const isOpen = mode !== 'tokens' && (isOwn || from === 'listed' || row.foreign);
  // Who else reads is nobody's business but of who is here.
  const isHere = mode === 'open' && isOwn;
  return { ...nobody, via: 'nothing', name: null, scope: isHere ? 'admin' : isOpen ? 'read' : 'none' };
}

function bySession(
  { sessions, keyring }: AdmitOptions,
  kind: 'browser' | 'frame',
  secret: string,
  arrival: Arrival,
): Visitor | null {
  const session = sessions.find(kind, secret);
  const token = session && keyring.byId(session.tokenId);
  if (!session || !token) return null;
  const isStillLetIn = () => sessions.find(kind, secret) !== null && keyring.byId(session.tokenId) !== null;
  return visitorBy(token, kind === 'browser' ? 'session' : 'frame', arrival, isStillLetIn);
}

/** Whoever shows a token is what it says, for the pages that it is for. */
function visitorBy(token: Token, via: Visitor['via'], arrival: Arrival, isStillLetIn: () => boolean): Visitor {
  const { address, from, origin } = arrival;
  const isForeign = from !== 'own';
  // A frame is a page of ours; who may hold it is said by its own policy.
  const isForPage = token.scope === 'embed' ? origin !== null && token.origins.includes(origin) : from === 'listed';
  const isFrame = via === 'ticket' && origin === null;
  if (isForeign && !isForPage && !isFrame) throw new HttpProblem(403, 'this token is not for pages of this origin');
  return {
    ...{ via, address, isStillLetIn },
    tokenId: token.id,
    name: token.name,
    scope: token.scope,
    metrics: token.metrics && new Set(token.metrics),
  };
}
