import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { MiddlewareHandler } from 'hono';
import type { Env } from '../env.ts';
import { HttpProblem } from '../errors.ts';
import { authorityOf } from './authority.ts';
import { headerBytes, MAX_HEADER_BYTES } from './header-bytes.ts';
import { hostName } from './hosts.ts';

export interface GuardOptions {
  readonly hosts: ReadonlySet<string>;
  /** Origins, exactly as browsers send them, whose pages may read the data. */
  readonly origins: ReadonlySet<string>;
  readonly scheme: 'http' | 'https';
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

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': pagePolicy("'none'"),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Runs before every route. Only names that this server was given are served, which stops DNS rebinding; and a page of
 * another origin gets no data unless it was allowed to, which stops every site that the user visits from reading along.
 */
export function guard({ hosts, origins, scheme }: GuardOptions): MiddlewareHandler<Env> {
  /** A page of ours has our host. Behind a proxy that speaks TLS it is `https` although we are not. */
  const isOwn = (origin: string, authority: string) =>
    origin === `https://${authority}` || (scheme === 'http' && origin === `http://${authority}`);

  return async (c, next) => {
    // Whoever is refused below is answered with these too.
    c.set('guarded', HEADERS);
    // Node refuses them itself over HTTP/1.1. Over HTTP/2 its limit holds for whoever has acknowledged it (SETTINGS), and
    // nobody has to.
    if (headerBytes(c.env.incoming) > MAX_HEADER_BYTES) {
      throw new HttpProblem(431, `the headers of a request may have ${MAX_HEADER_BYTES} bytes`);
    }
    const authority = authorityOf(c.env.incoming);
    const name = authority && hostName(authority);
    if (authority === null || name === null || !hosts.has(name)) {
      throw new HttpProblem(421, 'this server does not answer to that host name; allow it with --allow-host');
    }

    const origin = c.req.header('origin');
    const site = c.req.header('sec-fetch-site');
    const sameOrigin = origin === undefined || isOwn(origin, authority);
    const allowed = origin !== undefined && origins.has(origin);
    const headers: Record<string, string> = { ...HEADERS };
    if (origins.size > 0) headers['vary'] = 'Origin';
    if (allowed) {
      headers['access-control-allow-origin'] = origin;
      headers['cross-origin-resource-policy'] = 'cross-origin';
    }
    const foreign = !sameOrigin || site === 'cross-site' || site === 'same-site';
    // Following a link to the dashboard is no reading of data; asking for the data is.
    if (foreign && !allowed && c.req.path.includes('/api/')) {
      throw new HttpProblem(403, 'this page may not read from here; allow its origin with --allow-origin');
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
