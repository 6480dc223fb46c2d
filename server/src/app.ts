import { type Catalog, EMBED_ELEMENTS, type EmbedElement, type Host, METRIC_NAMES } from '@telltale/shared';
import { type Handler, Hono } from 'hono';
import { compress } from 'hono/compress';
import { type Assets, assetRoute } from './assets.ts';
import { embedPage } from './embed-page.ts';
import type { Env } from './env.ts';
import { HttpProblem } from './errors.ts';
import { accessOf } from './guard/access.ts';
import { admit } from './guard/admit.ts';
import { type GuardOptions, guard } from './guard/guard.ts';
import { type SessionRouteOptions, sessionRoute } from './guard/session-route.ts';
import { orSignIn } from './guard/sign-in-redirect.ts';
import { ticketRoute } from './guard/ticket-route.ts';
import type { Health } from './health.ts';
import type { Logger } from './logger.ts';
import { readQuery } from './query.ts';
import { mayRead, type Visitor } from './visitor.ts';

export interface AppOptions {
  readonly basePath: string;
  readonly guard: GuardOptions;
  readonly admission: SessionRouteOptions;
  readonly assets: Assets;
  readonly logger: Logger;
  readonly stream: Handler<Env>;
  readonly history: Handler<Env>;
  readonly processes: Handler<Env>;
  /** JSON text of the snapshot, of what this visitor may read: its events are in the log as text already. */
  readonly snapshot: (visitor: Visitor) => string;
  readonly host: () => Host;
  readonly catalog: () => Catalog;
  readonly health: () => Health;
}

type Handlers = { readonly GET: Handler<Env> } | { readonly POST: Handler<Env> };

const NO_STORE = { 'cache-control': 'no-store' };
/** What makes the dashboard a page of its own, below the base path. */
const SIGN_IN = 'sign-in';

/** Mounts every route, each behind the row of `guard/access.ts` that says who may have it. */
export function createApp(options: AppOptions): Hono<Env> {
  const { basePath, assets, logger, admission } = options;
  const app = new Hono<Env>({ strict: true });

  app.use(guard(options.guard));
  app.onError((error, c) => {
    if (error instanceof HttpProblem) return error.toResponse(c.get('guarded'));
    // The message may hold paths or names: it is for the log, not for whoever asked.
    logger.error('a request failed', { error: error.stack ?? String(error) });
    return new HttpProblem(500, 'internal error; the log has the details').toResponse(c.get('guarded'));
  });
  app.notFound((c) =>
    new HttpProblem(404, `there is nothing here; the dashboard is at ${basePath}`).toResponse(c.get('guarded')),
  );

  const route = (path: string, given: Handler<Env> | Handlers, { name = path, url = `${basePath}${path}` } = {}) => {
    const row = accessOf(name);
    const handlers: Partial<Record<string, Handler<Env>>> = typeof given === 'function' ? { GET: given } : given;
    const allowed = row.methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    const allow = [...allowed, 'OPTIONS'].join(', ');
    for (const method of row.methods) {
      const handler = handlers[method];
      if (!handler) throw new Error(`the route "${path}" does not answer ${method}, which its access row lets in`);
      app.on(method, url, admit(row, admission), handler);
    }
    app.options(url, (c) => c.body(null, 204, { allow, ...preflight(c.get('guarded'), allowed) }));
    app.all(url, () => {
      throw new HttpProblem(405, `only ${allowed.join(' and ')} are answered here`, { allow });
    });
  };
  const json =
    (answer: (visitor: Visitor) => object): Handler<Env> =>
    (c) => {
      readQuery(c, []);
      return c.json(answer(c.get('visitor')), 200, NO_STORE);
    };

  for (const [path, asset] of assets) {
    const page = assetRoute(asset);
    route(path, path === '' ? (orSignIn(`${basePath}${SIGN_IN}`, page) as Handler<Env>) : page);
  }
  for (const element of Object.keys(EMBED_ELEMENTS) as EmbedElement[]) {
    route(`embed/${element}`, embedPage(element, options.guard.origins, admission), { name: 'embed/:element' });
  }
  if (basePath !== '/') route('', (c) => c.redirect(basePath, 308), { url: basePath.slice(0, -1) });
  route('api/stream', options.stream);
  // Numbers in JSON are mostly air; the stream has a way of its own.
  app.use(`${basePath}api/history`, compress({ encoding: 'gzip' }));
  route('api/history', options.history);
  route('api/processes', options.processes);
  route('api/snapshot', (c) => {
    readQuery(c, []);
    const text = options.snapshot(c.get('visitor'));
    return c.body(text, 200, { ...NO_STORE, 'content-type': 'application/json' });
  });
  route(
    'api/host',
    json((visitor) => hostFor(visitor, options.host())),
  );
  route(
    'api/catalog',
    json((visitor) => catalogFor(visitor, options.catalog())),
  );
  route('healthz', (c) => {
    readQuery(c, []);
    const health = options.health();
    const { scope } = c.get('visitor');
    const body = scope === 'admin' || scope === 'read' ? health : { status: health.status };
    return c.json(body, health.status === 'failing' ? 503 : 200, NO_STORE);
  });
  route('api/session', sessionRoute(admission));
  route('api/tickets', { POST: ticketRoute(admission.tickets) });
  return app;
}

/** Who may read some numbers alone is told what machine they are of, and not what it is made of. */
function hostFor({ metrics, scope }: Visitor, host: Host): Host {
  if (metrics === null && scope !== 'embed') return host;
  const os = { name: null, version: null, kernel: null, arch: null };
  return { ...host, os, cpu: { model: null, cores: null, threads: null }, memory: { totalBytes: null }, bootAt: null };
}

function catalogFor(visitor: Visitor, catalog: Catalog): object {
  const own = METRIC_NAMES.filter((name) => mayRead(visitor, name));
  return { ...catalog, metrics: Object.fromEntries(own.map((name) => [name, catalog.metrics[name]])) };
}

/** What a page that may ask may send along (Fetch, CORS-preflight fetch). */
function preflight(guarded: Readonly<Record<string, string>>, methods: readonly string[]): Record<string, string> {
  if (!guarded['access-control-allow-origin']) return {};
  return {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': 'authorization, content-type, last-event-id',
    'access-control-max-age': '600',
  };
}
