import type { History, Host, MetricEvents, Snapshot } from '@telltale/shared';
import type { World } from './world.ts';

/** Where a server is, and what it takes to be let in. */
export interface Endpoint {
  /** With the base path and a "/" at the end. */
  readonly base: string;
  readonly token: string | null;
}

/** An answer that takes longer than this is not waited for. */
const TIMEOUT_MS = 10_000;

/** The server answered, and not with what was asked for. */
export class Declined extends Error {
  readonly status: number;

  constructor(path: string, status: number) {
    super(`${path}: the server answered ${status}`);
    this.status = status;
  }
}

const getJson = <T>(world: World, endpoint: Endpoint, path: string, signal?: AbortSignal): Promise<T> =>
  get(world, endpoint, path, 'application/json', async (response) => (await response.json()) as T, signal);

async function get<T>(
  world: World,
  { base, token }: Endpoint,
  path: string,
  accept: string,
  read: (response: Response) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const headers: Record<string, string> = { accept };
  if (token) headers['authorization'] = `Bearer ${token}`;
  const abort = new AbortController();
  const cancel = world.after(TIMEOUT_MS, () => abort.abort());
  signal?.addEventListener('abort', () => abort.abort());
  try {
    const response = await world.fetch(`${base}${path}`, { headers, signal: abort.signal });
    if (!response.ok) throw new Declined(path.replace(/\?.*/, ''), response.status);
    return await read(response);
  } finally {
    cancel();
  }
}

export const getHost = (world: World, endpoint: Endpoint) => getJson<Host>(world, endpoint, 'api/host');

export const getSnapshot = (world: World, endpoint: Endpoint) => getJson<Snapshot>(world, endpoint, 'api/snapshot');

/** What used most in a minute. */
export interface TopProcesses {
  readonly at: number;
  readonly byCpu: MetricEvents['process']['byCpu'];
  readonly byMemory: MetricEvents['process']['byMemory'];
  readonly byIo: MetricEvents['process']['byIo'];
}

/** That of the minute of a moment; a 404 where nothing was recorded. */
export const getProcesses = (world: World, endpoint: Endpoint, at: number) =>
  getJson<TopProcesses>(world, endpoint, `api/processes?at=${Math.round(at)}`);

/** What is asked of history. Without `to` it reaches until now, and the answer says where a stream goes on. */
export interface HistoryQuery {
  readonly series: readonly string[];
  /** Epoch ms, or `-900s`. */
  readonly from: number | string;
  readonly to?: number;
  /** The most steps; how wide they are is the server's choice. */
  readonly points: number;
}

function historyPath({ series, from, to, points }: HistoryQuery): string {
  const search = new URLSearchParams({ series: series.join(','), from: `${from}`, points: `${points}` });
  if (to !== undefined) search.set('to', `${to}`);
  return `api/history?${search}`;
}

export const getHistory = (world: World, endpoint: Endpoint, query: HistoryQuery, signal: AbortSignal) =>
  getJson<History>(world, endpoint, historyPath(query), signal);

/** The means alone, a column for each series that was asked for, `null` where nothing was recorded. */
export interface Means {
  readonly stepMs: number;
  readonly columns: readonly (readonly (number | null)[])[];
}

/** The same as CSV, which is a quarter as long. For plain series: what stands for several is as many columns. */
export function getMeans(world: World, endpoint: Endpoint, query: HistoryQuery, signal: AbortSignal): Promise<Means> {
  const read = async (response: Response): Promise<Means> => {
    // Lines end as RFC 4180 has it, which would make a number of an empty last cell.
    const [, ...lines] = (await response.text()).trimEnd().split('\r\n');
    const rows = lines.map((line) => line.split(',').map((cell) => (cell === '' ? null : Number(cell))));
    const columns = query.series.map((_, i) => rows.map((row) => row[i + 1] ?? null));
    return { stepMs: (rows[1]?.[0] ?? 0) - (rows[0]?.[0] ?? 0), columns };
  };
  return get(world, endpoint, historyPath(query), 'text/csv', read, signal);
}
