/** What a route asks of whoever asks it. */
export interface AccessRow {
  /**
   * `none`: it holds no data. `some`: it tells those more who are let in. `needed`: nothing without.
   * They count where the server asks for credentials at all.
   */
  readonly credentials: 'none' | 'some' | 'needed';
  /** Whether pages of other origins may load it although they may not read data. */
  readonly foreign: boolean;
  /** Whether a ticket in the URL counts. */
  readonly ticket: boolean;
  readonly methods: readonly ('GET' | 'POST' | 'DELETE')[];
}

const row = (
  credentials: AccessRow['credentials'],
  { foreign = false, ticket = false, methods = ['GET'] }: Partial<Omit<AccessRow, 'credentials'>> = {},
): AccessRow => ({ credentials, foreign, ticket, methods });

const STATIC = row('none', { foreign: true });
const DATA = row('needed');

/**
 * Every route below the base path, and who may have it. A path that ends with a star stands for all files below it that
 * the build has made. What has no row is not served: {@link accessOf} throws when the server is put together.
 */
export const ACCESS: ReadonlyMap<string, AccessRow> = new Map([
  // The dashboard holds no data; without credentials it leads to the page that asks for them.
  ['', row('some', { foreign: true })],
  ['sign-in', STATIC],
  ['assets/*', STATIC],
  ['embed.js', STATIC],
  ['embed.json', STATIC],
  ['embed/*', STATIC],
  ['frame.css', STATIC],
  ['icon.svg', STATIC],
  // A page for frames holds no data either, unless a ticket opens it: then it holds what lets it ask for them.
  ['embed/:element', row('some', { foreign: true, ticket: true })],
  ['healthz', row('some')],
  ['api/stream', row('needed', { ticket: true })],
  ['api/history', DATA],
  ['api/processes', DATA],
  ['api/snapshot', DATA],
  ['api/host', DATA],
  ['api/catalog', DATA],
  ['api/session', row('some', { methods: ['GET', 'POST', 'DELETE'] })],
  ['api/tickets', row('needed', { methods: ['POST'] })],
]);

/** The row of a route. Throws for a route without one. */
export function accessOf(path: string): AccessRow {
  const folder = path.includes('/') ? `${path.slice(0, path.indexOf('/'))}/*` : path;
  const found = ACCESS.get(path) ?? ACCESS.get(folder);
  if (!found) throw new Error(`the route "${path}" has no access row: say in guard/access.ts who may have it`);
  return found;
}
