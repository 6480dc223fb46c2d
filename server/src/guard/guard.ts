import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context, MiddlewareHandler } from 'hono';
import type { Arrival, Env } from '../env.ts';
import { HttpProblem } from '../errors.ts';
import { authorityOf } from './authority.ts';
import { closing } from './body.ts';
import { headerBytes, MAX_HEADER_BYTES } from './header-bytes.ts';
import { hostName } from './hosts.ts';
import { type Forwarded, type Proxies, readForwarded } from './proxies.ts';

export interface GuardOptions {
  readonly hosts: ReadonlySet<string>;
  /** Origins, exactly as browsers send them, whose pages may read the data. */
  readonly origins: ReadonlySet<string>;
  readonly scheme: 'http' | 'https';
  readonly proxies: Proxies;
  /** Origins that may if they show a token that is for them; looked up only where a page of another origin asks. */
  readonly tokenOrigins: () => Promise<ReadonlySet<string>>;
}

/**
 * What a page of ours may do: load its own files, read its own stream, and nothing else; no inline script or style.
 * `ancestors`: who may frame it.
 */
export const pagePolicy = (ancestors: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${ancestors}`,
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');

/** What pages of other origins are told. Following a link to the dashboard is no reading of data; asking for it is. */
export const foreignPage = () =>
  new HttpProblem(403, 'this page may not read from here; allow its origin with --allow-origin');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': pagePolicy("'none'"),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** No route takes more; two take anything at all, and those much less. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Runs before every route. Only names that this server was given are served, which stops DNS rebinding; and where a
 * request comes from is settled once, for all that decide by it.
 */
export function guard(options: GuardOptions): MiddlewareHandler<Env> {
  return async (c, next) => {
    // Whoever is refused below is answered with these too.
    c.set('guarded', HEADERS);
    // Node refuses them itself over HTTP/1.1. Over HTTP/2 its limit holds for whoever has acknowledged it (SETTINGS), and
    // nobody has to.
    if (headerBytes(c.env.incoming) > MAX_HEADER_BYTES) {
      throw new HttpProblem(431, `the headers of a request may have ${MAX_HEADER_BYTES} bytes`);
    }
    if (Number(c.req.header('content-length') ?? 0) > MAX_BODY_BYTES) {
      throw new HttpProblem(413, `the body of a request may have ${MAX_BODY_BYTES} bytes`, closing(c));
    }
    const forwarded = readForwarded(c.env.incoming, options.proxies);
    const authority = servedAuthority(c, forwarded, options.hosts);
    const arrival = await arrivalOf(c, forwarded, authority, options);
    c.set('arrival', arrival);
    // Each route says so itself (admit.ts); this holds for preflights, and for what there is not.
    if (arrival.from === 'foreign' && c.req.path.includes('/api/')) throw foreignPage();

    const headers: Record<string, string> = { ...HEADERS };
    const mayVary = options.origins.size > 0 || arrival.from !== 'own';
    if (mayVary) headers['vary'] = 'Origin';
    // Never a star, and never what was sent: it is one of ours, which is the same as what was sent.
    if (arrival.origin !== null && (arrival.from === 'listed' || arrival.from === 'token')) {
      headers['access-control-allow-origin'] = arrival.origin;
      headers['cross-origin-resource-policy'] = 'cross-origin';
    }
    c.set('guarded', headers);
    await next();
    // The stream has written its head already.
    if (c.res === RESPONSE_ALREADY_SENT) return;
    for (const [header, value] of Object.entries(headers)) {
      if (!c.res.headers.has(header)) c.res.headers.set(header, value);
    }
  };
}

/** The host that was asked for, if it is served: by the request itself, and by what a proxy says that the visitor asked. */
function servedAuthority(c: Context<Env>, forwarded: Forwarded, hosts: ReadonlySet<string>): string {
  const own = authorityOf(c.env.incoming);
  const asked = forwarded.host ?? own;
  const isServed = (authority: string | null) => {
    const name = authority && hostName(authority);
    return name !== null && name !== '' && hosts.has(name);
  };
  if (asked !== null && isServed(own) && isServed(asked)) return asked;
  throw new HttpProblem(421, 'this server does not answer to that host name; allow it with --allow-host');
}

async function arrivalOf(
  c: Context<Env>,
  forwarded: Forwarded,
  authority: string,
  options: GuardOptions,
): Promise<Arrival> {
  const { address, byProxy } = forwarded;
  const origin = c.req.header('origin') ?? null;
  const site = c.req.header('sec-fetch-site');
  const scheme = forwarded.scheme ?? options.scheme;
  // A page of ours has our host. Behind a proxy that speaks TLS it is `https` although we are not.
  const isOurs = origin === `https://${authority}` || (scheme === 'http' && origin === `http://${authority}`);
  const isElsewhere = site === 'cross-site' || site === 'same-site';
  const from = async (): Promise<Arrival['from']> => {
    if ((origin === null || isOurs) && !isElsewhere) return 'own';
    if (origin !== null && options.origins.has(origin)) return 'listed';
    return origin !== null && (await options.tokenOrigins()).has(origin) ? 'token' : 'foreign';
  };
  return { address, byProxy, authority, scheme, origin, from: await from() };
}
