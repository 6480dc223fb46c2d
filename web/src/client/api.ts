import type { History, Host, Snapshot } from '@telltale/shared';
import type { World } from './world.ts';

/** Where a server is, and what it takes to be let in. */
export interface Endpoint {
  /** With the base path and a "/" at the end. */
  readonly base: string;
  readonly token: string | null;
}

/** An answer that takes longer than this is not waited for. */
const TIMEOUT_MS = 10_000;

async function getJson<T>(world: World, { base, token }: Endpoint, path: string): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (token) headers['authorization'] = `Bearer ${token}`;
  const abort = new AbortController();
  const cancel = world.after(TIMEOUT_MS, () => abort.abort());
  try {
    const response = await world.fetch(`${base}${path}`, { headers, signal: abort.signal, cache: 'no-store' });
    if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
    return (await response.json()) as T;
  } finally {
    cancel();
  }
}

export const getHost = (world: World, endpoint: Endpoint) => getJson<Host>(world, endpoint, 'api/host');

export const getSnapshot = (world: World, endpoint: Endpoint) => getJson<Snapshot>(world, endpoint, 'api/snapshot');

/** The last `windowMs` of some series, as fine as they were sampled if that is at most `points` steps. */
export function getHistory(
  world: World,
  endpoint: Endpoint,
  series: readonly string[],
  windowMs: number,
  points: number,
): Promise<History> {
  const query = new URLSearchParams({
    series: series.join(','),
    from: `-${Math.round(windowMs / 1000)}s`,
    points: String(points),
  });
  return getJson<History>(world, endpoint, `api/history?${query}`);
}
