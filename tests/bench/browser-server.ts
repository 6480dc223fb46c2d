import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { METRIC_NAMES, type MetricName, metrics, PROTOCOL } from '@telltale/shared';

// A server that says what ours would, at any speed: twelve processors of which three numbers each are drawn.

export const CHARTS = 12;
/** What a chart shows of its processor. */
export const FIELDS = ['user', 'system', 'usage'] as const;
const EPOCH = 'bench';

/** How fast and how much. */
export interface Load {
  readonly points: number;
  /** Ms of the machine's time between two events. */
  readonly stepMs: number;
  /** Ms of our time between two events; 0 for as fast as they are read. */
  readonly everyMs: number;
}

export interface BenchServer {
  readonly url: string;
  load: Load;
  /** How many ticks the last stream has sent. */
  readonly ticks: number;
  /** Where the machine's time is. */
  readonly now: number;
  close(): void;
}

const value = (core: number, field: number, at: number): number =>
  Math.round(
    100 * (20 + 8 * field + 15 * Math.sin(at / 9_000 + core + field) + (((at / 100) * (core + 3) * 7.31) % 9)),
  ) / 100;

function cpuEvent(at: number): string {
  const cores = Array.from({ length: CHARTS }, (_, core) => ({
    name: String(core),
    ...Object.fromEntries(FIELDS.map((field, i) => [field, value(core, i, at)])),
  }));
  const blank = Object.fromEntries(Object.keys(metrics.cpu.fields).map((name) => [name, null]));
  const parts = { nice: 0, interrupt: 0, steal: 0, guest: 0, iowait: 0, idle: 50 };
  return JSON.stringify({
    at,
    elapsedMs: 100,
    ...blank,
    usage: 40,
    cores: cores.map((core) => ({ ...core, ...parts })),
  });
}

function historyOf(query: URLSearchParams, { points, stepMs }: Load, now: number): object {
  const last = Math.floor(now / stepMs) * stepMs;
  const times = Array.from({ length: points }, (_, i) => last - (points - 1 - i) * stepMs);
  const series = (query.get('series') ?? '').split(',').map((name) => {
    const [, path = '', core = '0'] = /^cpu\.cores\.(\w+):(\d+)$/.exec(name) ?? [];
    const field = FIELDS.indexOf(path as (typeof FIELDS)[number]);
    return [name, { avg: times.map((at) => value(Number(core), field, at)) }] as const;
  });
  return { cursor: `${EPOCH}.0`, from: times[0], to: now, stepMs, times, series: Object.fromEntries(series) };
}

/** `page` answers the HTML of a side; `files` are served by their path. */
export async function startBenchServer(
  page: (side: string, load: Load) => string,
  files: ReadonlyMap<string, string>,
): Promise<BenchServer> {
  let load: Load = { points: 300, stepMs: 1_000, everyMs: 1_000 };
  let ticks = 0;
  let now = Math.floor(Date.now() / 60_000) * 60_000;

  async function stream(response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    let open = true;
    response.once('close', () => {
      open = false;
    });
    const paces = Object.fromEntries(METRIC_NAMES.map((name: MetricName) => [name, load.stepMs]));
    const hello = {
      ...{ protocol: PROTOCOL, version: '0', epoch: EPOCH, host: { id: 'bench', name: 'bench' }, heartbeatMs: 15_000 },
      ...{ resumed: true, metrics: paces, at: now },
    };
    response.write(`event: hello\nid: ${EPOCH}.0\ndata: ${JSON.stringify(hello)}\n\n`);
    ticks = 0;
    for (let next = Date.now(); open; ) {
      next += load.everyMs;
      await new Promise((resolve) => setTimeout(resolve, load.everyMs === 0 ? 0 : Math.max(0, next - Date.now())));
      now += load.stepMs;
      ticks++;
      const id = `${EPOCH}.${ticks.toString(36)}`;
      if (!response.write(`event: cpu\nid: ${id}\ndata: ${cpuEvent(now)}\n\n`)) {
        await new Promise((resolve) => {
          response.once('drain', resolve);
          response.once('close', resolve);
        });
      }
    }
  }

  const json = (response: ServerResponse, body: object) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const file = files.get(pathname);
    if (pathname === '/api/stream') void stream(response);
    else if (pathname === '/api/history') json(response, historyOf(searchParams, load, now));
    else if (pathname === '/api/snapshot') json(response, { cursor: null, events: {} });
    else if (file !== undefined) response.writeHead(200, { 'content-type': 'text/javascript' }).end(file);
    else if (pathname.startsWith('/side/')) {
      response.writeHead(200, { 'content-type': 'text/html' }).end(page(pathname.slice(6), load));
    } else response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get load() {
      return load;
    },
    set load(next) {
      load = next;
    },
    get ticks() {
      return ticks;
    },
    get now() {
      return now;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
