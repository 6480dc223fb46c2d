import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Users other than root often have no sbin in their PATH.
const PLACES = ['nginx', '/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'];
const START_MS = 10_000;

/** The nginx of this machine, or `null`. */
export function findNginx(): string | null {
  return PLACES.find((path) => spawnSync(path, ['-v'], { stdio: 'ignore' }).status === 0) ?? null;
}

/** The file of a loadable module of that nginx, or `null`. */
export function findModule(nginx: string, name: string): string | null {
  const { stderr } = spawnSync(nginx, ['-V'], { encoding: 'utf8' });
  const folder = /--modules-path=(\S+)/.exec(stderr)?.[1];
  const file = folder && join(folder, `${name}.so`);
  return file && existsSync(file) ? file : null;
}

export interface RunningNginx {
  readonly port: number;
  /** Of the master; the workers are its children. */
  readonly pid: number;
  stop(): Promise<void>;
}

export interface NginxOptions {
  /** The content of `server`, less `listen`. */
  readonly server: string;
  /** Directives of `http`, beside the server. */
  readonly http?: string;
  /** Directives outside of all blocks. */
  readonly main?: string;
  readonly workerConnections?: number;
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});

/**
 * Runs nginx in the foreground, with files in a folder of its own, on a free port of loopback. The rest is what Debian
 * sets in nginx.conf; everything that it does not name has nginx's own default.
 */
export async function startNginx(nginx: string, options: NginxOptions): Promise<RunningNginx> {
  const { server, http = '', main = '', workerConnections = 768 } = options;
  const folder = await mkdtemp(join(tmpdir(), 'telltale-nginx-'));
  // A master that is root gives its workers to another user.
  await chmod(folder, 0o755);
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${join(folder, name)};`)
    .join('\n');
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off;
pid ${join(folder, 'pid')};
error_log ${join(folder, 'error.log')};
worker_processes auto;
${main}
events {
  worker_connections ${workerConnections};
}
http {
  sendfile on;
  tcp_nopush on;
  types_hash_max_size 2048;
  default_type application/octet-stream;
  gzip on;
  access_log ${join(folder, 'access.log')};
${temporary}
  ${http}
  server {
    listen 127.0.0.1:${port};
    ${server}
  }
}
`,
  );

  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
  const child = spawn(nginx, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  running.add(child);
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  let over = false;
  const closed = once(child, 'close').then(() => {
    over = true;
    running.delete(child);
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await closed;
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = performance.now() + START_MS;
  while (!(await answers(port))) {
    if (over || performance.now() > deadline) {
      const log = await readFile(join(folder, 'error.log'), 'utf8').catch(() => '');
      await stop();
      throw new Error(`nginx did not start: ${complaints}${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { port, pid: child.pid as number, stop };
}

/** Whether somebody listens on a port of loopback. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
