import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { BlockList, isIP } from 'node:net';

/** How long a list of forwarders may be; further back nobody looks. */
const MAX_HOPS = 32;

/** An address without what makes IPv6 of IPv4 (RFC 4291, 2.5.5.2). */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** One address, or a network like `10.0.0.0/8`; `null` when it is neither. */
function parseNetwork(text: string): { address: string; family: 'ipv4' | 'ipv6'; bits: number } | null {
  const [address = '', prefix, more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more !== undefined) return null;
  const most = version === 4 ? 32 : 128;
  const bits = prefix === undefined ? most : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  return bits <= most ? { address, family: version === 4 ? 'ipv4' : 'ipv6', bits } : null;
}

export const isNetwork = (text: string): boolean => parseNetwork(text) !== null;

/** The addresses whose word about others is taken. */
export class Proxies {
  readonly #list = new BlockList();
  readonly #count: number;

  constructor(networks: readonly string[]) {
    const parsed = networks.map(parseNetwork).filter((network) => network !== null);
    for (const { address, family, bits } of parsed) this.#list.addSubnet(address, bits, family);
    this.#count = parsed.length;
  }

  has(address: string): boolean {
    const version = this.#count === 0 ? 0 : isIP(address);
    return version !== 0 && this.#list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  }
}

/** What is known of a request beyond its own lines. */
export interface Forwarded {
  /** Who asks: the peer, or who a proxy of ours says it is. */
  readonly address: string;
  /** Whether the peer is a proxy of ours. */
  readonly byProxy: boolean;
  /** The host and scheme that the visitor used, where a proxy of ours tells. */
  readonly host: string | null;
  readonly scheme: 'http' | 'https' | null;
}

/** What the nearest proxy added, which is the last of a list: everything before it may be made up. */
const last = (header: string | string[] | undefined): string | null =>
  [header ?? []].flat().join(',').split(',').at(-1)?.trim() || null;

/**
 * Reads `X-Forwarded-*` if the peer is trusted, and only then. Of the addresses the rightmost that is no proxy of ours
 * counts: those left of it were written by whoever wanted to.
 */
export function readForwarded({ socket, headers }: IncomingMessage | Http2ServerRequest, proxies: Proxies): Forwarded {
  const peer = plainAddress(socket.remoteAddress ?? '');
  if (!proxies.has(peer)) return { address: peer, byProxy: false, host: null, scheme: null };
  const hops = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').slice(-MAX_HOPS);
  let address = peer;
  for (const hop of hops.reverse()) {
    const next = plainAddress(hop.trim());
    if (isIP(next) === 0) break;
    address = next;
    if (!proxies.has(next)) break;
  }
  const proto = last(headers['x-forwarded-proto'])?.toLowerCase();
  return {
    address,
    byProxy: true,
    host: last(headers['x-forwarded-host']),
    scheme: proto === 'https' || proto === 'http' ? proto : null,
  };
}
