import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { type TokenFolder, tokenFolder } from '../support/tokens.ts';

// Whoever has signed in stays so through an upgrade: a screen on a wall has nobody to type a token.

/** Asks for tokens as it would beyond this machine. */
const GUARDED = ['--trusted-proxy', '192.0.2.1', '--trusted-proxy-user-header', 'x-remote-user'];

/** With a token, and no server that has seen it. */
let fresh: TokenFolder;
let folder: TokenFolder;
let secret: string;
let server: RunningServer;

const start = async (...args: string[]) => {
  server = await startServer('--data', folder.path, ...GUARDED, ...args);
};
const restart = async (...args: string[]) => {
  await server.stop();
  await start(...args);
};
const at = (path: string) => server.url.replace(/\/$/, '') + path;
const own = () => ({ origin: new URL(server.url).origin, 'content-type': 'application/json', 'x-telltale': '1' });

/** Signs in; the answer is the cookie. */
async function signIn(token = secret): Promise<string> {
  const body = JSON.stringify({ token });
  const { status, headers } = await ask(at('/api/session'), { method: 'POST', headers: own(), body });
  expect(status).toBe(200);
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}
const statusOf = async (cookie: string) => (await ask(at('/api/snapshot'), { headers: { cookie } })).status;
const file = () => join(folder.path, 'sessions.json');
const kept = async () => JSON.parse(await readFile(file(), 'utf8')).sessions.length;
/** What it has said about sessions. */
const said = () => server.stderr().match(/"message":"(whoever was signed in|sessions end)[^"]*"/g) ?? [];

beforeAll(async () => {
  fresh = await tokenFolder();
  secret = await fresh.create('--name', 'reader');
});
afterAll(() => fresh.remove());
beforeEach(async () => {
  folder = await tokenFolder(fresh);
});
afterEach(async () => {
  await server.stop();
  await folder.remove();
});

describe('who has signed in', () => {
  it('is still so after a restart, and after a crash', async () => {
    await start();
    const [one, other] = [await signIn(), await signIn()];
    await restart();
    expect([await statusOf(one), await statusOf(other)]).toEqual([200, 200]);
    const late = await signIn();
    await expect.poll(kept).toBe(3);
    await server.kill();
    await start();
    expect(await statusOf(late)).toBe(200);
    expect(said()).toEqual([]);
  });

  it('is not after a sign-out, nor with a server that is called otherwise', async () => {
    await start();
    const [gone, here] = [await signIn(), await signIn()];
    await ask(at('/api/session'), { method: 'DELETE', headers: { ...own(), cookie: gone } });
    await restart();
    expect([await statusOf(gone), await statusOf(here)]).toEqual([401, 200]);
    await restart('--base-path', '/other');
    const [name] = (await signIn()).split('=');
    expect(await statusOf(here.replace(/^[^=]+/, name as string))).toBe(401);
  });

  it('is not once that cannot be kept, which is said once', async () => {
    await start();
    const cookie = await signIn();
    await expect.poll(kept).toBe(1);
    // Nobody, root included, puts a file in the place of a folder.
    await rm(file());
    await mkdir(join(file(), 'x'), { recursive: true });
    await signIn();
    await signIn();
    await expect.poll(said).toHaveLength(1);
    expect(await statusOf(cookie)).toBe(200);
    await restart();
    expect(await statusOf(cookie)).toBe(401);
  });

  it('is nobody after a restart without a folder', async () => {
    const path = join(folder.path, 'admin');
    await writeFile(path, 'x'.repeat(40), { mode: 0o600 });
    await start('--data', 'none', '--token-file', path);
    const cookie = await signIn('x'.repeat(40));
    expect(await statusOf(cookie)).toBe(200);
    await restart('--data', 'none', '--token-file', path);
    expect(await statusOf(cookie)).toBe(401);
  });

  // What else may stand in it: `session-file.test.ts`.
  it('is nobody when the file is damaged, which is said in one line and hinders nobody', async () => {
    await start();
    const cookie = await signIn();
    await server.stop();
    await writeFile(file(), '{"version":1,"sess');
    await start();
    expect(await statusOf(cookie)).toBe(401);
    expect(said()).toHaveLength(1);
    const again = await signIn();
    await restart();
    expect([await statusOf(again), said()]).toEqual([200, []]);
  });
});

describe('S8: what is revoked while the server is stopped', () => {
  it('opens nothing when it runs again', async () => {
    await start();
    const cookie = await signIn();
    const short = await signIn(await folder.create('--name', 'short', '--expires', '1h'));
    await server.stop();
    await folder.revoke('reader');
    await start();
    expect([await statusOf(cookie), await statusOf(short)]).toEqual([401, 200]);
  });

  it('is what another secret in the file of an admin replaces, too', async () => {
    const path = join(folder.path, 'admin');
    await writeFile(path, 'x'.repeat(40), { mode: 0o600 });
    await start('--token-file', path);
    const cookie = await signIn('x'.repeat(40));
    await server.stop();
    await writeFile(path, 'y'.repeat(40));
    await start('--token-file', path);
    expect(await statusOf(cookie)).toBe(401);
  });
});

describe('S7: sessions are kept as digests', () => {
  it('in a file that its owner alone can read, and that nothing is left beside', async () => {
    await start();
    const cookie = await signIn();
    await expect.poll(kept).toBe(1);
    const text = await readFile(file(), 'utf8');
    expect(text).not.toContain(cookie.split('=')[1]);
    expect(text).not.toContain(secret);
    if (process.platform !== 'win32') expect((await stat(file())).mode & 0o777).toBe(0o600);
    await server.stop();
    expect(existsSync(`${file()}.new`)).toBe(false);
  });
});
