import {
  type AnyEvent,
  type Cursor,
  formatSeries,
  type History,
  instancesOf,
  isMetricName,
  type MetricEvents,
  type MetricName,
  parseCursor,
  parseSeries,
  type Series,
  seriesValue,
} from '@telltale/shared';
import { MAX_STEPS, SeriesSteps } from './series-steps.ts';
import { isLive, lengthOf, type TimeWindow } from './time-window.ts';

/** A series that comes and goes under ever new names must not fill the memory: beyond this, new ones are not kept. */
const MAX_SERIES = 1_024;
/** Events that are kept while an answer is under way: some seconds of all metrics at the fastest pace. */
const MAX_TAIL = 1_024;

interface Told {
  readonly event: AnyEvent;
  readonly place: Cursor | null;
}

/** What a page knows of one source: the newest event of each metric, and the window's steps of each series in use. */
export class Store {
  readonly #window: TimeWindow;
  readonly #paceOf: (metric: MetricName) => number;
  readonly #latest = new Map<MetricName, object>();
  /** What was asked for, `*` included. */
  readonly #wanted = new Map<string, Series>();
  readonly #steps = new Map<string, SeriesSteps>();
  /** What has come since an answer was asked for: it may not be in there. */
  #tail: Told[] | null = null;

  constructor(window: TimeWindow, paceOf: (metric: MetricName) => number) {
    this.#window = window;
    this.#paceOf = paceOf;
  }

  /** Keeps a series from now on. Answers whether it is new here. */
  want(name: string): boolean {
    if (this.#wanted.has(name) || this.#wanted.size >= MAX_SERIES) return false;
    const series = parseSeries(name);
    if (series instanceof Error) return false;
    // Where all of a list are kept, each of it is.
    const all = series.instance === null ? null : `${formatSeries(series.metric, series.path)}:*`;
    if (all !== null && all !== name && this.#wanted.has(all)) return false;
    this.#wanted.set(name, series);
    return true;
  }

  get wanted(): string[] {
    return [...this.#wanted.keys()];
  }

  latest<M extends MetricName>(metric: M): MetricEvents[M] | null {
    return (this.#latest.get(metric) as MetricEvents[M] | undefined) ?? null;
  }

  steps(name: string): SeriesSteps | null {
    return this.#steps.get(name) ?? null;
  }

  /** When the first of all that is kept was recorded, or `null`. */
  get first(): number | null {
    let first: number | null = null;
    for (const { begin } of this.#steps.values()) {
      if (begin !== null && begin < (first ?? Number.POSITIVE_INFINITY)) first = begin;
    }
    return first;
  }

  /** The names that a series stands for, one for each member when it ends in `:*`. */
  names(name: string): string[] {
    const series = this.#wanted.get(name);
    if (!series?.allInstances) return [name];
    const prefix = `${formatSeries(series.metric, series.path)}:`;
    return [...this.#steps.keys()].filter((key) => key.startsWith(prefix));
  }

  /** Takes in the newest event of a metric that is not one of the stream. */
  show(event: AnyEvent): void {
    if (isMetricName(event.name)) this.#latest.set(event.name, event.data);
  }

  /** Takes in an event of the stream; events that are not metrics change nothing here. */
  accept(event: AnyEvent, id: string | null): void {
    if (!isMetricName(event.name)) return;
    this.show(event);
    const told = { event, place: id === null ? null : parseCursor(id) };
    if (this.#tail) {
      this.#tail.push(told);
      if (this.#tail.length > MAX_TAIL) this.#tail.shift();
    }
    for (const series of this.#wanted.values()) this.#fold(series, told);
  }

  /** From now on what comes is kept, until {@link settle}, to be put behind the answers that are under way. */
  await(): void {
    this.#tail ??= [];
  }

  settle(): void {
    this.#tail = null;
  }

  /**
   * Takes in an answer for these. `anew`: it is all there is to be shown; otherwise it fills what it covers, and what it
   * does not know stays.
   */
  fill(asked: readonly string[], { stepMs, times, series, cursor, to }: History, anew: boolean): void {
    const floor = cursor === null ? null : parseCursor(cursor);
    const gone = anew ? asked.flatMap((name) => this.names(name)).filter((name) => !Object.hasOwn(series, name)) : [];
    for (const name of gone) this.#steps.delete(name);
    for (const [name, columns] of Object.entries(series)) {
      const kept = this.#steps.get(name);
      if (kept ? !anew && kept.stepMs !== stepMs : this.#steps.size >= MAX_SERIES) continue;
      this.#steps.set(name, SeriesSteps.from({ stepMs, times, columns, to, floor }, anew ? null : kept));
    }
    for (const name of asked) {
      const wanted = this.#wanted.get(name);
      if (wanted) for (const told of this.#tail ?? []) this.#fold(wanted, told, series);
    }
  }

  /** `only`: into no others than these. */
  #fold(series: Series, { event, place }: Told, only?: object): void {
    if (series.metric !== event.name || !isLive(this.#window.span)) return;
    const { at } = event.data as { at: number };
    const instances = series.allInstances ? instancesOf(event.data, series) : [series.instance];
    for (const instance of instances) {
      const name = formatSeries(series.metric, series.path, instance);
      if (only && !Object.hasOwn(only, name)) continue;
      const steps = this.#stepsFor(name, series);
      if (!steps || !isAfter(place, steps.floor)) continue;
      steps.fold(at, seriesValue(event.data, { ...series, instance }), this.#paceOf(series.metric));
    }
  }

  #stepsFor(name: string, { metric }: Series): SeriesSteps | null {
    const known = this.#steps.get(name);
    if (known || this.#steps.size >= MAX_SERIES) return known ?? null;
    // What history knows nothing of gets steps as wide as those of its like, or else as fit the window.
    const like = [...this.#steps].find(([other]) => other.startsWith(`${metric}.`))?.[1];
    const pace = this.#paceOf(metric);
    const stepMs = like?.stepMs ?? Math.ceil(lengthOf(this.#window.span) / (MAX_STEPS - 1) / pace) * pace;
    const steps = new SeriesSteps(stepMs, stepMs > pace);
    this.#steps.set(name, steps);
    return steps;
  }
}

/** Whether a position is not covered by an answer; one of another start of the server never is. */
function isAfter(place: Cursor | null, floor: Cursor | null): boolean {
  return place === null || floor === null || place.epoch !== floor.epoch || place.seq > floor.seq;
}
