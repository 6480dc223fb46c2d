import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

/**
 * The one host that a request names: `Host`, or `:authority` in HTTP/2. `null` when there is none, more than one, or the
 * request target names a host of its own, which would win over the header (RFC 9112, 3.2.2).
 */
export function authorityOf(incoming: IncomingMessage | Http2ServerRequest): string | null {
  if (!incoming.url?.startsWith('/')) return null;
  if ('authority' in incoming) return incoming.authority || null;
  const { rawHeaders } = incoming;
  const given = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === 'host');
  return given.length === 1 ? (given[0] ?? null) : null;
}
