import { type AnyEvent, type EventName, type Events, type MetricName, type Pace, parseEvent } from '@telltale/shared';
import { createParser } from 'eventsource-parser';
import { backoffMs, retryAfterMs } from './backoff.ts';
import type { World } from './world.ts';

/**
 * `connecting`: for the first time. `live`: events come as promised. `late`: connected, but events are overdue.
 * `retrying`: the connection was lost and is tried again. `closed`: by us, or refused for good.
 */
export type ConnectionState = 'connecting' | 'live' | 'late' | 'retrying' | 'closed';

export interface ConnectionStatus {
  readonly state: ConnectionState;
  /** What to tell a person, where there is something to tell. */
  readonly detail: string | null;
  /** When it will be tried again, in epoch ms of this device. */
  readonly retryAt: number | null;
}

export interface ConnectionOptions {
  /** The server, with its base path and a "/" at the end. */
  readonly base: string;
  readonly token?: string | null;
  readonly metrics: readonly MetricName[];
  readonly interval?: Pace | null;
  /** Where to go on from; without one the stream begins with the newest events. */
  readonly cursor?: string | null;
  readonly onEvent: (event: AnyEvent) => void;
  readonly onStatus: (status: ConnectionStatus) => void;
}

/** Events are overdue when none came for this many of the shortest pace, and this long. */
const LATE_PACES = 3;
const LATE_MS = 3_000;
/** The connection is dead when this many heartbeats are missing. */
const DEAD_HEARTBEATS = 2;
/** Until `hello` says otherwise. */
const DEFAULT_HEARTBEAT_MS = 15_000;
/** No event of ours comes near; a server that sends a line without end must not fill the memory. */
const MAX_EVENT_BYTES = 4 * 1024 * 1024;
/** Answers that another attempt will not change. */
const FINAL_STATUS = new Set([400, 401, 403, 404, 405, 406, 421]);

class Refused extends Error {}

/** One stream, kept open: reconnects where it left off and says how it is doing. */
export class Connection {
  readonly #world: World;
  readonly #options: ConnectionOptions;
  #cursor: string | null;
  #abort: AbortController | null = null;
  #attempt = 0;
  #retryMs: number | undefined;
  #waitMs: number | null = null;
  #heartbeatMs = DEFAULT_HEARTBEAT_MS;
  #lateMs = LATE_MS;
  #cancelWatch: (() => void) | null = null;
  #cancelRetry: (() => void) | null = null;
  #lastByteAt = 0;
  #lastMetricAt = 0;
  #status: ConnectionStatus = { state: 'connecting', detail: null, retryAt: null };

  constructor(options: ConnectionOptions, world: World) {
    this.#options = options;
    this.#world = world;
    this.#cursor = options.cursor ?? null;
    void this.#run();
  }

  /** The position from which another connection misses nothing. */
  get cursor(): string | null {
    return this.#cursor;
  }

  close(): void {
    this.#stop();
    this.#tell('closed', null);
  }

  /** Does not wait any longer for the next attempt. */
  retryNow(): void {
    if (this.#status.state !== 'retrying') return;
    this.#cancelRetry?.();
    void this.#run();
  }

  #stop(): void {
    this.#cancelWatch?.();
    this.#cancelRetry?.();
    this.#abort?.abort();
    this.#abort = null;
  }

  #tell(state: ConnectionState, detail: string | null, retryAt: number | null = null): void {
    const before = this.#status;
    if (before.state === state && before.detail === detail && before.retryAt === retryAt) return;
    this.#status = { state, detail, retryAt };
    this.#options.onStatus(this.#status);
  }

  async #run(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      await this.#read(abort.signal);
      throw new Error('the server ended the stream');
    } catch (error) {
      // A newer attempt, or nobody, is interested.
      if (this.#abort !== abort) return;
      this.#stop();
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof Refused) this.#tell('closed', reason);
      else this.#retry(reason);
    }
  }

  #retry(reason: string): void {
    const wait = this.#waitMs ?? backoffMs(this.#attempt, this.#world.random(), this.#retryMs);
    this.#attempt++;
    this.#waitMs = null;
    this.#tell('retrying', reason, this.#world.now() + wait);
    this.#cancelRetry = this.#world.after(wait, () => void this.#run());
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { base, token, metrics, interval } = this.#options;
    const query = new URLSearchParams({ metrics: metrics.join(',') });
    if (interval != null) query.set('interval', interval < 1000 ? `${interval}ms` : `${interval / 1000}s`);
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (token) headers['authorization'] = `Bearer ${token}`;
    if (this.#cursor !== null) headers['last-event-id'] = this.#cursor;

    this.#lastByteAt = this.#world.now();
    this.#watch();
    const response = await this.#world
      .fetch(`${base}api/stream?${query}`, { headers, signal, cache: 'no-store', credentials: 'same-origin' })
      .catch(() => Promise.reject(new Error('the server cannot be reached')));
    if (!response.ok || !response.body) await this.#refuse(response);
    const type = response.headers.get('content-type') ?? '';
    if (!/^text\/event-stream(;|$)/i.test(type))
      throw new Refused(`this is not a Telltale server: it answered ${type}`);

    const parser = createParser({
      onEvent: ({ event, data, id }) => {
        if (id) this.#cursor = id;
        this.#dispatch(event ?? 'message', data);
      },
      onRetry: (ms) => {
        this.#retryMs = ms;
      },
      maxBufferSize: MAX_EVENT_BYTES,
    });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { value, done } = await reader.read().catch(() => Promise.reject(new Error('the connection was lost')));
      if (signal.aborted) throw new Error('the server went silent');
      if (done) return;
      this.#lastByteAt = this.#world.now();
      parser.feed(decoder.decode(value, { stream: true }));
    }
  }

  async #refuse(response: Response): Promise<never> {
    const problem = (await response.json().catch(() => null)) as { detail?: unknown } | null;
    const detail = typeof problem?.detail === 'string' ? problem.detail : `the server answered ${response.status}`;
    if (FINAL_STATUS.has(response.status)) throw new Refused(detail);
    this.#waitMs = retryAfterMs(response.headers.get('retry-after'));
    throw new Error(detail);
  }

  #dispatch(name: string, data: string): void {
    const event = parseEvent(name, data);
    // Unknown events are for newer readers; broken ones are as good as missing, and must not end the stream.
    if (event === null || event instanceof Error) return;
    const now = this.#world.now();
    if (event.name === 'hello') this.#welcome(event.data, now);
    else if (event.name === 'bye') this.#waitMs = event.data.retryMs;
    else if (!CONTROL.has(event.name)) this.#onMetric(now);
    this.#options.onEvent(event);
  }

  #welcome({ heartbeatMs, metrics }: Events['hello'], now: number): void {
    this.#heartbeatMs = heartbeatMs;
    this.#lateMs = Math.max(LATE_MS, LATE_PACES * Math.min(...Object.values(metrics)));
    this.#lastMetricAt = now;
    this.#attempt = 0;
    this.#tell('live', null);
  }

  #onMetric(now: number): void {
    this.#lastMetricAt = now;
    this.#tell('live', null);
  }

  /** Looks after the connection twice a second: TCP alone does not notice a peer that is gone. */
  #watch(): void {
    this.#cancelWatch?.();
    this.#cancelWatch = this.#world.after(500, () => {
      this.#watch();
      const now = this.#world.now();
      if (now - this.#lastByteAt > DEAD_HEARTBEATS * this.#heartbeatMs) {
        this.#stop();
        this.#retry('the server went silent');
      } else if (this.#status.state === 'live' && now - this.#lastMetricAt > this.#lateMs) {
        this.#tell('late', 'connected, but nothing new comes');
      }
    });
  }
}

const CONTROL: ReadonlySet<EventName> = new Set<EventName>(['hello', 'heartbeat', 'gap', 'fault', 'bye']);
