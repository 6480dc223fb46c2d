import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Handler } from 'hono';
import { acceptsGzip } from './accept.ts';
import type { Env } from './env.ts';

export interface Asset {
  readonly bytes: Buffer<ArrayBuffer>;
  /** The same, compressed once. */
  readonly gzip: Buffer<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
  /** Its name holds a hash of its content. */
  readonly immutable: boolean;
  /** Holds no data and may be loaded by any page. */
  readonly forEverybody: boolean;
}

/** The files that are served, by their path below the base path. No request ever becomes a path of the file system. */
export type Assets = ReadonlyMap<string, Asset>;

const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.json', 'application/json'],
]);

/** Reads the built pages once, at the start; a page goes without its `.html`. Files of unknown types are left out. */
export function loadAssets(directory: string): Assets {
  const assets = new Map<string, Asset>();
  for (const file of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const type = TYPES.get(extname(file.name));
    if (!file.isFile() || !type) continue;
    const full = join(file.parentPath, file.name);
    const path = full.slice(directory.length).replaceAll('\\', '/').replace(/^\//, '');
    const bytes = readFileSync(full);
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    assets.set(path.replace(/^(index|([\w-]+))\.html$/, '$2'), {
      ...{ bytes, gzip: gzipSync(bytes), type, etag },
      immutable: path.startsWith('assets/') || path.startsWith('embed/'),
      forEverybody: path === 'embed.js' || path.startsWith('embed/'),
    });
  }
  return assets;
}

/** Serves one file, with `304` for who has it already. */
export function assetRoute(asset: Asset): Handler<Env> {
  const headers = {
    'content-type': asset.type,
    'cache-control': asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: asset.etag,
    vary: 'Accept-Encoding',
    // Module scripts are fetched with CORS, also by pages that embed nothing else of us.
    ...(asset.forEverybody
      ? { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }
      : {}),
  };
  return (c) => {
    if (c.req.header('if-none-match') === asset.etag) return c.body(null, 304, headers);
    if (!acceptsGzip(c.req.header('accept-encoding'))) return c.body(asset.bytes, 200, headers);
    return c.body(asset.gzip, 200, { ...headers, 'content-encoding': 'gzip' });
  };
}
