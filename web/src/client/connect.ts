import {
  type AnyEvent,
  DEFAULT_METRICS,
  type EventName,
  type Events,
  type MetricName,
  type Pace,
} from '@telltale/shared';
import type { ConnectionStatus } from './connection.ts';
import { EventQueue } from './event-queue.ts';
import { Feed } from './feed.ts';
import { Sequence } from './sequence.ts';
import { toBase } from './sources.ts';
import { platformWorld, type World } from './world.ts';

/** What is read of a server. */
export interface Choice {
  /** Defaults to every metric but `process`, which costs the machine something and is read on request only. */
  readonly metrics?: readonly MetricName[];
  /** The pace of all of them, in ms. Defaults to `null`: each metric's own. */
  readonly interval?: Pace | null;
}

export interface ConnectOptions extends Choice {
  /** The server, with its base path. In a page it may be relative. */
  readonly url: string;
  /** Where the server asks for one. Defaults to `null`. */
  readonly token?: string | null;
  /** Goes on after this position, as `stream.cursor` told it. Defaults to `null`: begins with the newest events. */
  readonly cursor?: string | null;
}

/** The events of a server, each once and in order; where that was impossible, a `gap` says so. */
export interface Stream extends AsyncIterable<AnyEvent> {
  /** Calls for each event of a name; the answer ends that. */
  on<N extends EventName>(name: N, listener: (event: Events[N]) => void): () => void;
  /** Calls for each change of the status; the answer ends that. */
  onStatus(listener: (status: ConnectionStatus) => void): () => void;
  readonly status: ConnectionStatus;
  /** The position from which another stream loses nothing and repeats nothing; `null` before there is any. */
  readonly cursor: string | null;
  /** Reads something else from here on. What is left out stays as it is. */
  select(choice: Choice): void;
  close(): void;
}

/** The server would not let us in, for good; the message says why. Ends every loop over the stream. */
export class StreamRefused extends Error {
  override name = 'StreamRefused';
}

/**
 * Opens the stream of a server. In a page, all tabs of the browser share one connection.
 *
 * ```ts
 * const stream = connect({ url: 'http://nas:7411', metrics: ['cpu'] });
 * stream.on('cpu', ({ usage }) => console.log(usage));
 * for await (const event of stream) if (event.name === 'gap') console.warn(event.data.reason);
 * ```
 */
export function connect(options: ConnectOptions, world: World = platformWorld): Stream {
  const base = toBase(options.url, globalThis.document?.baseURI);
  const { token = null, cursor = null } = options;
  const sequence = new Sequence(cursor);
  const listeners = new Map<EventName, Set<(event: never) => void>>();
  const statusListeners = new Set<(status: ConnectionStatus) => void>();
  const queues = new Set<EventQueue>();
  let refused: StreamRefused | null = null;
  let choice = { metrics: options.metrics ?? DEFAULT_METRICS, interval: options.interval ?? null };
  let over = false;

  const onEvent = (event: AnyEvent) => {
    for (const listener of [...(listeners.get(event.name) ?? [])]) call(listener, event.data as never);
    for (const queue of [...queues]) queue.push(event);
  };
  const onStatus = (status: ConnectionStatus) => {
    refused = status.state === 'closed' && status.detail !== null ? new StreamRefused(status.detail) : null;
    if (status.state === 'closed') for (const queue of queues) queue.end(refused);
    for (const listener of [...statusListeners]) call(listener, status);
  };
  const open = () => new Feed({ base, token, sequence, ...choice, onEvent, onStatus }, world);
  let feed = open();

  return {
    on(name, listener) {
      const same = listeners.get(name) ?? new Set();
      listeners.set(name, same);
      // Each call is a subscription of its own, be it of the same function.
      const own = (event: Events[typeof name]) => listener(event);
      same.add(own);
      return () => void same.delete(own);
    },
    onStatus(listener) {
      const own = (status: ConnectionStatus) => listener(status);
      statusListeners.add(own);
      return () => void statusListeners.delete(own);
    },
    get status() {
      return feed.status;
    },
    get cursor() {
      return feed.cursor;
    },
    select(next) {
      if (over) return;
      const before = choice.interval;
      choice = { ...choice, ...next };
      if (choice.interval === before) {
        feed.select(choice.metrics);
        return;
      }
      // Another pace is another stream, and is shared with others; the position is the same.
      feed.leave();
      feed = open();
    },
    close() {
      if (over) return;
      over = true;
      feed.close();
    },
    [Symbol.asyncIterator]() {
      const queue: EventQueue = new EventQueue(world.now, () => queues.delete(queue));
      if (over || refused) queue.end(refused);
      else queues.add(queue);
      return queue;
    },
  };
}

/** What a listener throws is its own affair: it is reported like any error, and the others hear the event. */
function call<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
