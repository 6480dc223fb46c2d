const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Addresses that stand for all of the machine's: nobody can be asked for under them. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::' || host === '[::]';
}

/** How a listening address is written in a URL. */
export function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** The name of a `Host` header without its port, lower-case; `null` for anything that is not plainly a host. */
export function hostName(header: string): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)(?::\d{1,5})?$/i.exec(header);
  return match ? (match[1] as string).toLowerCase() : null;
}

/** The names under which this server may be asked: loopback, where it listens, and what `--allow-host` adds. */
export function servedHosts(listen: string, allowed: readonly string[]): ReadonlySet<string> {
  const own = isWildcard(listen) ? [] : [urlHost(listen)];
  return new Set([...LOOPBACK_NAMES, ...own, ...allowed].map((name) => name.toLowerCase()));
}
