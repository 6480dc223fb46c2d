import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { findModule, findNginx, startNginx } from '../support/nginx.ts';
import { startServer } from '../support/server.ts';
import { family } from './process-cost.ts';
import type { Target } from './stream-load.ts';
import { type Payload, QUERY, recordPayload, stamped } from './stream-payload.ts';
import { PEERS, type Peer } from './stream-peers.ts';

/** A running server that sends a tick to each of its subscribers every second. */
export interface Side {
  readonly name: string;
  readonly target: Target;
  /** Every process whose cost is its. */
  readonly pids: readonly number[];
  stop(): Promise<unknown>;
}

export interface Sides {
  readonly payload: Payload;
  readonly ours: Side;
  readonly peers: readonly Side[];
  stop(): Promise<unknown>;
}

const TICK_MS = 1_000;
const agent = new Agent({ keepAlive: true });

async function startOurs(places: number): Promise<{ side: Side; payload: Payload }> {
  const limits = [`--max-subscribers=${places}`, `--max-subscribers-per-address=${places}`];
  const server = await startServer('--interval', '1s', '--log-level', 'error', ...limits);
  const payload = await recordPayload(server.url);
  const target = { port: server.port, path: `/api/stream?${QUERY}`, gzip: false, marker: payload.marker };
  return { side: { name: 'telltale', target, pids: [server.pid], stop: () => server.stop() }, payload };
}

const compact = (marker: string) => marker.replace(': ', ':');

async function startPeer(file: string, peer: Peer, payload: Payload): Promise<Side> {
  const child: ChildProcess = fork(file, ['--serve', peer]);
  const [port] = await once(child, 'message', { signal: AbortSignal.timeout(10_000) });
  child.send(payload.text);
  return {
    name: peer,
    // One writes a space after the colon, and the other does not.
    target: {
      port: port as number,
      path: '/',
      gzip: false,
      marker: peer.startsWith('better-sse') ? compact(payload.marker) : payload.marker,
    },
    pids: [child.pid as number],
    stop: async () => child.disconnect(),
  };
}

/**
 * nginx with its publish/subscribe module: written in C, and told by POST, of each event or of each tick as one. A message
 * becomes one event, whose data are the lines of the blocks that the others send.
 */
async function startNchan(places: number, payload: Payload, batched: boolean): Promise<Side | string> {
  const nginx = findNginx();
  const module = nginx && findModule(nginx, 'ngx_nchan_module');
  if (!nginx || !module) return 'nchan: left out, since nginx with nchan is not installed';
  const server = await startNginx(nginx, {
    main: `load_module ${module};\nworker_rlimit_nofile ${places + 200};`,
    workerConnections: places + 100,
    server: `
      location = /publish { nchan_publisher; nchan_channel_id tick; nchan_message_buffer_length 8; }
      location = /stream { nchan_subscriber eventsource; nchan_channel_id tick; nchan_subscriber_first_message newest; }`,
  });
  const blocks = batched ? [payload.text.trimEnd()] : payload.text.split('\n\n').filter(Boolean);
  const messages = blocks.map((block) => block.replaceAll('\n', ' '));
  const timer = setInterval(async () => {
    for (const message of messages) await post(server.port, stamped(message));
  }, TICK_MS);
  return {
    name: batched ? 'nchan, one message' : 'nginx with nchan',
    target: { port: server.port, path: '/stream', gzip: false, marker: payload.marker },
    // It listens before its workers are there, and they are what costs.
    get pids() {
      return family(server.pid);
    },
    stop: () => {
      clearInterval(timer);
      return server.stop();
    },
  };
}

function post(port: number, message: string): Promise<void> {
  return new Promise((resolve) => {
    const publish = request({ port, host: '127.0.0.1', path: '/publish', method: 'POST', agent }, (response) => {
      response.resume().once('end', resolve);
    });
    publish.once('error', () => resolve());
    publish.end(message);
  });
}

/** Starts every side with places for so many; what is missing on this machine is said. */
export async function startSides(file: string, places: number): Promise<Sides> {
  const { side: ours, payload } = await startOurs(places);
  const peers: Side[] = [];
  for (const peer of PEERS) peers.push(await startPeer(file, peer, payload));
  for (const batched of [false, true]) {
    const nchan = await startNchan(places, payload, batched);
    if (typeof nchan !== 'string') peers.push(nchan);
    else if (batched) console.log(nchan);
  }
  return { payload, ours, peers, stop: () => Promise.all([ours, ...peers].map((side) => side.stop())) };
}
