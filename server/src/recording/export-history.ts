import {
  type Catalog,
  DEFAULT_METRICS,
  encodeHead,
  encodeRecorded,
  type History,
  type Host,
  isMetricName,
  type MetricName,
  type Pace,
  PROTOCOL,
  type RecordedEvent,
  type RecordingHead,
} from '@telltale/shared';
import { EXIT, ExitError } from '../errors.ts';
import { ask, Declined } from './ask.ts';
import { type Batch, MAX_POINTS, pagesOf, toBatches } from './history-pages.ts';
import { absentFields, toMetricEvents } from './metric-events.ts';
import { type Made, tell } from './tell.ts';
import type { RecordingWorld } from './world.ts';
import { createRecording } from './write-recording.ts';

/** A moment that may count back from now. */
export type Moment = (now: number) => number;

export interface HistoryOptions {
  readonly file: string;
  /** With a "/" at the end. */
  readonly base: string;
  readonly from: Moment;
  readonly to: Moment;
  readonly metrics: readonly MetricName[] | null;
  /** The finest step, or `null` for each metric's own pace. */
  readonly interval: Pace | null;
}

/**
 * Makes a recording of what a running server has kept, by asking it page by page. Answers with a line that says what was
 * made. Throws an {@link ExitError} that says what to do.
 */
export async function exportHistory(options: HistoryOptions, world: RecordingWorld): Promise<string> {
  const { file, base, interval } = options;
  const catalog = await ask<Catalog>(base, 'api/catalog', world);
  const { telltale, ...host } = await ask<Host>(base, 'api/host', world);
  // Its clock is the one that counts.
  const { to: now } = await ask<History>(base, 'api/history?series=cpu.usage&from=-1m&to=now&points=2', world);
  const [from, to] = [options.from(now), Math.min(now, options.to(now))];
  if (from >= to) throw new ExitError(EXIT.usage, '--from must be before --to, and before now');

  const known = Object.keys(catalog.metrics).filter(isMetricName);
  const metrics = (options.metrics ?? DEFAULT_METRICS).filter(
    (name) => known.includes(name) && catalog.metrics[name].available,
  );
  if (metrics.length === 0) throw new ExitError(EXIT.usage, 'that machine has none of the metrics asked for');
  const asker = new Asker(base, world, toBatches(catalog, metrics, interval));
  const paces = metrics.map((name) => [name, Math.max(catalog.metrics[name].interval, interval ?? 0)] as const);

  const pages = pagesOf(from, to, Math.min(...paces.map(([, pace]) => pace)));
  const made: Made = { events: 0, name: host.name, from: null, to: null, full: false };
  // The first page tells what cannot be had, which the first line has to say.
  let events = await asker.events(pages.next().value as { from: number; to: number });
  const writer = createRecording(file, world.output, world.clock);
  try {
    const absent = ['fault', 'gap', ...metrics.flatMap(absentFields), ...asker.declined];
    const head: RecordingHead = {
      ...{ telltale: 'recording', protocol: PROTOCOL, version: world.version, host, source: 'history' },
      ...{ recordedAt: now, from, to, metrics: Object.fromEntries(paces), absent },
    };
    await writer.write(encodeHead(head));
    for (;;) {
      for (const event of events) {
        const line = encodeRecorded(event);
        made.full = !writer.hasRoom(line);
        if (made.full) break;
        await writer.write(line);
        made.events++;
        made.from ??= timeOf(event);
        made.to = timeOf(event);
      }
      const page = made.full || world.stopped.aborted ? undefined : pages.next().value;
      if (!page) break;
      events = await asker.events(page);
    }
  } finally {
    await writer.close();
  }
  return tell(made, file, writer.text);
}

const timeOf = ({ data }: RecordedEvent) => (data as { at: number }).at;

/** Asks for spans of time, and learns what cannot be asked for together. */
class Asker {
  readonly #base: string;
  readonly #world: RecordingWorld;
  #batches: readonly Batch[];
  /** Series that the server does not give: it does not know them, or they have too many members. */
  readonly declined: string[] = [];

  constructor(base: string, world: RecordingWorld, batches: readonly Batch[]) {
    this.#base = base;
    this.#world = world;
    this.#batches = batches;
  }

  /** The events of a span, in the order of time. */
  async events(span: { readonly from: number; readonly to: number }): Promise<RecordedEvent[]> {
    const answers: { readonly batch: Batch; readonly history: History }[] = [];
    const queue = [...this.#batches];
    for (let batch = queue.shift(); batch; batch = queue.shift()) {
      const history = await this.#ask(batch, span);
      if (history) answers.push({ batch, history });
      else queue.unshift(...this.#split(batch));
    }
    this.#batches = answers.map(({ batch }) => batch);
    return answers
      .map(({ history }) => history)
      .reduce<History[]>(merge, [])
      .flatMap(toMetricEvents)
      .sort((a, b) => timeOf(a) - timeOf(b));
  }

  /** `null` when it is too much at once. */
  async #ask(
    { stepMs, series }: Batch,
    { from, to }: { readonly from: number; readonly to: number },
  ): Promise<History | null> {
    // No more than the steps that are wanted, as the server takes the finest grid that has so many.
    const points = Math.min(MAX_POINTS, Math.ceil((to - from) / stepMs) + 2);
    const query = new URLSearchParams({
      ...{ series: series.join(','), from: String(Math.floor(from)), to: String(Math.ceil(to)) },
      points: String(points),
    });
    try {
      const history = await ask<History>(this.#base, `api/history?${query}`, this.#world);
      if (!Array.isArray(history.times) || typeof history.series !== 'object' || history.series === null) {
        throw new ExitError(EXIT.unavailable, `${this.#base} does not answer as a Telltale server does`);
      }
      return history;
    } catch (error) {
      if (error instanceof Declined && error.status === 400) return null;
      throw error;
    }
  }

  #split({ stepMs, series }: Batch): Batch[] {
    const half = Math.ceil(series.length / 2);
    if (series.length === 1) {
      this.declined.push(...series);
      return [];
    }
    return [series.slice(0, half), series.slice(half)].map((some) => ({ stepMs, series: some }));
  }
}

/** Puts answers on the same grid together: a metric may have been asked for in parts. */
function merge(all: History[], next: History): History[] {
  const same = all.findIndex(({ stepMs, times }) => stepMs === next.stepMs && times[0] === next.times[0]);
  if (same < 0) return [...all, next];
  const before = all[same] as History;
  const series = Object.assign(Object.create(null), before.series, next.series) as History['series'];
  return all.with(same, { ...before, series });
}
