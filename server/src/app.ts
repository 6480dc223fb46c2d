import { type Catalog, EMBED_ELEMENTS, type EmbedElement, type Host } from '@telltale/shared';
import { type Handler, Hono } from 'hono';
import { compress } from 'hono/compress';
import { type Assets, assetRoute } from './assets.ts';
import { embedPage } from './embed-page.ts';
import type { Env } from './env.ts';
import { HttpProblem } from './errors.ts';
import { type GuardOptions, guard } from './guard/guard.ts';
import type { Health } from './health.ts';
import type { Logger } from './logger.ts';
import { readQuery } from './query.ts';

export interface AppOptions {
  readonly basePath: string;
  readonly guard: GuardOptions;
  readonly assets: Assets;
  readonly logger: Logger;
  readonly stream: Handler<Env>;
  readonly history: Handler<Env>;
  readonly processes: Handler<Env>;
  /** JSON text of the snapshot: its events are in the log as text already. */
  readonly snapshot: () => string;
  readonly host: () => Host;
  readonly catalog: () => Catalog;
  readonly health: () => Health;
}

const NO_STORE = { 'cache-control': 'no-store' };

/** Mounts every route; all of them answer GET and HEAD alone. */
export function createApp(options: AppOptions): Hono<Env> {
  const { basePath, assets, logger } = options;
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

  const route = (path: string, handler: Handler<Env>) => {
    app.get(path, handler);
    app.options(path, (c) => c.body(null, 204, { allow: 'GET, HEAD, OPTIONS', ...preflight(c.get('guarded')) }));
    app.all(path, () => {
      throw new HttpProblem(405, 'only GET and HEAD are answered here', { allow: 'GET, HEAD, OPTIONS' });
    });
  };
  const json =
    (answer: () => object): Handler<Env> =>
    (c) => {
      readQuery(c, []);
      return c.json(answer(), 200, NO_STORE);
    };

  for (const [path, asset] of assets) route(`${basePath}${path}`, assetRoute(asset));
  for (const element of Object.keys(EMBED_ELEMENTS) as EmbedElement[]) {
    route(`${basePath}embed/${element}`, embedPage(element, options.guard.origins));
  }
  if (basePath !== '/') route(basePath.slice(0, -1), (c) => c.redirect(basePath, 308));
  route(`${basePath}api/stream`, options.stream);
  // Numbers in JSON are mostly air; the stream has a way of its own.
  app.use(`${basePath}api/history`, compress({ encoding: 'gzip' }));
  route(`${basePath}api/history`, options.history);
  route(`${basePath}api/processes`, options.processes);
  route(`${basePath}api/snapshot`, (c) => {
    readQuery(c, []);
    return c.body(options.snapshot(), 200, { ...NO_STORE, 'content-type': 'application/json' });
  });
  route(`${basePath}api/host`, json(options.host));
  route(`${basePath}api/catalog`, json(options.catalog));
  route(`${basePath}healthz`, (c) => {
    readQuery(c, []);
    const health = options.health();
    return c.json(health, health.status === 'failing' ? 503 : 200, NO_STORE);
  });
  return app;
}

/** What a page of an allowed origin may send along (Fetch, CORS-preflight fetch). */
function preflight(guarded: Readonly<Record<string, string>>): Record<string, string> {
  if (!guarded['access-control-allow-origin']) return {};
  return {
    'access-control-allow-methods': 'GET, HEAD',
    'access-control-allow-headers': 'authorization, last-event-id',
    'access-control-max-age': '600',
  };
}
