import { connect, type Socket } from 'node:net';

// Subscribers that do nothing but count and look at the clock: no parser, no buffer of their own, no HTTP client.

/** How many are connected at the same time; a server's queue of those waiting is short. */
const CONNECTING = 100;
/** A tick is over when nothing has come for this long. */
const SILENCE_MS = 250;
const SILENCE_WAIT_MS = 5_000;
/** Latencies are counted in bins of 0.1 ms; the last one takes all beyond. */
const BINS_PER_MS = 10;
const BINS = 5_000 * BINS_PER_MS;
const TIME_DIGITS = 13;

export interface Target {
  readonly port: number;
  readonly path: string;
  readonly gzip: boolean;
  readonly marker: string;
}

/** What the subscribers saw. */
export interface Seen {
  /** Ticks that arrived, over all subscribers; 0 when they come compressed. */
  readonly deliveries: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of this process as a share of one processor. */
  readonly cpuShare: number;
}

export type Order =
  | { readonly connect: number; readonly target: Target }
  | { readonly awaitSilence: true }
  | { readonly count: true }
  | { readonly report: true }
  | { readonly close: true };

const AT = Buffer.from('"at":');
/** Read into by every socket: what is in it is looked at before the next read. */
const buffer = Buffer.allocUnsafe(256 * 1024);
const sockets = new Set<Socket>();
const latencies = new Uint32Array(BINS);
let marker: Buffer = Buffer.alloc(0);
let deliveries = 0;
let bytes = 0;
let lastDataAt = 0;
/** What performance.now() has to be given to be the time by which the servers stamp. */
let epochOffset = 0;
let startedAt = 0;
let startedCpu = process.cpuUsage();

function look(length: number): boolean {
  lastDataAt = performance.now();
  bytes += length;
  const data = buffer.subarray(0, length);
  for (let at = data.indexOf(marker); at >= 0; at = data.indexOf(marker, at + marker.length)) {
    deliveries++;
    const time = data.indexOf(AT, at) + AT.length;
    if (time < AT.length || time + TIME_DIGITS > length) continue;
    let sentAt = 0;
    for (let i = time; i < time + TIME_DIGITS; i++) sentAt = sentAt * 10 + (data[i] as number) - 48;
    const bin = Math.round((lastDataAt + epochOffset - sentAt) * BINS_PER_MS);
    const slot = Math.min(Math.max(bin, 0), BINS - 1);
    latencies[slot] = (latencies[slot] as number) + 1;
  }
  return true;
}

/** Connects one subscriber; answers the head of the response. */
function subscribe({ port, path, gzip }: Target): Promise<string> {
  return new Promise((resolve, reject) => {
    let head = '';
    const callback = (length: number): boolean => {
      if (head !== '') return look(length);
      head = buffer.toString('latin1', 0, Math.min(length, 4_096));
      if (head.startsWith('HTTP/1.1 200 ')) resolve(head);
      else reject(new Error(`a subscriber was answered: ${head.split('\r\n')[0]}`));
      return true;
    };
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer, callback } });
    socket.once('connect', () => {
      const encoding = gzip ? 'Accept-Encoding: gzip\r\n' : '';
      const accept = 'Accept: text/event-stream\r\n';
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${accept}${encoding}\r\n`);
    });
    sockets.add(socket);
    socket.once('error', reject);
    socket.once('close', () => sockets.delete(socket));
  });
}

async function connectAll(count: number, target: Target): Promise<string> {
  marker = Buffer.from(target.marker);
  let head = '';
  for (let left = count; left > 0; left -= CONNECTING) {
    const some = Array.from({ length: Math.min(left, CONNECTING) }, () => subscribe(target));
    head = (await Promise.all(some))[0] ?? '';
  }
  return head;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Answers whether there was one: a server that never finishes a tick has none. */
async function awaitSilence(): Promise<boolean> {
  const deadline = performance.now() + SILENCE_WAIT_MS;
  const before = deliveries + bytes;
  // Not the silence before the first tick.
  while (performance.now() < deadline && deliveries + bytes === before) await sleep(5);
  while (performance.now() < deadline) {
    if (performance.now() - lastDataAt >= SILENCE_MS) return true;
    await sleep(5);
  }
  return false;
}

function startCount(): void {
  latencies.fill(0);
  deliveries = 0;
  bytes = 0;
  // Date.now() is exact at the moment at which it changes.
  const before = Date.now();
  let now = before;
  while (now === before) now = Date.now();
  epochOffset = now - performance.now();
  startedAt = performance.now();
  startedCpu = process.cpuUsage();
}

function quantileMs(share: number): number {
  const total = latencies.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  for (let bin = 0; bin < BINS; bin++) {
    sum += latencies[bin] as number;
    if (total > 0 && sum >= share * total) return bin / BINS_PER_MS;
  }
  return 0;
}

function report(): Seen {
  const { user, system } = process.cpuUsage(startedCpu);
  const cpuShare = (user + system) / 1_000 / (performance.now() - startedAt);
  return { deliveries, bytes, p50Ms: quantileMs(0.5), p99Ms: quantileMs(0.99), cpuShare };
}

async function closeAll(): Promise<void> {
  // A reset leaves nothing behind. A goodbye would leave the kernel thousands of closed connections for a minute.
  for (const socket of sockets) socket.resetAndDestroy();
  while (sockets.size > 0) await sleep(5);
}

/** Does one order after another and answers each. */
export function serveLoad(): void {
  const obey = (order: Order): unknown => {
    if ('connect' in order) return connectAll(order.connect, order.target);
    if ('awaitSilence' in order) return awaitSilence();
    if ('count' in order) return startCount();
    if ('report' in order) return report();
    return closeAll();
  };
  process.on('message', async (order: Order) => {
    try {
      process.send?.({ answer: (await obey(order)) ?? null });
    } catch (error) {
      process.send?.({ error: String(error) });
    }
  });
  process.once('disconnect', () => process.exit());
}
