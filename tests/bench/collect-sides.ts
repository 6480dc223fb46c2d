import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import si from 'systeminformation';
import { startServer } from '../support/server.ts';
import { openStream } from '../support/sse.ts';

/** A program that looks at this machine, once a second unless its name says otherwise. */
export interface Side {
  readonly name: string;
  readonly pid: number;
  /** Makes it look once; a server of ours looks by itself. */
  readonly ask?: () => Promise<unknown>;
  stop(): unknown;
}

/** What ours has and it has too, so that both tell the same. */
const SAME_COLLECTORS = [
  ...['cpu', 'loadavg', 'stat', 'meminfo', 'vmstat', 'netdev', 'netclass', 'netstat', 'sockstat', 'diskstats'],
  ...['filesystem', 'pressure', 'hwmon', 'thermal_zone', 'powersupplyclass'],
];

async function startOurs(name: string, query: string | null): Promise<Side> {
  const server = await startServer('--interval', '1s', '--log-level', 'error');
  const reader = query === null ? null : await openStream(`${server.url}/api/stream?${query}`);
  return {
    name,
    pid: server.pid,
    stop() {
      reader?.close();
      return server.stop();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** The program as it is named here, `null` where it is not installed. */
export function findExporter(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const names = ['prometheus-node-exporter', 'node_exporter'];
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return (
    places.find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }) ?? null
  );
}

export async function startExporter(
  file: string,
  name: string,
  flags: readonly string[],
): Promise<Side & { readonly url: string }> {
  const port = await freePort();
  const child = spawn(file, [`--web.listen-address=127.0.0.1:${port}`, ...flags], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/metrics`;
  const scrape = async () => (await fetch(url)).text();
  for (let attempt = 0; ; attempt++) {
    try {
      await scrape();
      break;
    } catch (error) {
      if (attempt === 50) throw error;
      await sleep(100);
    }
  }
  return { name, url, pid: child.pid as number, ask: scrape, stop: () => void child.kill() };
}

async function startLibrary(file: string): Promise<Side> {
  const child: ChildProcess = fork(file, ['--library']);
  const ask = async () => {
    const reply = once(child, 'message', { signal: AbortSignal.timeout(30_000) });
    child.send('look');
    await reply;
  };
  return { name: 'systeminformation', pid: child.pid as number, ask, stop: () => child.disconnect() };
}

/** Everything of it that ours tells as well, but what starts many processes at every look. */
export function serveLibrary(): void {
  process.on('message', async () => {
    await Promise.all([si.currentLoad(), si.mem(), si.networkStats('*'), si.disksIO(), si.fsStats(), si.fsSize()]);
    await Promise.all([si.cpuTemperature(), si.battery()]);
    process.send?.('seen');
  });
}

/** Starts every side; what is missing on this machine is said. */
export async function startSides(file: string): Promise<readonly Side[]> {
  const sides = [
    await startOurs('telltale', null),
    await startOurs('telltale, 10 Hz', 'interval=100ms'),
    await startLibrary(file),
  ];
  const exporter = findExporter();
  if (exporter === null) {
    console.log('node_exporter: left out, since it is not installed (Debian: prometheus-node-exporter)');
    return sides;
  }
  const same = ['--collector.disable-defaults', ...SAME_COLLECTORS.map((name) => `--collector.${name}`)];
  return [
    ...sides,
    await startExporter(exporter, 'node_exporter', []),
    await startExporter(exporter, 'node_exporter, same', same),
  ];
}
