import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { createRandom, seeds, withSeed } from '../support/seed.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream } from '../support/sse.ts';
import { bearer, type TokenFolder, tokenFolder } from '../support/tokens.ts';

// Which pages may read: those of a list, exactly, and those that an embed token is for. On a machine of one's own, where
// nothing else is asked for.

const LISTED = ['https://a.example', 'http://b.example:8080'];
const PAGE = 'https://page.example';
const DATA = ['/api/stream', '/api/history?series=cpu.usage', '/api/snapshot', '/api/host', '/api/catalog'];
const ALL = [...DATA, '/api/processes?at=now', '/api/session', '/api/tickets', '/healthz', '/api/nothing'];

let folder: TokenFolder;
let server: RunningServer;
let embed: string;
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  ask(`${server.url}${path}`, { headers, method });
const subscribers = async () => JSON.parse((await get('/healthz')).body).subscribers;

beforeAll(async () => {
  folder = await tokenFolder();
  embed = await folder.create('--scope', 'embed', '--origins', PAGE, '--metrics', 'cpu,memory', '--name', 'page');
  server = await startServer('--data', folder.path, '--interval', '200ms', '--allow-origin', LISTED.join(','));
});
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

describe('S3: an origin is allowed exactly, or not at all', () => {
  it('a list of two is a list of two, and what is not in it is answered without a word of CORS', async () => {
    const mutations = (origin: string) => [
      ...[origin, `${origin}.evil.example`, `${origin}/`, origin.toUpperCase(), origin.replace('://', '://evil.')],
      ...[
        origin.replace(/^https?/, 'ftp'),
        `${origin}:1`,
        `x${origin}`,
        origin.slice(0, -1),
        `${origin} `,
        `${origin},`,
      ],
    ];
    const random = [...Array(40)].map((_, i) => {
      const { pick, whole } = createRandom(i);
      const name = Array.from({ length: whole(1, 12) }, () => pick([...'ab.-example:80/'])).join('');
      return `${pick(['http', 'https'])}://${name}`;
    });
    const tried = [...LISTED.flatMap(mutations), 'null', '*', 'https://*', 'file://', 'https://', ...random];
    for (const origin of tried) {
      const { status, headers } = await get('/api/host', { origin });
      const isListed = LISTED.includes(origin.trim());
      expect({ origin, status }).toEqual({ origin, status: isListed ? 200 : 403 });
      expect(headers['access-control-allow-origin']).toBe(isListed ? origin.trim() : undefined);
      expect(headers['access-control-allow-credentials']).toBeUndefined();
      if (isListed) expect(headers['vary']).toContain('Origin');
    }
  });

  it.each(['*', 'null', 'https://a.example/', 'https://*.example', 'a.example'])(
    '--allow-origin %s does not start',
    async (origin) => {
      await expect(startServer('--allow-origin', origin)).rejects.toThrow('is not an origin');
    },
  );

  it('only what holds no data is for every page', async () => {
    expect((await get('/embed.js', { origin: 'https://evil.example' })).headers['access-control-allow-origin']).toBe(
      '*',
    );
    for (const path of ['/', '/sign-in', '/frame.css', '/embed/cpu']) {
      const { headers } = await get(path, { origin: 'https://evil.example' });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});

it('S3: a listed page reads the numbers, and not who else does', async () => {
  const { body } = await get('/api/session', { origin: LISTED[0] as string });
  expect(JSON.parse(body)).toMatchObject({ scope: 'read' });
  expect(JSON.parse(body)).not.toHaveProperty('connected');
});

describe('S4: a page of another origin holds nothing, not even a stream', () => {
  it.each<[string, Record<string, string>]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin of its own', { origin: 'null' }],
    ['this host at another port', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['an image', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' }],
    [
      'what a browser sends for EventSource',
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', accept: 'text/event-stream' },
    ],
  ])('%s', async (_, headers) => {
    for (const path of ALL) {
      for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
        // Nothing is asked for by a preflight of what has no data, and no change is made by it.
        if (path === '/healthz' && method !== 'GET') continue;
        expect({ path, method, status: (await get(path, headers, method)).status }).toEqual({
          path,
          method,
          status: 403,
        });
      }
    }
    expect(await subscribers()).toBe(0);
  });
});

describe('S12: an embed token opens what it lists, to the pages that it lists', () => {
  const page = () => ({ ...bearer(embed), origin: PAGE, 'sec-fetch-site': 'cross-site' });

  it('its page is let in by a preflight, which comes without it, and by the token', async () => {
    const asks = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' };
    const preflight = await get('/api/stream', { origin: PAGE, ...asks }, 'OPTIONS');
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-headers': expect.stringContaining('authorization'),
    });
    const reader = await openStream(`${server.url}/api/stream`, page());
    const [hello] = await reader.next(6);
    reader.close();
    expect(reader.headers['access-control-allow-origin']).toBe(PAGE);
    expect(hello?.data.metrics).toEqual({ cpu: 200, memory: 200 });
    expect(new Set(reader.events.map(({ name }) => name))).toEqual(new Set(['hello', 'cpu', 'memory']));
  });

  it('it lists metrics even if nobody did, and no processes unless somebody did', async () => {
    const unlisted = await folder.create('--scope', 'embed', '--origins', PAGE, '--name', 'unlisted');
    const own = { ...bearer(unlisted), origin: PAGE };
    expect((await get('/api/history?series=disk.readBytesPerSecond', own)).status).toBe(200);
    expect((await get('/api/stream?metrics=process', own)).status).toBe(403);
    expect((await get('/api/processes?at=now', own)).status).toBe(403);
    await folder.revoke('unlisted');
  });

  it('its page without it is asked for it, and may read why', async () => {
    for (const path of DATA) {
      const { status, headers } = await get(path, { origin: PAGE });
      expect({ path, status }).toEqual({ path, status: 401 });
      expect(headers['access-control-allow-origin']).toBe(PAGE);
    }
  });

  it('other pages are not let in by it, listed ones neither', async () => {
    for (const origin of ['https://evil.example', ...LISTED]) {
      for (const path of DATA) expect((await get(path, { ...bearer(embed), origin })).status).toBe(403);
    }
  });

  it('other metrics are refused, by every route', async () => {
    const refused = ['/api/stream?metrics=cpu,disk', '/api/history?series=cpu.usage,disk.readBytesPerSecond'];
    for (const path of [...refused, '/api/processes?at=now']) {
      expect((await get(path, page())).status).toBe(403);
    }
    expect((await get('/api/history?series=cpu.usage', page())).status).toBe(200);
    const { events } = JSON.parse((await get('/api/snapshot', page())).body);
    expect(Object.keys(events)).toEqual(['cpu', 'memory']);
    const { metrics } = JSON.parse((await get('/api/catalog', page())).body);
    expect(Object.keys(metrics)).toEqual(['cpu', 'memory']);
    const host = JSON.parse((await get('/api/host', page())).body);
    expect([host.cpu.model, host.os.kernel, host.memory.totalBytes]).toEqual([null, null, null]);
    expect(JSON.parse((await get('/healthz', page())).body)).toEqual({ status: expect.any(String) });
  });

  it('what is wrong with other metrics is not told', async () => {
    const blind = await tokenFolder();
    const secret = await blind.create('--scope', 'embed', '--origins', PAGE, '--metrics', 'cpu');
    const other = await startServer('--data', blind.path, '--proc-root', blind.path, '--sys-root', blind.path);
    try {
      const all = await openStream(`${other.url}/api/stream`);
      await all.waitFor(({ name, data }) => name === 'fault' && data.metric === 'memory');
      all.close();
      const reader = await openStream(`${other.url}/api/stream`, { ...bearer(secret), origin: PAGE });
      await reader.waitFor(({ name }) => name === 'cpu');
      await reader.waitFor(({ name }) => name === 'cpu');
      reader.close();
      const told = reader.events.filter(({ name }) => name === 'fault').map(({ data }) => data.metric);
      expect(new Set(told)).toEqual(new Set(['cpu']));
    } finally {
      await other.stop();
      await blind.remove();
    }
  });

  it('it reads and no more', async () => {
    expect((await get('/api/session', page(), 'DELETE')).status).not.toBe(200);
    expect(JSON.parse((await get('/api/session', page())).body)).toMatchObject({ scope: 'embed', name: 'page' });
    expect(JSON.parse((await get('/api/session', page())).body)).not.toHaveProperty('connected');
  });
});

it('S3: no list of origins lets in what is not in it', async () => {
  for (const seed of seeds(1)) {
    await withSeed(seed, async ({ pick, whole }) => {
      const some = () => `${pick(['http', 'https'])}://${pick(['a', 'b', 'c'])}.example${pick(['', ':81', ':8080'])}`;
      const list = new Set(Array.from({ length: whole(1, 4) }, some));
      const other = await startServer('--allow-origin', [...list].join(','));
      try {
        for (let i = 0; i < 30; i++) {
          const origin = some();
          const { headers } = await ask(`${other.url}/api/host`, { headers: { origin } });
          expect(headers['access-control-allow-origin']).toBe(list.has(origin) ? origin : undefined);
        }
      } finally {
        await other.stop();
      }
    });
  }
});
