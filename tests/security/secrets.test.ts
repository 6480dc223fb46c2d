import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { type RunningServer, startServer, startServerUnder } from '../support/server.ts';
import { openStream } from '../support/sse.ts';
import { bearer, type TokenFolder, tokenFolder } from '../support/tokens.ts';

// What nobody may learn from a server, be he an admin: it is looked for in everything that it says.

const CANARY = `c4n4ry-${process.pid}`;
const GUARDED = ['--trusted-proxy', '192.0.2.1', '--trusted-proxy-user-header', 'x-remote-user'];

let folder: TokenFolder;
let server: RunningServer;
let admin: string;
const ticketFor = async () => {
  const { body } = await ask(`${server.url}/api/tickets`, { method: 'POST', headers: bearer(admin) });
  return JSON.parse(body).ticket as string;
};

beforeAll(async () => {
  folder = await tokenFolder();
  admin = await folder.create('--scope', 'admin');
  // In its environment, and on its command line, which are in /proc for it to see.
  const env = ['env', `DATABASE_PASSWORD=${CANARY}`];
  server = await startServerUnder(
    env,
    '--data',
    folder.path,
    '--interval',
    '200ms',
    '--log-level',
    'debug',
    ...GUARDED,
  );
});
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

const ROUTES = [
  ...['/', '/sign-in', '/embed.js', '/embed.json', '/frame.css', '/embed/cpu', '/api/history?series=cpu.usage'],
  ...['/api/processes?at=now', '/api/snapshot', '/api/host', '/api/catalog', '/api/session', '/healthz', '/nothing'],
  ...['/api/stream?metrics=no', '/api/history?series=no', '/api/config', '/api/tokens', '/debug', '/metrics', '/.env'],
];

describe('S25: no secret ever comes out', () => {
  it('of any route, of the stream, or into the log', async () => {
    const said: string[] = [];
    for (const path of ROUTES) {
      for (const headers of [{}, bearer(admin), bearer('wrong')]) {
        const { headers: got, body } = await ask(`${server.url}${path}`, { headers });
        said.push(JSON.stringify(got), body);
      }
    }
    const reader = await openStream(`${server.url}/api/stream?metrics=cpu,process,self`, bearer(admin));
    await reader.waitFor(({ name }) => name === 'process');
    await reader.next(10);
    reader.close();
    said.push(reader.text());
    const secrets = [CANARY, admin, admin.slice('telltale_'.length), 'DATABASE_PASSWORD', folder.path];
    const ticket = await ticketFor();
    const framed = await ask(`${server.url}/embed/cpu?ticket=${ticket}`);
    const frame = / token="([^"]+)"/.exec(framed.body)?.[1] as string;
    await server.stop();
    for (const secret of secrets) expect(said.filter((text) => text.includes(secret))).toEqual([]);
    for (const secret of [CANARY, admin.slice('telltale_'.length), ticket, frame]) {
      expect(server.stderr().includes(secret)).toBe(false);
    }
  });

  it('nor are the sources beside what is served', () => {
    const web = fileURLToPath(new URL('../../server/dist/web', import.meta.url));
    const names = readdirSync(web, { recursive: true, withFileTypes: true }).map(({ parentPath, name }) =>
      join(parentPath, name),
    );
    expect(names.filter((name) => /\.map$|\.ts$|\.env|\.git/.test(name))).toEqual([]);
  });
});

describe('S19: an error says what to do, and nothing of what went wrong inside', () => {
  it.each([
    ...[
      '/api/history?series=cpu.usage&from=x',
      '/api/history?series=%00',
      '/api/stream?interval=%f0',
      '/%',
      '/%ff',
      '/api/%zz',
    ],
    ...[
      '/api/processes?at=%2e%2e',
      '/embed/chart?size=x',
      `/embed/chart?series=${'x'.repeat(2_000)}`,
      '/api/snapshot?x[__proto__]=1',
    ],
  ])('%s', async (path) => {
    const own = await startedOnce();
    const { status, headers, body } = await ask(`${own.url}${path}`);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(Object.keys(JSON.parse(body))).toEqual(['title', 'status', 'detail']);
    expect(body).not.toMatch(/node_modules|\.js:\d|at \w+ \(|Error:|\/home\/|\/root\/|\/tmp\/|node:/);
  });

  let own: Promise<RunningServer> | null = null;
  const startedOnce = () => {
    own ??= startServer();
    return own;
  };
  afterAll(async () => void (await (await own)?.stop()));
});
