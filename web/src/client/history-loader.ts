import { type History, metrics, parseCursor, parseSeries } from '@telltale/shared';
import { Declined, type Endpoint, getHistory, type HistoryQuery } from './api.ts';
import { backoffMs } from './backoff.ts';
import { MAX_STEPS } from './series-steps.ts';
import type { Store } from './store.ts';
import { edgesOf, isLive, type TimeWindow } from './time-window.ts';
import type { World } from './world.ts';

export interface HistoryLoaderOptions {
  readonly world: World;
  readonly endpoint: Endpoint;
  readonly window: TimeWindow;
  readonly store: Store;
  /** The server's time. */
  readonly now: () => number;
  readonly onChange: () => void;
}

/** How the past of what is shown is doing. */
export interface HistoryStatus {
  readonly state: 'loading' | 'ready' | 'failed';
  /** What to tell a person, where there is something to tell. */
  readonly detail: string | null;
}

/** A request is for this many series at most; a server takes no more. */
const MAX_SERIES = 200;
/** What stands for every member of a list stands for dozens on a large machine: of these, so many at once. */
const MAX_LISTS = 3;
/** Other series beside lists in one request. */
const ROOM = 50;
/** With fewer steps than this a server could choose finer ones: its ladder has rungs that are half as high again. */
const LEAST_STEPS = 4;
const RETRY_MS = 4_000;
const READY: HistoryStatus = { state: 'ready', detail: null };
const LOADING: HistoryStatus = { state: 'loading', detail: null };

/** What is asked for and how: of one round all is under way at once. */
interface Request extends Omit<HistoryQuery, 'series'> {
  /** All there is to be shown; otherwise steps of exactly this width are filled in. */
  readonly fill: 'anew' | number;
}

/**
 * Fetches the past: of new series, of all when the window changes, and of the span of a gap. What is wished for while a
 * round is under way waits for the next, so that a request is for many; a change of the window ends the round.
 */
export class HistoryLoader {
  readonly #options: HistoryLoaderOptions;
  readonly #anew = new Set<string>();
  /** Something is missing from here on. */
  #missingFrom = Number.POSITIVE_INFINITY;
  readonly #failed = new Set<string>();
  #running: Promise<void> | null = null;
  #abort = new AbortController();
  #cursor: string | null = null;
  #status = READY;
  #attempt = 0;
  #cancelRetry: (() => void) | null = null;
  #closed = false;

  constructor(options: HistoryLoaderOptions) {
    this.#options = options;
  }

  get status(): HistoryStatus {
    return this.#status;
  }

  /** Loads these. Answers, when all that waits is done, the position from which nothing of it is missing. */
  async fill(series: readonly string[]): Promise<string | null> {
    for (const name of series) this.#anew.add(name);
    await this.#run();
    return this.#cursor;
  }

  /** Everything is asked for again, as the window wants it. */
  reload(): void {
    this.#abort.abort();
    this.#missingFrom = Number.POSITIVE_INFINITY;
    void this.fill(this.#options.store.wanted);
  }

  /** Something was missed since then: it is filled with what was recorded. */
  refill(from: number): void {
    const { window, now } = this.#options;
    if (!isLive(window.span)) return;
    if (from <= edgesOf(window.span, now()).from) {
      this.reload();
      return;
    }
    this.#missingFrom = Math.min(this.#missingFrom, from);
    void this.#run();
  }

  /** Tries again what failed: at once when the server has just come back, else some time later. */
  retry(atOnce: boolean): void {
    if (this.#failed.size === 0 || (this.#cancelRetry && !atOnce)) return;
    this.#cancelRetry?.();
    const wait = backoffMs(this.#attempt++, this.#options.world.random(), RETRY_MS);
    this.#cancelRetry = this.#options.world.after(atOnce ? 0 : wait, () => {
      this.#cancelRetry = null;
      void this.fill([...this.#failed]);
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#abort.abort();
  }

  get #waits(): boolean {
    return (this.#anew.size > 0 || this.#missingFrom < Number.POSITIVE_INFINITY) && !this.#closed;
  }

  async #run(): Promise<void> {
    if (!this.#running) {
      this.#cursor = null;
      if (!this.#waits) return;
      this.#running = this.#rounds();
    }
    await this.#running;
  }

  async #rounds(): Promise<void> {
    const { store } = this.#options;
    while (this.#waits) {
      this.#abort = new AbortController();
      store.await();
      if (this.#anew.size > 0) this.#tell(LOADING);
      await Promise.all(this.#round().map(([series, request]) => this.#ask(series, request, this.#abort.signal)));
    }
    this.#running = null;
    store.settle();
    if (this.#failed.size > 0) return;
    this.#attempt = 0;
    if (this.#status.state === 'loading') this.#tell(READY);
  }

  /** What waits, as requests. */
  #round(): [string[], Request][] {
    const { window, store, now } = this.#options;
    const { span } = window;
    const anew = [...this.#anew];
    const missing = this.#missingFrom;
    this.#anew.clear();
    this.#missingFrom = Number.POSITIVE_INFINITY;
    for (const name of anew) this.#failed.delete(name);
    const ends = isLive(span) ? { from: `-${Math.ceil(span.lastMs / 1_000)}s` } : span;
    const whole: Request = { ...ends, points: MAX_STEPS, fill: 'anew' };
    const requests = batches(anew).map((series): [string[], Request] => [series, whole]);
    if (missing === Number.POSITIVE_INFINITY) return requests;
    for (const series of batches(store.wanted.filter((name) => !anew.includes(name)))) {
      const stepMs = series
        .flatMap((name) => store.names(name))
        .map((name) => store.steps(name)?.stepMs)
        .find(Boolean);
      if (stepMs === undefined) continue;
      // As many steps of this width as there are leave the server no choice of another.
      const end = Math.ceil(now() / stepMs);
      const begin = Math.min(Math.floor(missing / stepMs), end - LEAST_STEPS);
      requests.push([series, { from: begin * stepMs, points: end - begin + 1, fill: stepMs }]);
    }
    return requests;
  }

  async #ask(series: string[], request: Request, signal: AbortSignal): Promise<void> {
    const { world, endpoint, store, onChange } = this.#options;
    const { fill, ...range } = request;
    try {
      const history = await getHistory(world, endpoint, { ...range, series }, signal);
      if (signal.aborted) return;
      if (fill !== 'anew' && history.stepMs !== fill) {
        for (const name of series) this.#anew.add(name);
        return;
      }
      store.fill(series, history, fill === 'anew');
      this.#cursor = earlier(this.#cursor, history.cursor);
      onChange();
    } catch (error) {
      if (signal.aborted) return;
      const status = error instanceof Declined ? error.status : null;
      if (status === 400 && series.length > 1) {
        // One that the server does not know, or a list that is too long, must not take the others with it.
        const half = series.length >> 1;
        await Promise.all([series.slice(0, half), series.slice(half)].map((part) => this.#ask(part, request, signal)));
        return;
      }
      // What was refused would be refused again; the rest is asked for once more when the server is there.
      if (status === null || status >= 500 || status === 429) for (const name of series) this.#failed.add(name);
      // Each browser has words of its own for that.
      const gone = error instanceof TypeError;
      this.#tell({ state: 'failed', detail: gone ? 'the server cannot be reached' : (error as Error).message });
    }
  }

  #tell(status: HistoryStatus): void {
    this.#status = status;
    this.#options.onChange();
  }
}

/** Series of metrics of one pace go together, so that no step is narrower than the pace; and not too many at once. */
function batches(names: readonly string[]): string[][] {
  const groups = new Map<unknown, string[]>();
  for (const name of names) {
    const series = parseSeries(name);
    if (series instanceof Error) continue;
    const { pace } = metrics[series.metric];
    const group = groups.get(pace);
    if (group) group.push(name);
    else groups.set(pace, [name]);
  }
  return [...groups.values()].flatMap((group) => {
    const lists = group.filter((name) => name.endsWith(':*'));
    const rest = group.filter((name) => !name.endsWith(':*'));
    const [first = [], ...others] = [...chunks(lists, MAX_LISTS)];
    const some = rest.length <= ROOM ? [[...rest, ...first]] : [...chunks(rest, MAX_SERIES), first];
    return [...some, ...others].filter(({ length }) => length > 0);
  });
}

function* chunks(names: readonly string[], size: number): Generator<string[]> {
  for (let i = 0; i < names.length; i += size) yield names.slice(i, i + size);
}

/** The earlier of two positions of one start of the server; of two starts, the one that was heard of last. */
function earlier(a: string | null, b: History['cursor']): string | null {
  const [first, second] = [a, b].map((text) => (text === null ? null : parseCursor(text)));
  if (!first || !second) return a ?? b;
  return first.epoch === second.epoch && first.seq < second.seq ? a : b;
}
