import {
  type AnyEvent,
  type Events,
  type History,
  type Host,
  isMetricName,
  type MetricEvents,
  type MetricName,
  metrics,
  parseSeries,
  seriesValue,
} from '@telltale/shared';
import {
  type Endpoint,
  getHistory,
  getHost,
  getMeans,
  getSnapshot,
  type HistoryQuery,
  type Means,
  type TopProcesses,
} from './api.ts';
import { CONNECTING, type ConnectionStatus } from './connection.ts';
import { type Fault, FaultList } from './fault-list.ts';
import { Feed } from './feed.ts';
import { HistoryLoader, type HistoryStatus } from './history-loader.ts';
import { Hole } from './hole.ts';
import { News } from './news.ts';
import { PastProcesses } from './past-processes.ts';
import { Sequence } from './sequence.ts';
import type { Points } from './series-steps.ts';
import { Store } from './store.ts';
import { type Edges, edgesOf, pageWindow, type Span, type TimeWindow } from './time-window.ts';
import { WatchedMetrics } from './watched-metrics.ts';
import type { World } from './world.ts';

/** What an element reads of a source. */
export interface Needs {
  readonly metrics: readonly MetricName[];
  readonly series: readonly string[];
  /** What it is made of reads more, which nobody knows before that is there. */
  readonly more?: boolean;
}

/** A metric of which nothing came for so many of its paces, and at least so long, is one that the machine lacks. */
const LACKING_PACES = 2;
const LACKING_MS = 3_000;

/** The first answers come together, and each would have everything drawn anew: they get this long to do so. */
const HUSH_MS = 500;

/** Elements make their children within some microtasks of each other: when this many brought no new need, all is said. */
const QUIET_TURNS = 5;

/** Without news the page is still told the time this often, so that it can say how old its values are. */
const SILENCE_MS = 1_000;

/**
 * One server as a page sees it: one stream for the union of what its elements need, gathered for one frame, and one
 * notice per frame however many events came.
 *
 * Longer than most files, as it is where all that a page knows of a server meets; what can be thought without the others
 * is elsewhere.
 */
export class Source {
  readonly #world: World;
  readonly #endpoint: Endpoint;
  readonly #window: TimeWindow;
  readonly #store: Store;
  readonly #history: HistoryLoader;
  readonly #pastProcesses: PastProcesses;
  readonly #unwatch: () => void;
  readonly #news: News;
  readonly #metrics = new Set<MetricName>();
  readonly #unfilled = new Set<string>();
  #feed: Feed | null = null;
  readonly #watched: WatchedMetrics;
  /** The metrics that the stream carries. */
  #streamed = '';
  #status = CONNECTING;
  /** By our clock; `null` while it is not. */
  #liveSince: number | null = null;
  readonly #faults = new FaultList();
  #host: Host | null = null;
  #hello: Events['hello'] | null = null;
  #paces: Readonly<Record<string, number>> = {};
  readonly #readers = new Set<() => Needs>();
  /** While it is being said what is read: another each time. */
  #hearing: object | null = null;
  #cancelSilence: (() => void) | null = null;
  /** The newest moment that the server told, and when it did by our clock: the two clocks need not agree. */
  #heard: { readonly at: number; readonly here: number } | null = null;
  /** The time of the newest sample: what a gap begins with. */
  #sampledAt: number | null = null;
  #hole: Hole | null = null;
  /** When values came last, by the clock of this device. */
  #newAt: number | null = null;
  readonly #abort = new AbortController();
  #closed = false;
  #greeted = false;

  constructor(endpoint: Endpoint, world: World, window: TimeWindow = pageWindow) {
    this.#endpoint = endpoint;
    this.#world = world;
    this.#news = new News(world);
    this.#window = window;
    this.#store = new Store(window, (metric) => this.paceOf(metric));
    const now = () => this.now ?? world.now();
    const onChange = () => this.#onHistory();
    this.#history = new HistoryLoader({ world, endpoint, window, store: this.#store, now, onChange });
    this.#pastProcesses = new PastProcesses(world, endpoint, () => this.#news.tell());
    this.#watched = new WatchedMetrics(world, () => this.#narrow());
    let { span } = window;
    this.#unwatch = window.subscribe(() => {
      if (span !== window.span) {
        span = window.span;
        this.#unfilled.clear();
        this.#history.reload();
      }
      this.#news.tell();
    });
  }

  /** Until the first answers have come, and all are told, or have been waited for long enough; `null` after that. */
  get hushed(): Promise<void> | null {
    return this.#news.hushed;
  }

  get status(): ConnectionStatus {
    // What this machine lacks is not late.
    const nothing = this.#status.state === 'late' && this.#reads.every((metric) => this.latest(metric) === null);
    return nothing ? { ...this.#status, state: 'live', detail: null } : this.#status;
  }

  get host(): Host | null {
    return this.#host;
  }

  /** The version of the server that was heard last, or `null` before that. */
  get version(): string | null {
    return this.#hello?.version ?? null;
  }

  /** The server's time, or `null` before it was heard. */
  get now(): number | null {
    return this.#heard && this.#heard.at + (this.#world.now() - this.#heard.here);
  }

  /** Ms since the server last told something new, or `null` before it was heard. That it is there is not new. */
  get silentMs(): number | null {
    const newAt = this.#newAt ?? this.#heard?.here ?? null;
    return newAt === null ? null : this.#world.now() - newAt;
  }

  /** What is shown of the past, and what that means at this moment. */
  get span(): Span {
    return this.#window.span;
  }

  get edges(): Edges {
    return edgesOf(this.span, this.now ?? this.#world.now());
  }

  /** How the past of what is shown is doing. */
  get history(): HistoryStatus {
    return this.#history.status;
  }

  /** When the first of all that is shown was recorded, or `null`. */
  get recordedFrom(): number | null {
    return this.#store.first;
  }

  /** How far apart the events of a metric come, in ms. */
  paceOf(metric: MetricName): number {
    const { pace } = metrics[metric];
    return this.#paces[metric] ?? (pace === 'base' ? 1_000 : pace);
  }

  /** What cannot be read of a metric at present. */
  faultsOf(metric: string): Fault[] {
    return this.#faults.of(metric);
  }

  /** Whether the machine has nothing to tell of a metric: it was waited for. */
  lacks(metric: MetricName): boolean {
    if (this.latest(metric) !== null || this.#liveSince === null) return false;
    const waitMs = Math.max(LACKING_MS, LACKING_PACES * this.paceOf(metric));
    const since = Math.max(this.#liveSince, this.#watched.since(metric) ?? this.#liveSince);
    return this.#world.now() - since > waitMs;
  }

  latest<M extends MetricName>(metric: M): MetricEvents[M] | null {
    return this.#store.latest(metric);
  }

  /** The names that a series stands for: itself, or one for each member when it ends in `:*`. */
  names(series: string): string[] {
    return this.#store.names(series);
  }

  /** The newest value of a series, whatever window is shown. */
  value(series: string): number | null {
    const parsed = parseSeries(series);
    const event = parsed instanceof Error ? null : this.latest(parsed.metric);
    return parsed instanceof Error || event === null ? null : seriesValue(event, parsed);
  }

  /** Asks for history that is not of what is shown. */
  ask(query: HistoryQuery): Promise<History> {
    return getHistory(this.#world, this.#endpoint, query, this.#abort.signal);
  }

  /** The means alone, where nothing else is looked at: much less to carry. */
  askMeans(query: HistoryQuery): Promise<Means> {
    return getMeans(this.#world, this.#endpoint, query, this.#abort.signal);
  }

  /** What used most in the minute of a moment; `null` where nothing was recorded, `undefined` until that is known. */
  processesAt(moment: number): TopProcesses | null | undefined {
    return this.#pastProcesses.at(moment);
  }

  points(series: string): Points | null {
    return this.#store.steps(series)?.points() ?? null;
  }

  /** Says what is read from now on. What is said in one turn is asked for together. */
  need({ metrics, series }: Needs): void {
    const before = this.#said;
    for (const name of series) {
      const parsed = parseSeries(name);
      if (parsed instanceof Error) continue;
      this.#metrics.add(parsed.metric);
      if (this.#store.want(name)) this.#unfilled.add(name);
    }
    for (const metric of metrics) this.#metrics.add(metric);
    this.#listen(before);
  }

  /** Reads a metric that costs the machine something until the answer is called, and a little longer. */
  watch(metric: MetricName): () => void {
    const before = this.#said;
    const end = this.#watched.watch(metric);
    this.#listen(before);
    return end;
  }

  /** `needs` is asked when others have something new to read, so that it is all asked for together. */
  subscribe(listener: () => void, needs?: () => Needs): () => void {
    const end = this.#news.subscribe(listener);
    if (needs) this.#readers.add(needs);
    return () => {
      end();
      if (needs) this.#readers.delete(needs);
    };
  }

  /** Asks for what was said, and for what all others read, before any of them is drawn for the first time. */
  gatherNow(): void {
    if (!this.#hearing) return;
    const all = [...this.#readers].map((needs) => needs());
    if (all.some(({ more }) => more)) return;
    for (const needs of all) this.need(needs);
    this.#hearing = null;
    void this.#gather();
  }

  retryNow(): void {
    this.#feed?.retryNow();
  }

  close(): void {
    this.#closed = true;
    this.#abort.abort();
    this.#unwatch();
    this.#history.close();
    this.#pastProcesses.close();
    this.#watched.close();
    this.#news.close();
    this.#cancelSilence?.();
    this.#feed?.close();
  }

  /** All that the stream has to carry. */
  get #reads(): MetricName[] {
    return [...new Set([...this.#metrics, ...this.#watched.names])];
  }

  /** Grows with every need that is new. */
  get #said(): number {
    return this.#metrics.size + this.#watched.size + this.#unfilled.size;
  }

  #listen(before: number): void {
    if (this.#said !== before && !this.#closed && !this.#hearing) void this.#hearAll();
  }

  /** A timer would come after the first frame, which is the longest of all. */
  async #hearAll(): Promise<void> {
    const hearing = {};
    this.#hearing = hearing;
    for (let quiet = 0, known = -1; quiet < QUIET_TURNS; await null) {
      if (this.#hearing !== hearing) return;
      const said = this.#said;
      quiet = said === known ? quiet + 1 : 0;
      known = said;
    }
    this.#hearing = null;
    if (!this.#closed) void this.#gather();
  }

  /** Fills what is new from history, then opens the stream where the history ends, or widens it where it is. */
  async #gather(): Promise<void> {
    const wanted = [...this.#unfilled];
    this.#unfilled.clear();
    const first = !this.#greeted;
    this.#greeted = true;
    if (first) this.#news.hush(HUSH_MS);
    // What takes longest is asked for first. Without the past the present is still worth showing.
    const past = this.#history.fill(wanted);
    if (first) void this.#greet();
    const [cursor] = await Promise.all([past, first ? this.#loadSnapshot() : null]);
    if (this.#closed) return;
    // More series of metrics that come anyway need no other stream.
    if (this.#streamed !== this.#reads.join()) this.#open(cursor);
    if (first) this.#news.speak();
    else this.#news.tell();
  }

  async #loadSnapshot(): Promise<void> {
    try {
      const { events, faults = [] } = await getSnapshot(this.#world, this.#endpoint);
      for (const fault of faults) this.#faults.note(fault);
      for (const [name, data] of Object.entries(events)) {
        if (isMetricName(name)) this.#store.show({ name, data } as AnyEvent);
      }
    } catch {
      // The stream brings the same.
    }
  }

  async #greet(): Promise<void> {
    try {
      this.#host = await getHost(this.#world, this.#endpoint);
      this.#news.tell();
    } catch {
      // It is asked again when the stream is there.
    }
  }

  /** `history`: where the history of what is new ends. */
  #open(history: string | null): void {
    const metrics = this.#reads;
    if (metrics.length === 0) return;
    this.#streamed = metrics.join();
    if (this.#feed) {
      this.#feed.select(metrics, history);
      return;
    }
    const onEvent = (event: AnyEvent, id: string | null) => this.#accept(event, id);
    const onStatus = (status: ConnectionStatus) => this.#tell(status);
    const options = { ...this.#endpoint, metrics, sequence: new Sequence(history), onEvent, onStatus };
    this.#feed = new Feed(options, this.#world);
    this.#watchSilence();
  }

  /** Something is not read any more. What is being gathered opens the stream itself, with what is read by then. */
  #narrow(): void {
    if (this.#closed || !this.#feed) return;
    if (this.#reads.length > 0) {
      this.#open(null);
      return;
    }
    // A stream of nothing cannot be asked for. This is no loss of a connection, so nobody is told.
    this.#feed.leave();
    this.#feed = null;
    this.#streamed = '';
  }

  #tell(status: ConnectionStatus): void {
    const back = status.state === 'live' && this.#status.state !== 'live';
    if (back) this.#liveSince ??= this.#world.now();
    else if (status.state !== 'live' && status.state !== 'late') this.#liveSince = null;
    this.#status = status;
    if (back) this.#history.retry(true);
    this.#news.tell();
  }

  /** What could not be loaded is tried again while the server is there. */
  #onHistory(): void {
    if (this.#history.status.state === 'failed' && this.#status.state === 'live') this.#history.retry(false);
    this.#news.tell();
  }

  #accept(event: AnyEvent, id: string | null): void {
    if (event.name === 'hello') {
      this.#paces = event.data.metrics;
      // What still stands is told again.
      if (!event.data.resumed) this.#faults.clear();
      // Another start may be of another version, on a machine that was started anew.
      const restarted = this.#hello !== null && this.#hello.epoch !== event.data.epoch;
      this.#hello = event.data;
      if (restarted || this.#host === null || this.#host.telltale.startedAt > event.data.at) void this.#greet();
    }
    if ('at' in event.data) this.#heard = { at: event.data.at, here: this.#world.now() };
    if (isMetricName(event.name)) {
      const data = event.data as MetricEvents[MetricName];
      if (this.#hole?.missed(event.name, data)) {
        this.#history.refill(this.#hole.from);
        this.#hole = null;
      }
      this.#sampledAt = data.at;
      this.#newAt = this.#world.now();
    } else if (event.name === 'fault') this.#faults.note(event.data);
    this.#store.accept(event, id);
    if (event.name === 'gap') this.#mend(event);
    this.#news.tell();
  }

  /** What was missed may have been recorded. */
  #mend(gap: Extract<AnyEvent, { name: 'gap' }>): void {
    const { from, reason } = gap.data;
    this.#hole = reason === 'idle' && from !== null ? new Hole(from) : null;
    if (this.#hole) return;
    if (reason === 'clock') this.#history.reload();
    else this.#history.refill(Math.min(from ?? gap.data.to, this.#sampledAt ?? gap.data.to));
  }

  #watchSilence(): void {
    this.#cancelSilence?.();
    this.#cancelSilence = this.#world.after(SILENCE_MS, () => {
      this.#watchSilence();
      const missing = this.#reads.some((metric) => this.latest(metric) === null);
      if (this.#status.state !== 'live' || missing) this.#news.tell();
    });
  }
}
