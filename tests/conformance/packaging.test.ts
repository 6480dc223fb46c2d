import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCaddy, startCaddy } from '../support/caddy.ts';
import { ask } from '../support/http.ts';
import { findNginx, startNginx } from '../support/nginx.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream } from '../support/sse.ts';
import { bearer, type TokenFolder, tokenFolder } from '../support/tokens.ts';

// The files that others copy when they run it: each is read by the program that it is for.

const file = (name: string) => fileURLToPath(new URL(`../../server/packaging/${name}`, import.meta.url));
const nginx = findNginx();
const caddy = findCaddy();
const [nginxConf, caddyfile] = [readFileSync(file('nginx.conf'), 'utf8'), readFileSync(file('Caddyfile'), 'utf8')];
const withPort = (config: string, port: number) => config.replace('127.0.0.1:7411', `127.0.0.1:${port}`);

/** What is tried is what is passed on, without TLS: certificates are read by themselves. */
const PROXIES = [
  {
    name: 'nginx',
    found: nginx,
    start(port: number) {
      const [, http = '', block = ''] = /^(.*?)^server \{\n(.*)^\}/ms.exec(nginxConf.replaceAll(/^ *#.*$/gm, '')) ?? [];
      const server = withPort(block.replace(/^ *(listen|ssl_\w+) .*$/gm, ''), port);
      return startNginx(nginx as string, { http, server });
    },
  },
  {
    name: 'Caddy',
    found: caddy,
    start: (port: number) =>
      startCaddy(caddy as string, (own) =>
        withPort(caddyfile, port).replace(/^nas\.example \{/m, `http://nas.example:${own} {`),
      ),
  },
];

for (const { name, found, start } of PROXIES) {
  const title = found ? `behind ${name}, as in its file` : `SKIPPED, since ${name} is not installed: its file`;
  describe.runIf(found)(title, () => {
    let folder: TokenFolder;
    let server: RunningServer;
    let proxy: { readonly port: number; stop(): Promise<void> };
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
      proxy = await start(server.port);
    });
    afterAll(async () => {
      await proxy?.stop();
      await server.stop();
      await folder.remove();
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
      const { id } = await reader.waitFor(({ name }) => name === 'cpu');
      reader.close();
      // One by one, as they are made: nobody has held them back.
      const times = reader.events.filter(({ name }) => name === 'cpu').map(({ receivedAt }) => receivedAt);
      expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(500);
      const resumed = await openStream(`http://127.0.0.1:${proxy.port}/telltale/api/stream?metrics=cpu`, {
        ...{ cookie, host: 'nas.example' },
        'last-event-id': id,
      });
      expect((await resumed.waitFor(({ name }) => name === 'hello')).data.resumed).toBe(true);
      resumed.close();
    });

    it('nobody makes himself another by what he sends', async () => {
      const forged = { 'x-remote-user': 'root', 'x-forwarded-for': '203.0.113.1', 'x-forwarded-host': 'evil.example' };
      expect((await asked('/telltale/api/host', { headers: forged })).status).toBe(401);
      const session = JSON.parse((await asked('/telltale/api/session', { headers: forged })).body);
      expect(session).toMatchObject({ via: 'nothing', scope: 'none' });
    });
  });
}

describe.runIf(nginx)(nginx ? 'nginx.conf' : 'SKIPPED, since nginx is not installed: nginx.conf', () => {
  it('is taken as it is', () => {
    const place = mkdtempSync(join(tmpdir(), 'telltale-nginx-t-'));
    const pem = (name: string) => fileURLToPath(new URL(`../support/tls/${name}.pem`, import.meta.url));
    const whole = nginxConf
      .replace('/etc/nginx/tls/nas.example.pem', pem('cert'))
      .replace('/etc/nginx/tls/nas.example.key', pem('key'));
    const main = join(place, 'nginx.conf');
    writeFileSync(main, `pid ${place}/pid;\nerror_log ${place}/log;\nevents {}\nhttp {\n${whole}\n}\n`);
    const { status, stderr } = spawnSync(nginx as string, ['-t', '-p', place, '-c', main], { encoding: 'utf8' });
    rmSync(place, { recursive: true });
    expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining('successful') });
  });
});

describe.runIf(caddy)(caddy ? 'the Caddyfile' : 'SKIPPED, since Caddy is not installed: the Caddyfile', () => {
  it('is taken as it is', () => {
    const args = ['validate', '--config', file('Caddyfile'), '--adapter', 'caddyfile'];
    const { status, stdout, stderr } = spawnSync(caddy as string, args, { encoding: 'utf8' });
    expect({ status, said: stdout + stderr }).toMatchObject({ status: 0 });
  });
});

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
