import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { findNginx, type RunningNginx, startNginx } from '../support/nginx.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream } from '../support/sse.ts';
import { bearer, type TokenFolder, tokenFolder } from '../support/tokens.ts';

// The files that others copy when they run it: each is read by the program that it is for.

const file = (name: string) => fileURLToPath(new URL(`../../server/packaging/${name}`, import.meta.url));
const nginx = findNginx();
const config = readFileSync(file('nginx.conf'), 'utf8');

describe.runIf(nginx)(
  nginx ? 'behind nginx, as in nginx.conf' : 'SKIPPED, since nginx is not installed: nginx.conf',
  () => {
    let folder: TokenFolder;
    let server: RunningServer;
    let proxy: RunningNginx;
    let secret: string;
    const asked = (path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
      ask(`http://127.0.0.1:${proxy.port}${path}`, {
        ...options,
        headers: { host: 'nas.example', ...options.headers },
      });

    beforeAll(async () => {
      folder = await tokenFolder();
      secret = await folder.create('--name', 'reader');
      const names = ['--base-path', '/telltale', '--allow-host', 'nas.example', '--trusted-proxy', '127.0.0.1'];
      const user = ['--trusted-proxy-user-header', 'x-remote-user'];
      server = await startServer('--data', folder.path, ...names, ...user, '--max-subscribers-per-address', '2');
      const [, http = '', block = ''] = /^(.*?)^server \{\n(.*)^\}/ms.exec(config.replaceAll(/^ *#.*$/gm, '')) ?? [];
      proxy = await startNginx(nginx as string, {
        http,
        // What is tried is what is passed on; certificates are tried by themselves.
        server: block.replace(/^ *(listen|ssl_\w+) .*$/gm, '').replace(/127\.0\.0\.1:7411/, `127.0.0.1:${server.port}`),
      });
    });
    afterAll(async () => {
      await proxy?.stop();
      await server.stop();
      await folder.remove();
    });

    it('nginx takes it as it is', () => {
      const place = mkdtempSync(join(tmpdir(), 'telltale-nginx-t-'));
      const pem = (name: string) => fileURLToPath(new URL(`../support/tls/${name}.pem`, import.meta.url));
      const whole = config
        .replace('/etc/nginx/tls/nas.example.pem', pem('cert'))
        .replace('/etc/nginx/tls/nas.example.key', pem('key'));
      const main = join(place, 'nginx.conf');
      writeFileSync(main, `pid ${place}/pid;\nerror_log ${place}/log;\nevents {}\nhttp {\n${whole}\n}\n`);
      const { status, stderr } = spawnSync(nginx as string, ['-t', '-p', place, '-c', main], { encoding: 'utf8' });
      rmSync(place, { recursive: true });
      expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining('successful') });
    });

    it('everything is below the sub-path, and asks for a token', async () => {
      expect((await asked('/telltale')).status).toBe(308);
      const page = await asked('/telltale/', { headers: { accept: 'text/html' } });
      expect([page.status, page.headers.location]).toEqual([303, expect.stringMatching(/\/telltale\/sign-in$/)]);
      expect((await asked('/telltale/api/host')).status).toBe(401);
      expect((await asked('/telltale/api/host', { headers: bearer(secret) })).status).toBe(200);
    });

    it('a page of the name that the visitor used signs in, and its stream flows', async () => {
      const headers = { origin: 'http://nas.example', 'content-type': 'application/json', 'x-telltale': '1' };
      const body = JSON.stringify({ token: secret });
      const { status, headers: got } = await asked('/telltale/api/session', { method: 'POST', headers, body });
      expect(status).toBe(200);
      expect(got['set-cookie']?.[0]).toContain('Path=/telltale/');
      const cookie = got['set-cookie']?.[0]?.split(';')[0] as string;
      const reader = await openStream(`http://127.0.0.1:${proxy.port}/telltale/api/stream?metrics=cpu`, {
        cookie,
        host: 'nas.example',
      });
      await reader.next(3);
      reader.close();
    });

    it('nobody makes himself another by what he sends', async () => {
      const forged = { 'x-remote-user': 'root', 'x-forwarded-for': '203.0.113.1', 'x-forwarded-host': 'evil.example' };
      expect((await asked('/telltale/api/host', { headers: forged })).status).toBe(401);
      const session = JSON.parse((await asked('/telltale/api/session', { headers: forged })).body);
      expect(session).toMatchObject({ via: 'nothing', scope: 'none' });
    });
  },
);

const hasSystemd = spawnSync('systemd-analyze', ['--version'], { stdio: 'ignore' }).status === 0;
describe.runIf(hasSystemd)(hasSystemd ? 'telltale.service' : 'SKIPPED, since systemd-analyze is not there', () => {
  it('leaves an exposure of 2.0 at most', () => {
    const args = ['security', '--offline=true', '--threshold=20', file('telltale.service')];
    const { status, stdout } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
    expect({ status, said: stdout.split('\n').at(-2) }).toMatchObject({ status: 0 });
  });
});

describe('the Dockerfile', () => {
  const text = readFileSync(file('Dockerfile'), 'utf8');

  it('runs as somebody who is not root, and says whether it is well', () => {
    const last = text.slice(text.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(text).not.toMatch(/docker\.sock|--privileged|latest/);
  });
});
