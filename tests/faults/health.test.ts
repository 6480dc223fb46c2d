import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { startServer } from '../support/server.ts';

const HOST = fileURLToPath(new URL('../hosts/debian-vm/2', import.meta.url));

describe('R22: who watches the watcher', () => {
  it('is told when a part is missing, when all is, and when it is there again', async () => {
    const root = await mkdtemp(join(tmpdir(), 'telltale-health-'));
    await cp(HOST, root, { recursive: true });
    const [proc, away] = [join(root, 'proc'), join(root, 'away')];
    const server = await startServer('--interval', '200ms', '--proc-root', proc, '--sys-root', join(root, 'sys'));
    const health = async () => {
      const { status, body } = await ask(`${server.url}/healthz`);
      return { status, said: JSON.parse(body).status as string };
    };
    try {
      await expect.poll(health).toEqual({ status: 200, said: 'ok' });
      await rename(join(proc, 'meminfo'), join(root, 'meminfo'));
      await expect.poll(health).toEqual({ status: 200, said: 'degraded' });
      const { collectors } = JSON.parse((await ask(`${server.url}/healthz`)).body);
      expect([collectors.memory.fault, collectors.cpu.fault]).toEqual([expect.stringContaining('meminfo'), null]);
      await rename(join(root, 'meminfo'), join(proc, 'meminfo'));
      await expect.poll(health).toEqual({ status: 200, said: 'ok' });
      // A load balancer asks for the status alone: what is stale is never a 200.
      await rename(proc, away);
      await expect.poll(health, { timeout: 8_000 }).toEqual({ status: 503, said: 'failing' });
      await rename(away, proc);
      await expect.poll(health, { timeout: 8_000 }).toEqual({ status: 200, said: 'ok' });
    } finally {
      await server.stop();
      await rm(root, { recursive: true });
    }
  });
});
