import type { SessionInfo } from '@telltale/shared';
import type { Context, Handler } from 'hono';
import type { Env } from '../env.ts';
import { HttpProblem } from '../errors.ts';
import { readQuery } from '../query.ts';
import { type AdmitOptions, placeOf } from './admit.ts';
import type { Attempts } from './attempts.ts';
import { readJson } from './body.ts';
import { readCookie, writeCookie } from './cookie.ts';
import { hostName, isLoopback } from './hosts.ts';
import type { Presence } from './presence.ts';

const NO_STORE = { 'cache-control': 'no-store' };
/** An answer may not grow with those who are here; a page shows no more either. */
const MAX_LISTED = 200;

export interface SessionRouteOptions extends AdmitOptions {
  readonly attempts: Attempts;
  readonly presence: Presence;
  /** Told of each attempt; no secret is among what it is told. */
  readonly tell: (message: string, fields: Readonly<Record<string, string>>) => void;
}

/** Whether what this visitor sends and reads can be read on its way. */
function isReadable(c: Context<Env>): boolean {
  const { scheme, authority } = c.get('arrival');
  return scheme === 'http' && !isLoopback(hostName(authority) ?? '');
}

/** `/api/session`: who I am; signing in with a token once, and out again. */
export function sessionRoute(options: SessionRouteOptions): Readonly<Record<'GET' | 'POST' | 'DELETE', Handler<Env>>> {
  const { mode, keyring, sessions, attempts, presence, tell } = options;

  const tellWho: Handler<Env> = (c) => {
    readQuery(c, []);
    const { via, name, scope, metrics } = c.get('visitor');
    const connected = presence.list().map(({ visitor, metrics: read, since }) => {
      const { via: by, name: who, scope: as, address } = visitor;
      return { name: who, scope: as, via: by, address, since, metrics: read };
    });
    const body: SessionInfo = {
      access: mode,
      encrypted: !isReadable(c),
      ...{ via, name, scope, metrics: metrics && [...metrics] },
      // Whoever administers the server may know who reads it.
      ...(scope === 'admin' ? { connected: connected.slice(0, MAX_LISTED) } : {}),
    };
    return c.json(body, 200, NO_STORE);
  };

  const signIn: Handler<Env> = async (c) => {
    const arrival = c.get('arrival');
    const waitMs = attempts.waitMs(arrival.address);
    if (waitMs > 0) {
      throw new HttpProblem(429, 'too many wrong tokens from this address: try again later', {
        'retry-after': String(Math.ceil(waitMs / 1_000)),
      });
    }
    const { token: secret } = await readJson(c);
    const token = typeof secret === 'string' ? await keyring.identify(secret.trim()) : null;
    if (!token) {
      attempts.failed(arrival.address);
      tell('a sign-in was refused', { address: arrival.address });
      throw new HttpProblem(401, 'this token is not known, was revoked, or has expired', {
        'www-authenticate': 'Bearer realm="telltale", error="invalid_token"',
      });
    }
    if (token.scope === 'embed')
      throw new HttpProblem(403, 'an embed token is for a page of yours; it signs nobody in');
    attempts.succeeded(arrival.address);
    tell('signed in', { address: arrival.address, name: token.name });
    const cookie = writeCookie(placeOf(options, arrival), sessions.begin('browser', token.id));
    return c.json({ name: token.name, scope: token.scope }, 200, { ...NO_STORE, 'set-cookie': cookie });
  };

  const signOut: Handler<Env> = (c) => {
    const place = placeOf(options, c.get('arrival'));
    const secret = readCookie(c.req.header('cookie'), place);
    if (secret !== null) sessions.end(secret);
    presence.look();
    return c.body(null, 204, { ...NO_STORE, 'set-cookie': writeCookie(place, null) });
  };

  return { GET: tellWho, POST: signIn, DELETE: signOut };
}
