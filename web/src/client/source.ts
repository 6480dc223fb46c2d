import {
  type AnyEvent,
  type Host,
  isMetricName,
  type MetricEvents,
  type MetricName,
  parseSeries,
} from '@telltale/shared';
import { type Endpoint, getHistory, getHost, getSnapshot } from './api.ts';
import { CONNECTING, type ConnectionStatus } from './connection.ts';
import { Feed } from './feed.ts';
import { Sequence } from './sequence.ts';
import type { Points } from './series-ring.ts';
import { Store, WINDOW_MS } from './store.ts';
import type { World } from './world.ts';

/** What an element reads of a source. */
export interface Needs {
  readonly metrics: readonly MetricName[];
  readonly series: readonly string[];
}

const HISTORY_POINTS = 600;
/** Without news the page is still told the time this often, so that it can say how old its values are. */
const SILENCE_MS = 1_000;
const MAX_SERIES_A_REQUEST = 200;

/**
 * One server as a page sees it: one stream for the union of what its elements need, gathered for one frame, and one
 * notice per frame however many events came.
 */
export class Source {
  readonly #world: World;
  readonly #endpoint: Endpoint;
  readonly #store = new Store();
  readonly #listeners = new Set<() => void>();
  readonly #metrics = new Set<MetricName>();
  readonly #unfilled = new Set<string>();
  #feed: Feed | null = null;
  /** How many metrics the stream carries; they are only ever added to. */
  #streamed = 0;
  #status = CONNECTING;
  #host: Host | null = null;
  #paces: Readonly<Record<string, number>> = {};
  #cancelGather: (() => void) | null = null;
  #cancelNotice: (() => void) | null = null;
  #cancelSilence: (() => void) | null = null;
  /** The newest moment that the server told, and when it did by our clock: the two clocks need not agree. */
  #heard: { readonly at: number; readonly here: number } | null = null;
  #closed = false;

  constructor(endpoint: Endpoint, world: World) {
    this.#endpoint = endpoint;
    this.#world = world;
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  get host(): Host | null {
    return this.#host;
  }

  /** The server's time, or `null` before it was heard. */
  get now(): number | null {
    return this.#heard && this.#heard.at + (this.#world.now() - this.#heard.here);
  }

  /** Ms since the server last told something new, or `null` before it was heard. */
  get silentMs(): number | null {
    return this.#heard && this.#world.now() - this.#heard.here;
  }

  /** How far apart the events of a metric come, in ms. */
  paceOf(metric: MetricName): number {
    return this.#paces[metric] ?? 1_000;
  }

  latest<M extends MetricName>(metric: M): MetricEvents[M] | null {
    return this.#store.latest(metric);
  }

  /** The names that a series stands for: itself, or one for each member when it ends in `:*`. */
  names(series: string): string[] {
    return this.#store.names(series);
  }

  points(series: string): Points | null {
    return this.#store.ring(series)?.points() ?? null;
  }

  /** Says what is read from now on. Calls of the same frame are answered together. */
  need({ metrics, series }: Needs): void {
    const before = this.#metrics.size + this.#unfilled.size;
    for (const name of series) {
      const parsed = parseSeries(name);
      if (parsed instanceof Error) continue;
      this.#metrics.add(parsed.metric);
      if (this.#store.want(name)) this.#unfilled.add(name);
    }
    for (const metric of metrics) this.#metrics.add(metric);
    if (this.#metrics.size + this.#unfilled.size === before || this.#closed) return;
    this.#cancelGather ??= this.#world.after(0, () => {
      this.#cancelGather = null;
      void this.#gather();
    });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  retryNow(): void {
    this.#feed?.retryNow();
  }

  close(): void {
    this.#closed = true;
    this.#cancelGather?.();
    this.#cancelNotice?.();
    this.#cancelSilence?.();
    this.#feed?.close();
  }

  /** Fills what is new from history, then opens the stream where the history ends, or widens it where it is. */
  async #gather(): Promise<void> {
    const wanted = [...this.#unfilled].slice(0, MAX_SERIES_A_REQUEST);
    for (const name of wanted) this.#unfilled.delete(name);
    const first = this.#feed === null;
    if (first) void this.#greet();
    const [history] = await Promise.all([this.#loadHistory(wanted), first ? this.#loadSnapshot() : null]);
    if (this.#closed) return;
    // More series of metrics that come anyway need no other stream.
    if (this.#streamed !== this.#metrics.size) this.#open(history);
    this.#notify();
    if (this.#unfilled.size > 0) await this.#gather();
  }

  async #loadHistory(series: readonly string[]): Promise<string | null> {
    if (series.length === 0) return null;
    try {
      const history = await getHistory(this.#world, this.#endpoint, series, WINDOW_MS, HISTORY_POINTS);
      this.#store.fill(history);
      return history.cursor;
    } catch {
      // Without the past the present is still worth showing; the stream says what is wrong with the server.
      return null;
    }
  }

  async #loadSnapshot(): Promise<void> {
    try {
      const { events } = await getSnapshot(this.#world, this.#endpoint);
      for (const [name, data] of Object.entries(events)) {
        if (isMetricName(name)) this.#store.accept({ name, data } as AnyEvent);
      }
    } catch {
      // As above.
    }
  }

  async #greet(): Promise<void> {
    try {
      this.#host = await getHost(this.#world, this.#endpoint);
      this.#notify();
    } catch {
      // It is asked again when the stream is there.
    }
  }

  /** `history`: where the history of what is new ends. */
  #open(history: string | null): void {
    const metrics = [...this.#metrics];
    if (metrics.length === 0) return;
    this.#streamed = metrics.length;
    if (this.#feed) {
      this.#feed.select(metrics, history);
      return;
    }
    const onEvent = (event: AnyEvent) => this.#accept(event);
    const onStatus = (status: ConnectionStatus) => this.#tell(status);
    const options = { ...this.#endpoint, metrics, sequence: new Sequence(history), onEvent, onStatus };
    this.#feed = new Feed(options, this.#world);
    this.#watchSilence();
  }

  #tell(status: ConnectionStatus): void {
    this.#status = status;
    this.#notify();
  }

  #accept(event: AnyEvent): void {
    if (event.name === 'hello') {
      this.#paces = event.data.metrics;
      if (this.#host === null || this.#host.telltale.startedAt > event.data.at) void this.#greet();
    }
    if ('at' in event.data) this.#heard = { at: event.data.at, here: this.#world.now() };
    this.#store.accept(event);
    this.#notify();
  }

  #notify(): void {
    if (this.#closed) return;
    this.#cancelNotice ??= this.#world.nextFrame(() => {
      this.#cancelNotice = null;
      for (const listener of [...this.#listeners]) listener();
    });
  }

  #watchSilence(): void {
    this.#cancelSilence?.();
    this.#cancelSilence = this.#world.after(SILENCE_MS, () => {
      this.#watchSilence();
      if (this.#status.state !== 'live') this.#notify();
    });
  }
}
