import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, freePort } from './nginx.ts';

const START_MS = 10_000;

/** The Caddy of this machine, or `null`. */
export const findCaddy = (): string | null =>
  spawnSync('caddy', ['version'], { stdio: 'ignore' }).status === 0 ? 'caddy' : null;

/** Runs Caddy in the foreground, on a free port of loopback that stands in the configuration. */
export async function startCaddy(
  caddy: string,
  configure: (port: number) => string,
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'telltale-caddy-'));
  const port = await freePort();
  const file = join(folder, 'Caddyfile');
  // No port of its own for who administers it, and nothing outside of the folder.
  await writeFile(file, `{\n\tadmin off\n\tstorage file_system ${folder}\n}\n${configure(port)}`);
  const child = spawn(caddy, ['run', '--config', file, '--adapter', 'caddyfile'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const closed = once(child, 'close').finally(() => process.off('exit', kill));
  const stop = async () => {
    child.kill('SIGTERM');
    await closed;
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = performance.now() + START_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error(`caddy did not start: ${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { port, stop };
}
