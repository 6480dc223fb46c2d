import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ask } from '../support/http.ts';
import { TLS } from '../support/http2.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream } from '../support/sse.ts';
import { bearer, type TokenFolder, tokenFolder } from '../support/tokens.ts';

// A browser exchanges a token for a cookie, once; and what else a cookie alone may not do.

/** Asks for tokens as it would beyond this machine. */
const GUARDED = ['--trusted-proxy', '192.0.2.1', '--trusted-proxy-user-header', 'x-remote-user'];

let folder: TokenFolder;
let server: RunningServer;
let secret: string;
const own = () => ({ origin: server.url, 'content-type': 'application/json', 'x-telltale': '1' });
const signIn = (headers: Record<string, string> = {}, token = secret, options = {}) =>
  ask(`${server.url}/api/session`, {
    ...{ method: 'POST', headers: { ...own(), ...headers }, body: JSON.stringify({ token }), ...options },
  });
const cookieOf = ({ headers }: Answer) => headers['set-cookie']?.[0]?.split(';')[0] ?? '';
const get = (path: string, headers: Record<string, string> = {}) => ask(`${server.url}${path}`, { headers });

beforeAll(async () => {
  folder = await tokenFolder();
  secret = await folder.create('--name', 'reader');
  server = await startServer('--data', folder.path, ...GUARDED);
});
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

describe('signing in', () => {
  it('leads who has nothing from the dashboard to the page for it, and programs nowhere', async () => {
    const page = await get('/', { accept: 'text/html,*/*;q=0.8' });
    expect([page.status, page.headers.location]).toEqual([303, '/sign-in']);
    expect((await get('/', { accept: 'application/json' })).status).toBe(401);
    const signInPage = await get('/sign-in', { accept: 'text/html' });
    expect(signInPage.status).toBe(200);
    expect(signInPage.headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
  });

  it('gives a cookie that no script reads and no other site has sent along', async () => {
    const answer = await signIn();
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { name: 'reader', scope: 'read' }]);
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^telltale-[0-9a-f]{12}=telltale_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
      ),
    ]);
    expect(cookieOf(answer)).not.toContain(secret);
    const cookie = cookieOf(answer);
    expect((await get('/', { cookie, accept: 'text/html' })).status).toBe(200);
    expect(JSON.parse((await get('/api/session', { cookie })).body)).toEqual({
      ...{ access: 'tokens', encrypted: true, via: 'session', name: 'reader', scope: 'read', metrics: null },
    });
    // Beside others, as browsers send them.
    expect((await get('/api/snapshot', { cookie: `a=b; ${cookie}; c=d` })).status).toBe(200);
  });

  it('counts for pages of our own alone', async () => {
    const cookie = cookieOf(await signIn());
    expect((await get('/api/snapshot', { cookie, 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await get('/api/snapshot', { cookie, origin: 'http://localhost:1' })).status).toBe(403);
  });

  it('ends with a sign-out, and with it the streams that it opened', async () => {
    const cookie = cookieOf(await signIn());
    const reader = await openStream(`${server.url}/api/stream?metrics=cpu`, { cookie });
    await reader.next(2);
    const out = await ask(`${server.url}/api/session`, { method: 'DELETE', headers: { ...own(), cookie } });
    expect([out.status, out.headers['set-cookie']?.[0]]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await reader.waitFor(({ name }) => name === 'bye')).data.reason).toBe('revoked');
    expect((await get('/api/snapshot', { cookie })).status).toBe(401);
  });

  it('ends when its token does', async () => {
    const short = await folder.create('--name', 'short');
    const cookie = cookieOf(await signIn({}, short));
    expect((await get('/api/snapshot', { cookie })).status).toBe(200);
    await folder.revoke('short');
    await expect.poll(async () => (await get('/api/snapshot', { cookie })).status, { timeout: 1_000 }).toBe(401);
  });

  it('shows an admin who reads, and nobody else', async () => {
    const admin = await folder.create('--name', 'admin', '--scope', 'admin');
    const reader = await openStream(`${server.url}/api/stream?metrics=cpu`, bearer(secret));
    await reader.next(1);
    const { connected } = JSON.parse((await get('/api/session', bearer(admin))).body);
    expect(connected).toEqual([
      {
        name: 'reader',
        scope: 'read',
        via: 'token',
        address: '127.0.0.1',
        since: expect.any(Number),
        metrics: ['cpu'],
      },
    ]);
    expect(JSON.parse((await get('/api/session', bearer(secret))).body)).not.toHaveProperty('connected');
    reader.close();
  });

  it('is not for embed tokens', async () => {
    const embed = await folder.create('--scope', 'embed', '--origins', 'https://a.example', '--name', 'page');
    expect((await signIn({}, embed)).status).toBe(403);
  });

  it('over TLS the cookie is for this host alone, and for TLS', async () => {
    // A folder of its own: the other's is in use.
    const other = await tokenFolder();
    const token = await other.create();
    const secure = await startServer('--data', other.path, ...GUARDED, ...TLS);
    try {
      const answer = await new Promise<string[]>((resolve, reject) => {
        const asked = request(`${secure.url}/api/session`, {
          ...{ method: 'POST', rejectUnauthorized: false, agent: false },
          headers: { ...own(), origin: secure.url },
        });
        asked.once('response', ({ headers }) => resolve(headers['set-cookie'] ?? [])).once('error', reject);
        asked.end(JSON.stringify({ token }));
      });
      expect(answer).toEqual([
        expect.stringMatching(/^__Host-telltale-\w+=.*; Path=\/; HttpOnly; SameSite=Strict; Secure; Max-Age=2592000$/),
      ]);
    } finally {
      await secure.stop();
      await other.remove();
    }
  });
});

describe('S5: a change needs proof that a page of ours asks', () => {
  it.each<[string, Record<string, string>]>([
    ['no origin', { origin: '' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['the origin null', { origin: 'null' }],
    ['the same host at another port', { origin: 'http://127.0.0.1:1' }],
    ['the other loopback name', { origin: 'http://localhost:7411' }],
    ['another scheme', { origin: 'https://127.0.0.1' }],
    ['a page of another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['a page of the same site, as the browser says', { 'sec-fetch-site': 'same-site' }],
    ['no type', { 'content-type': '' }],
    ['JSON as text', { 'content-type': 'text/plain' }],
    ['JSON as a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['JSON in several parts', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['what merely begins like JSON', { 'content-type': 'application/jsonp' }],
    ['JSON beside text', { 'content-type': 'text/plain; application/json' }],
    ['no header of ours', { 'x-telltale': '' }],
    ['another value of it', { 'x-telltale': 'true' }],
  ])('%s is refused', async (_, wrong) => {
    const headers = Object.fromEntries(Object.entries({ ...own(), ...wrong }).filter(([, value]) => value !== ''));
    const cookie = cookieOf(await signIn());
    const asked = [
      ask(`${server.url}/api/session`, { method: 'POST', headers, body: JSON.stringify({ token: secret }) }),
      ask(`${server.url}/api/session`, { method: 'DELETE', headers: { ...headers, cookie } }),
      ask(`${server.url}/api/tickets`, { method: 'POST', headers: { ...headers, cookie } }),
    ];
    for (const { status, headers: got } of await Promise.all(asked)) {
      expect(status).toBe(403);
      expect(got['set-cookie']).toBeUndefined();
      expect(got['access-control-allow-origin']).toBeUndefined();
    }
    expect((await get('/api/snapshot', { cookie })).status).toBe(200);
  });

  it('a rebound name is refused before all of that', async () => {
    const headers = { ...own(), host: 'evil.example', origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' };
    expect((await signIn(headers)).status).toBe(421);
  });

  it.each(['PUT', 'PATCH', 'TRACE', 'PURGE'])('%s changes nothing', async (method) => {
    for (const path of ['/api/session', '/api/tickets', '/api/stream', '/']) {
      expect([400, 405]).toContain((await ask(`${server.url}${path}`, { method, headers: own() })).status);
    }
    const overridden = await get('/api/session', { ...own(), 'x-http-method-override': 'DELETE' });
    expect(overridden.headers['set-cookie']).toBeUndefined();
  });

  it('what is no JSON object, or too long, is told so', async () => {
    const post = (body: string) => ask(`${server.url}/api/session`, { method: 'POST', headers: own(), body });
    for (const body of ['', '{', '"x"', 'null']) expect((await post(body)).status).toBe(400);
    for (const body of ['[]', '{}', '{"token":7}', '{"__proto__":{"token":"x"}}']) {
      expect((await post(body)).status).toBe(401);
    }
    expect((await post(`{"token":"${'x'.repeat(5_000)}"}`)).status).toBe(413);
  });

  // Last: it shuts this address out.
  it('whoever tries one token after another has to wait', async () => {
    const tries: Answer[] = [];
    for (let i = 0; i < 12; i++) tries.push(await signIn({}, `wrong-${i}`, { localAddress: '127.0.0.9' }));
    const statuses = tries.map(({ status }) => status);
    if (process.platform !== 'linux') return;
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    expect(Number(tries.at(-1)?.headers['retry-after'])).toBeGreaterThan(1);
    // Others may, and who is in stays in.
    expect((await signIn({}, secret, { localAddress: '127.0.0.10' })).status).toBe(200);
    expect(server.stderr()).not.toMatch(/wrong-\d|telltale_/);
  });
});
