import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { type RunningServer, runTelltale, startServer } from '../support/server.ts';
import { openStream } from '../support/sse.ts';
import { bearer, type TokenFolder, tokenFolder } from '../support/tokens.ts';

// A server that asks for a token, on this machine: what it takes, and what becomes of what it took.

let folder: TokenFolder;
let server: RunningServer;
let admin: string;
const get = (path: string, headers: Record<string, string> = {}) => ask(`${server.url}${path}`, { headers });
const ticketFor = async (secret: string) => {
  const { status, body } = await ask(`${server.url}/api/tickets`, { method: 'POST', headers: bearer(secret) });
  expect(status).toBe(201);
  return JSON.parse(body).ticket as string;
};

beforeAll(async () => {
  folder = await tokenFolder();
  admin = await folder.create('--name', 'admin', '--scope', 'admin');
  server = await startServer(
    ...['--data', folder.path, '--interval', '200ms', '--log-level', 'debug'],
    // Asks for tokens as it would beyond this machine.
    ...['--trusted-proxy', '192.0.2.1', '--trusted-proxy-user-header', 'x-remote-user'],
  );
});
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

describe('S7: secrets are random, shown once, and kept as digests', () => {
  it('a secret has 256 bits, and no other is like it', async () => {
    const other = await folder.create('--name', 'other');
    for (const secret of [admin, other]) expect(secret).toMatch(/^telltale_[\w-]{43}$/);
    expect(other).not.toBe(admin);
    await folder.revoke('other');
  });

  it('nothing in the folder holds one, and what holds the digests is for its owner alone', async () => {
    for (const name of await readdir(folder.path)) {
      expect((await readFile(join(folder.path, name))).includes(admin.slice('telltale_'.length))).toBe(false);
    }
    expect((await stat(join(folder.path, 'tokens.json'))).mode & 0o777).toBe(0o600);
    const { stdout } = await runTelltale('token', 'list', '--data', folder.path);
    expect(stdout).toContain('admin: everything');
    expect(stdout).not.toContain(admin);
  });

  it('two commands at once do not lose a token', async () => {
    const names = Array.from({ length: 4 }, (_, i) => `many-${i}`);
    const made = await Promise.allSettled(names.map((name) => folder.create('--name', name)));
    const { stdout } = await runTelltale('token', 'list', '--data', folder.path);
    const kept = names.filter((name) => stdout.includes(name));
    // One may be told to try again, but none is told that it was made and is not there.
    expect(kept).toEqual(names.filter((_, i) => made[i]?.status === 'fulfilled'));
    for (const name of kept) await folder.revoke(name);
  });

  it.each([
    [['create', '--scope', 'embed'], '--origins'],
    [['create', '--scope', 'embed', '--origins', 'https://a.example', '--expires', 'never'], 'has to end'],
    [['create', '--scope', 'admin', '--metrics', 'cpu'], 'leave --metrics out'],
    [['create', '--name', 'admin'], 'already'],
    [['create', '--name', 'a\u001bb'], 'a name of at most'],
    [['revoke', 'nobody'], 'there is no token "nobody"'],
    [['destroy'], 'token needs create, list or revoke'],
  ])('telltale token %j is refused in one line', async (args, why) => {
    const { code, stdout, stderr } = await runTelltale('token', ...args, '--data', folder.path);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^telltale: [^\n]+\n$/);
    expect(stderr).toContain(why);
  });
});

describe('S6: credentials travel in headers', () => {
  it.each(['Bearer wrong', `Basic ${Buffer.from('a:b').toString('base64')}`, 'Bearer', `Bearer x${'y'.repeat(9_000)}`])(
    'what is no token of ours lets nobody in: %s',
    async (authorization) => {
      const { status, headers } = await get('/api/host', { authorization });
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toMatch(/^Bearer/);
    },
  );

  it('a token in a URL is a 400, and in no log', async () => {
    for (const path of ['/api/stream', '/api/snapshot', '/api/history', '/healthz']) {
      const { status } = await get(`${path}?token=${admin}`, bearer(admin));
      expect(status).toBe(400);
    }
    expect(server.stderr()).not.toContain(admin.slice('telltale_'.length));
  });

  it('a ticket opens one stream, once', async () => {
    const ticket = await ticketFor(admin);
    const reader = await openStream(`${server.url}/api/stream?metrics=cpu&ticket=${ticket}`);
    expect(reader.status).toBe(200);
    await reader.next(2);
    reader.close();
    expect((await get(`/api/stream?ticket=${ticket}`)).status).toBe(401);
    // It is for the stream and for frames: what can send a header needs none.
    expect((await get(`/api/snapshot?ticket=${await ticketFor(admin)}`)).status).toBe(401);
    expect(server.stderr()).not.toContain(ticket);
  });

  it('a ticket opens a page for a frame, whose secret is not the one of its token', async () => {
    const { status, headers, body } = await get(`/embed/cpu?ticket=${await ticketFor(admin)}`);
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    const secret = / token="([^"]+)"/.exec(body)?.[1] as string;
    expect(secret).not.toBe(admin);
    expect((await get('/api/snapshot', bearer(secret))).status).toBe(200);
    // It begets nothing, or it would last for ever.
    expect((await ask(`${server.url}/api/tickets`, { method: 'POST', headers: bearer(secret) })).status).toBe(403);
    expect((await get('/embed/cpu')).body).not.toContain('token=');
  });

  it('the header of a proxy is taken from that proxy alone', async () => {
    expect((await get('/api/host', { 'x-remote-user': 'root' })).status).toBe(401);
    const behind = await startServer(
      ...['--trusted-proxy', '127.0.0.0/8', '--trusted-proxy-user-header', 'x-remote-user'],
    );
    try {
      const session = async (headers: Record<string, string>) => ask(`${behind.url}/api/session`, { headers });
      expect((await ask(`${behind.url}/api/host`)).status).toBe(401);
      expect(JSON.parse((await session({ 'x-remote-user': 'ada' })).body)).toMatchObject({
        ...{ via: 'proxy', name: 'ada', scope: 'read' },
      });
    } finally {
      await behind.stop();
    }
  });
});

describe('S8: what is taken away ends at once', () => {
  it.each([
    ['revoked', async (name: string) => folder.revoke(name), []],
    ['over', async () => {}, ['--expires', '2s']],
  ])('a token that is %s ends its streams within a second, with bye, and lets nobody in', async (_, end, args) => {
    const secret = await folder.create('--name', 'short-lived', ...args);
    const reader = await openStream(`${server.url}/api/stream?metrics=cpu`, bearer(secret));
    await reader.next(2);
    const others = await openStream(`${server.url}/api/stream?metrics=cpu`, bearer(admin));
    await end('short-lived');
    const endedAt = performance.now();
    const bye = await reader.waitFor(({ name }) => name === 'bye');
    if (args.length === 0) expect(performance.now() - endedAt).toBeLessThan(1_000);
    expect(bye.data).toEqual({ reason: 'revoked', retryMs: expect.any(Number) });
    await reader.ended;
    expect((await get('/api/host', bearer(secret))).status).toBe(401);
    // Others do not notice.
    await others.next(2);
    others.close();
    if (args.length > 0) await folder.revoke('short-lived');
  });
});
