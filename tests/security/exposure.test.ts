import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { runTelltale, startServer } from '../support/server.ts';
import { bearer, type TokenFolder, tokenFolder } from '../support/tokens.ts';

const oneLine = /^telltale: [^\n]+\n$/;
/** Tests in containers run as root, which is refused beyond this machine for a reason of its own. */
const AS_ROOT = process.getuid?.() === 0 ? ['--allow-root'] : [];
const lan = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

let folder: TokenFolder;
let files: string;

beforeAll(async () => {
  folder = await tokenFolder();
  files = await mkdtemp(join(tmpdir(), 'telltale-exposure-'));
});
afterAll(async () => {
  await folder.remove();
  await rm(files, { recursive: true });
});

describe('S1: beyond this machine nothing is served by accident', () => {
  it.each(['0.0.0.0', '::', '::ffff:0.0.0.0', '0', 'nas.local', ...(lan ? [lan] : [])])(
    'at %s, without a token, it ends with 78 and says how to make one',
    async (host) => {
      const { code, stdout, stderr } = await runTelltale(
        '--host',
        host,
        '--port',
        '0',
        '--data',
        folder.path,
        ...AS_ROOT,
      );
      expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
      expect(stderr).toMatch(oneLine);
      expect(stderr).toContain('telltale token create');
    },
  );

  it('nor where the configuration file says where to listen', async () => {
    const file = join(files, 'telltale.json');
    await writeFile(file, JSON.stringify({ host: '0.0.0.0', port: 0, data: 'none', 'allow-root': true }));
    expect((await runTelltale('--config', file)).code).toBe(78);
  });

  it('with a token it starts, and asks for it', async () => {
    const secret = await folder.create('--name', 'reader');
    const server = await startServer('--host', '0.0.0.0', '--data', folder.path, ...AS_ROOT);
    try {
      const url = `http://127.0.0.1:${server.port}`;
      const refused = await ask(`${url}/api/snapshot`);
      expect(refused.status).toBe(401);
      expect(refused.headers['www-authenticate']).toMatch(/^Bearer/);
      expect(refused.headers['content-type']).toBe('application/problem+json');
      expect((await ask(`${url}/api/snapshot`, { headers: bearer(secret) })).status).toBe(200);
      expect(JSON.parse((await ask(`${url}/healthz`)).body)).toEqual({ status: expect.any(String) });
      const health = JSON.parse((await ask(`${url}/healthz`, { headers: bearer(secret) })).body);
      expect(Object.keys(health)).toEqual(['status', 'uptimeMs', 'collectors', 'history', 'subscribers']);
    } finally {
      await server.stop();
      await folder.revoke('reader');
    }
  });

  it('without tokens it starts where that is said, and says so: in its log, and to every page', async () => {
    const server = await startServer('--host', '0.0.0.0', '--insecure-no-auth', ...AS_ROOT);
    try {
      const url = `http://127.0.0.1:${server.port}`;
      await expect.poll(server.stderr).toContain('INSECURE');
      expect(JSON.parse((await ask(`${url}/api/session`)).body)).toMatchObject({ access: 'insecure', scope: 'read' });
      expect((await ask(`${url}/api/snapshot`)).status).toBe(200);
    } finally {
      await server.stop();
    }
  });

  it('an admin token in a file is enough; a short one, and a file that is not there, are refused with 78', async () => {
    const file = join(files, 'token');
    await writeFile(file, `${'s3cret-of-an-admin-'.repeat(2)}\n`, { mode: 0o644 });
    const server = await startServer('--token-file', file);
    try {
      const headers = bearer('s3cret-of-an-admin-'.repeat(2));
      expect((await ask(`${server.url}/api/snapshot`)).status).toBe(401);
      expect((await ask(`${server.url}/api/snapshot`, { headers })).status).toBe(200);
      expect(JSON.parse((await ask(`${server.url}/api/session`, { headers })).body)).toMatchObject({ scope: 'admin' });
      await expect.poll(server.stderr).toContain('can be read by every user');
      expect(server.stderr()).not.toContain('s3cret');
    } finally {
      await server.stop();
    }
    await writeFile(file, 'short\n');
    for (const path of [file, join(files, 'nowhere')]) {
      const { code, stderr } = await runTelltale('--token-file', path, '--port', '0', '--data', 'none');
      expect(code).toBe(78);
      expect(stderr).toMatch(oneLine);
      expect(stderr).not.toContain('short\n');
    }
  });

  it('telltale doctor says what would be exposed to whom, with the code that starting would end with', async () => {
    const near = await runTelltale('doctor', '--data', folder.path);
    expect(near).toMatchObject({ code: 0, stdout: expect.stringContaining('no page of another site') });
    const far = await runTelltale('doctor', '--host', '0.0.0.0', '--data', folder.path);
    expect(far).toMatchObject({ code: 78, stdout: expect.stringContaining('refused: --host 0.0.0.0 would show') });
    const insecure = await runTelltale('doctor', '--host', '0.0.0.0', '--insecure-no-auth', '--allow-root');
    expect(insecure).toMatchObject({ code: 0, stdout: expect.stringContaining('warning: INSECURE') });
  });
});
