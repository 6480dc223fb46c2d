import {
  type AnyEvent,
  formatSeries,
  type History,
  instancesOf,
  isMetricName,
  type MetricEvents,
  type MetricName,
  parseSeries,
  type Series,
  seriesValue,
} from '@telltale/shared';
import { SeriesRing } from './series-ring.ts';

/** How much of the past a page holds, and how many points of it. */
export const WINDOW_MS = 300_000;
const CAPACITY = 720;
/** A series that comes and goes under ever new names must not fill the memory: beyond this, new ones are not kept. */
const MAX_RINGS = 1_024;

/** What a page knows of one source: the newest event of each metric, and the recent past of each series in use. */
export class Store {
  readonly #latest = new Map<MetricName, object>();
  /** What was asked for, `*` included. */
  readonly #wanted = new Map<string, Series>();
  readonly #rings = new Map<string, SeriesRing>();

  /** Keeps a series from now on. Answers whether it is new here. */
  want(name: string): boolean {
    if (this.#wanted.has(name)) return false;
    const series = parseSeries(name);
    if (series instanceof Error) return false;
    this.#wanted.set(name, series);
    const latest = this.#latest.get(series.metric);
    if (latest) this.#record(series, latest);
    return true;
  }

  latest<M extends MetricName>(metric: M): MetricEvents[M] | null {
    return (this.#latest.get(metric) as MetricEvents[M] | undefined) ?? null;
  }

  ring(name: string): SeriesRing | null {
    return this.#rings.get(name) ?? null;
  }

  /** The names that a series stands for, one for each member when it ends in `:*`. */
  names(name: string): string[] {
    const series = this.#wanted.get(name);
    if (!series?.allInstances) return [name];
    const prefix = `${formatSeries(series.metric, series.path)}:`;
    return [...this.#rings.keys()].filter((key) => key.startsWith(prefix));
  }

  /** Takes in an event of the stream; events that are not metrics change nothing here. */
  accept(event: AnyEvent): void {
    if (!isMetricName(event.name)) return;
    this.#latest.set(event.name, event.data);
    for (const series of this.#wanted.values()) {
      if (series.metric === event.name) this.#record(series, event.data);
    }
  }

  /**
   * Puts recorded history before what is here. Its last steps may be empty because they are not over yet: they are left
   * out, since the stream brings what belongs there.
   */
  fill({ times, series }: History): void {
    for (const [name, { avg }] of Object.entries(series)) {
      const length = avg.findLastIndex((value) => value !== null) + 1;
      const from = avg.findIndex((value) => value !== null);
      if (length > 0) this.#ringFor(name)?.prepend(times.slice(from, length), avg.slice(from, length));
    }
  }

  #record(series: Series, event: object): void {
    const { at } = event as { at: number };
    const instances = series.allInstances ? instancesOf(event, series) : [series.instance];
    for (const instance of instances) {
      const name = formatSeries(series.metric, series.path, instance);
      this.#ringFor(name)?.push(at, seriesValue(event, { ...series, instance }));
    }
  }

  #ringFor(name: string): SeriesRing | null {
    const known = this.#rings.get(name);
    if (known || this.#rings.size >= MAX_RINGS) return known ?? null;
    const ring = new SeriesRing(CAPACITY);
    this.#rings.set(name, ring);
    return ring;
  }
}
