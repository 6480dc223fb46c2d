import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, describe, expect, it } from 'vitest';
import { type Asset, assetRoute, loadAssets } from './assets.ts';
import type { Env } from './env.ts';

const root = mkdtempSync(join(tmpdir(), 'telltale-'));
mkdirSync(join(root, 'assets'));
writeFileSync(join(root, 'index.html'), '<!doctype html>');
writeFileSync(join(root, 'assets', 'app-1234.js'), 'let x');
writeFileSync(join(root, 'notes.txt'), 'not served');
writeFileSync(join(root, '.env'), 'SECRET');
const assets = loadAssets(root);
afterAll(() => rmSync(root, { recursive: true }));

const ask = (asset: Asset | undefined, etag?: string) =>
  new Hono<Env>().get('/', assetRoute(asset as Asset)).request('/', { headers: etag ? { 'if-none-match': etag } : {} });

describe('the files that are served', () => {
  it('are those of known types, the page under the empty path', () => {
    expect([...assets.keys()].sort()).toEqual(['', 'assets/app-1234.js']);
  });

  it('are asked for again each time, unless their name holds their hash', async () => {
    const page = await ask(assets.get(''));
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toBe('<!doctype html>');
    expect((await ask(assets.get('assets/app-1234.js'))).headers.get('cache-control')).toContain('immutable');
  });

  it('are not sent to whoever has them', async () => {
    const asset = assets.get('') as Asset;
    const again = await ask(asset, asset.etag);
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect((await ask(asset, '"other"')).status).toBe(200);
  });
});
