import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer('--allow-origin', 'https://friend.example');
});
afterAll(() => server.stop());

const PAGES = ['/', '/sign-in', '/embed/cpu', '/embed/dashboard'];
const FILES = ['/embed.js', '/embed.json', '/frame.css', '/icon.svg'];
const DATA = [
  ...['/api/stream', '/api/history?series=cpu.usage', '/api/processes?at=now', '/api/snapshot', '/api/host'],
  ...['/api/catalog', '/api/session', '/healthz'],
];
const REFUSED = ['/nothing', '/api/nothing', '/api/stream?x=1', '/api/history'];
const ALL = [...PAGES, ...FILES, ...DATA, ...REFUSED];
const head = (path: string, headers = {}) => ask(`${server.url}${path}`, { method: 'HEAD', headers });

/** What a policy says, by directive. */
const directives = (policy = '') =>
  new Map(
    policy
      .split(';')
      .map((part): [string, string] => [part.trim().split(' ')[0] ?? '', part.trim().replace(/^\S+ ?/, '')]),
  );

describe('S11: every answer says what a browser may do with it', () => {
  it.each(ALL)('%s', async (path) => {
    const { headers } = await head(path);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['cross-origin-resource-policy']).toBe(path === '/embed.js' ? 'cross-origin' : 'same-origin');
    const policy = directives(headers['content-security-policy'] as string);
    expect(Object.fromEntries(policy)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self'",
      'img-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': path.startsWith('/embed/') ? "'self' https://friend.example" : "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': 'lit-html',
    });
    // Who made it and with what helps nobody but who looks for a hole.
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it.each([...DATA, ...REFUSED])('%s is kept by nobody', async (path) => {
    expect((await head(path)).headers['cache-control']).toMatch(/^no-store/);
  });

  it('nothing is written into a page that its policy forbids', async () => {
    for (const path of PAGES) {
      const { body } = await ask(`${server.url}${path}`);
      expect(body).not.toMatch(/<script(?![^>]* src=)|<style|<[^>]+\s(on\w+|style)=|javascript:|data:|https?:/i);
    }
  });

  it('a query of a page for frames is an attribute and stays one', async () => {
    const nasty = `"><script>alert(1)</script><x y='&`;
    const { body } = await ask(`${server.url}/embed/chart?series=${encodeURIComponent(nasty)}`);
    expect(body).not.toContain('<script>alert');
    expect(body).toContain('series="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;x y=&#39;&amp;"');
  });
});
