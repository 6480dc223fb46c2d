import { createHash } from 'node:crypto';

/** Where a cookie of this server is valid. */
export interface CookiePlace {
  readonly name: string;
  readonly path: string;
  readonly secure: boolean;
}

/**
 * Cookies ignore ports: two servers on one host would sign each other out, so the name tells them apart. Under TLS a
 * prefix has the browser see to it that nobody on a neighbouring host has set it; `__Host-` needs the path `/`.
 */
export function cookiePlace(instance: string, path: string, secure: boolean): CookiePlace {
  const name = `telltale-${createHash('sha256').update(instance).digest('hex').slice(0, 12)}`;
  const prefix = secure ? (path === '/' ? '__Host-' : '__Secure-') : '';
  return { name: prefix + name, path, secure };
}

const MAX_COOKIES = 64;
/** As long as a session may last; the server ends it earlier when it is not used. */
const MAX_AGE_S = 30 * 24 * 3_600;

/** The value of a cookie in a `Cookie` header. Ours holds nothing that would have to be decoded. */
export function readCookie(header: string | undefined, { name }: CookiePlace): string | null {
  const pairs = (header ?? '').split(';', MAX_COOKIES).map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}

/** `null` has the browser forget it. */
export function writeCookie({ name, path, secure }: CookiePlace, value: string | null): string {
  const parts = [`${name}=${value ?? ''}`, `Path=${path}`, 'HttpOnly', 'SameSite=Strict'];
  if (secure) parts.push('Secure');
  return [...parts, `Max-Age=${value === null ? 0 : MAX_AGE_S}`].join('; ');
}
