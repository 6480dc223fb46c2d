import { type AnyEvent, type EventName, type Events, type MetricName, type Pace, parseEvent } from '@telltale/shared';
import type { Endpoint } from './api.ts';
import { backoffMs } from './backoff.ts';
import { Busy, Refused, readStream } from './read-stream.ts';
import { Sequence } from './sequence.ts';
import type { World } from './world.ts';

/**
 * `connecting`: for the first time, or after a pause. `live`: events come as promised. `late`: connected, but events are
 * overdue. `retrying`: the connection was lost and is tried again. `paused`: nobody looks. `closed`: by us, or refused
 * for good.
 */
export type ConnectionState = 'connecting' | 'live' | 'late' | 'retrying' | 'paused' | 'closed';

export interface ConnectionStatus {
  readonly state: ConnectionState;
  /** What to tell a person, where there is something to tell. */
  readonly detail: string | null;
  /** When it will be tried again, in epoch ms of this device. */
  readonly retryAt: number | null;
}

export const CONNECTING: ConnectionStatus = { state: 'connecting', detail: null, retryAt: null };

export interface ConnectionOptions extends Endpoint {
  readonly metrics: readonly MetricName[];
  readonly interval: Pace | null;
  /** Where to go on from; without a position the stream begins with the newest events. */
  readonly cursor: string | null;
  /** Hands over each event once. */
  readonly onEvent: (event: AnyEvent, id: string | null) => void;
  /** The position moved on without an event. */
  readonly onCheckpoint?: (id: string) => void;
  readonly onStatus: (status: ConnectionStatus) => void;
}

/** Events are overdue when none came for this many of the shortest pace, and this long. */
const LATE_PACES = 3;
const LATE_MS = 3_000;
/** The connection is dead when this many heartbeats are missing. */
const DEAD_HEARTBEATS = 2;
/** Until `hello` says otherwise. */
const DEFAULT_HEARTBEAT_MS = 15_000;
const WATCH_MS = 500;
/** A timer that fires this much later than it should was held up by the sleep of the machine. */
const SLEPT_MS = 5_000;
/** Names of this very device, which is there without any network. */
const LOOPBACK = /^https?:\/\/(localhost|[^/]*\.localhost|127\.[\d.]+|\[::1\])(:\d+)?\//;

/** One stream, kept open: reconnects where it left off and says how it is doing. */
export class Connection {
  readonly #world: World;
  readonly #options: ConnectionOptions;
  readonly #sequence: Sequence;
  #metrics: readonly MetricName[];
  #abort: AbortController | null = null;
  #over = false;
  #attempt = 0;
  #retryMs: number | undefined;
  #waitMs: number | null = null;
  #heartbeatMs = DEFAULT_HEARTBEAT_MS;
  #lateMs = LATE_MS;
  #cancelWatch: (() => void) | null = null;
  #cancelRetry: (() => void) | null = null;
  #hello: AnyEvent | null = null;
  #lastByteAt = 0;
  #lastMetricAt = 0;
  #status = CONNECTING;

  constructor(options: ConnectionOptions, world: World) {
    this.#options = options;
    this.#world = world;
    this.#metrics = options.metrics;
    this.#sequence = new Sequence(options.cursor);
    this.#open();
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  get metrics(): readonly MetricName[] {
    return this.#metrics;
  }

  /** How the server introduced itself last. */
  get hello(): AnyEvent | null {
    return this.#hello;
  }

  /** The position from which another connection misses nothing. */
  get cursor(): string | null {
    return this.#sequence.cursor;
  }

  /** Reads these from now on: opens another stream where this one is, or at `since` if that is earlier. */
  select(metrics: readonly MetricName[], since: string | null = null): void {
    const before = this.cursor;
    const added = metrics.filter((name) => !this.#metrics.includes(name));
    const same = added.length === 0 && metrics.length === this.#metrics.length;
    this.#sequence.back(since === null ? added : metrics, since);
    if (same && this.cursor === before) return;
    this.#metrics = metrics;
    // While nothing is open, the next attempt will ask for these. That others were refused says nothing of them.
    const idle = this.#abort === null && this.#status.state !== 'closed';
    if (!idle && !this.#over) this.#open();
  }

  /** Lets go of the server until {@link resume}. */
  pause(): void {
    if (this.#status.state === 'closed' || this.#status.state === 'paused') return;
    this.#stop();
    this.#tell('paused', 'nobody looks at this page');
  }

  resume(): void {
    if (this.#status.state !== 'paused') return;
    this.#attempt = 0;
    this.#tell('connecting', null);
    this.#open();
  }

  /** Does not wait any longer for the next attempt. */
  retryNow(): void {
    if (this.#status.state === 'retrying') this.#open();
  }

  close(): void {
    this.#over = true;
    this.#stop();
    this.#tell('closed', null);
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

  /** Begins an attempt, in place of the one there is. */
  #open(): void {
    this.#stop();
    if (this.#world.page.offline && !LOOPBACK.test(this.#options.base)) {
      this.#tell('retrying', 'this device is offline');
      return;
    }
    const abort = new AbortController();
    this.#abort = abort;
    this.#lastByteAt = this.#world.now();
    this.#watch();
    const request = { ...this.#options, metrics: this.#metrics, cursor: this.cursor };
    const reader = {
      onBytes: () => {
        this.#lastByteAt = this.#world.now();
      },
      onEvent: (name: string, data: string, id: string | null) => this.#dispatch(name, data, id),
      onCheckpoint: (id: string) => this.#move(id),
      onRetry: (ms: number) => {
        this.#retryMs = ms;
      },
    };
    readStream(this.#world, request, reader, abort.signal).catch((error: Error) => {
      // A newer attempt, or nobody, is interested.
      if (this.#abort !== abort) return;
      this.#stop();
      if (error instanceof Busy) this.#waitMs = error.waitMs;
      if (error instanceof Refused) this.#tell('closed', error.message);
      else this.#retry(error.message);
    });
  }

  #retry(reason: string): void {
    const wait = this.#waitMs ?? backoffMs(this.#attempt, this.#world.random(), this.#retryMs);
    this.#attempt++;
    this.#waitMs = null;
    this.#tell('retrying', reason, this.#world.now() + wait);
    this.#cancelRetry = this.#world.after(wait, () => this.#open());
  }

  #dispatch(name: string, data: string, id: string | null): void {
    const event = parseEvent(name, data);
    // Unknown events are for newer readers; broken ones are as good as missing, and must not end the stream.
    if (event === null || event instanceof Error) {
      if (id !== null) this.#move(id);
      return;
    }
    const fresh = this.#sequence.accept(event, id);
    const now = this.#world.now();
    if (event.name === 'hello') {
      this.#hello = event;
      this.#welcome(event.data, now);
    } else if (event.name === 'bye') this.#waitMs = event.data.retryMs;
    else if (!CONTROL.has(event.name)) this.#onMetric(now);
    if (fresh) this.#options.onEvent(event, id);
  }

  #move(id: string): void {
    this.#sequence.move(id);
    this.#options.onCheckpoint?.(id);
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
    const due = this.#world.now() + WATCH_MS;
    this.#cancelWatch?.();
    this.#cancelWatch = this.#world.after(WATCH_MS, () => {
      this.#watch();
      const now = this.#world.now();
      // A clock that was set back must not keep a dead connection for as long as it went back.
      this.#lastByteAt = Math.min(this.#lastByteAt, now);
      this.#lastMetricAt = Math.min(this.#lastMetricAt, now);
      if (now - this.#lastByteAt > DEAD_HEARTBEATS * this.#heartbeatMs) {
        // After a sleep nobody is to blame, and somebody has just opened the lid: it is tried at once.
        if (now - due > SLEPT_MS) this.#open();
        else {
          this.#stop();
          this.#retry('the server went silent');
        }
      } else if (this.#status.state === 'live' && now - this.#lastMetricAt > this.#lateMs) {
        this.#tell('late', 'connected, but nothing new comes');
      }
    });
  }
}

const CONTROL: ReadonlySet<EventName> = new Set<EventName>(['hello', 'heartbeat', 'gap', 'fault', 'bye']);
