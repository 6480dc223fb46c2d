import { type MetricName, metrics, type Pace, parseSeries } from '@telltale/shared';
import type { Handler } from 'hono';
import { negotiate } from '../accept.ts';
import type { Clock } from '../clock.ts';
import type { Env } from '../env.ts';
import { HttpProblem } from '../errors.ts';
import { readQuery } from '../query.ts';
import { demandMetrics } from '../visitor.ts';
import { HISTORY_TYPES } from './formats.ts';
import { type HistoryQuery, MAX_SERIES } from './query.ts';
import type { HistoryStore } from './store.ts';
import { parseMoment } from './time.ts';

const MAX_POINTS = 2_000;
const DEFAULT_POINTS = 600;
/** What is sampled for readers alone is recorded once a minute. */
const ON_DEMAND_PACE = 60_000;
/** What ended so long ago has been packed, and comes out the same as long as nobody removes it. */
const SETTLED_MS = 15 * 60_000;
const NO_STORE = 'no-store';
const SETTLED = 'private, max-age=3600';

type HistoryParameters = Partial<Record<'series' | 'from' | 'to' | 'points', string>>;

function readMoment(name: string, text: string, now: number): number {
  const at = parseMoment(text, now);
  if (at !== null) return at;
  throw new HttpProblem(400, `${name} must be epoch ms, ISO 8601 with a zone, "now", or like "-15m"`);
}

/** Turns a request's parameters into a query. Throws a 400 that says what is allowed. */
export function parseHistoryQuery(parameters: HistoryParameters, now: number): Omit<HistoryQuery, 'paces'> {
  if (!parameters.series) throw new HttpProblem(400, 'series is needed, like series=cpu.usage,memory.usedBytes');
  const names = [...new Set(parameters.series.split(','))];
  if (names.length > MAX_SERIES) throw new HttpProblem(400, `at most ${MAX_SERIES} series`);
  const series = names.map((name) => {
    const parsed = parseSeries(name);
    if (parsed instanceof Error) throw new HttpProblem(400, parsed.message);
    return parsed;
  });
  const from = readMoment('from', parameters.from ?? '-15m', now);
  const to = readMoment('to', parameters.to ?? 'now', now);
  if (from >= to) throw new HttpProblem(400, 'from must be before to');
  const points = Number(parameters.points ?? DEFAULT_POINTS);
  if (!Number.isInteger(points) || points < 2 || points > MAX_POINTS) {
    throw new HttpProblem(400, `points must be a whole number from 2 to ${MAX_POINTS}`);
  }
  return { series, from, to, points };
}

/** Whether the same request will be answered the same for a while: its range is over, and named by fixed moments. */
function isSettled(
  { from = '-', to = 'now' }: HistoryParameters,
  query: Pick<HistoryQuery, 'to'>,
  now: number,
): boolean {
  const isFixed = (text: string) => text !== 'now' && !text.startsWith('-');
  return isFixed(from) && isFixed(to) && query.to < now - SETTLED_MS;
}

export interface HistoryRouteOptions {
  readonly store: HistoryStore;
  readonly clock: Clock;
  readonly ownPace: (metric: MetricName) => Pace;
  /** Where a stream continues what was written to the store so far. */
  readonly cursor: () => string;
}

/** `GET /api/history`. */
export function historyRoute({ store, clock, ownPace, cursor }: HistoryRouteOptions): Handler<Env> {
  const paceOf = (metric: MetricName) => (metrics[metric].onDemand ? ON_DEMAND_PACE : ownPace(metric));
  return async (c) => {
    const type = negotiate(c.req.header('accept'), HISTORY_TYPES);
    if (type === null) throw new HttpProblem(406, `offered: ${HISTORY_TYPES.join(', ')}`);
    const now = clock.now();
    const parameters = readQuery(c, ['series', 'from', 'to', 'points']);
    const asked = parseHistoryQuery(parameters, now);
    const visitor = c.get('visitor');
    demandMetrics(
      visitor,
      asked.series.map(({ metric }) => metric),
    );
    const paces = Object.fromEntries(asked.series.map(({ metric }) => [metric, paceOf(metric)]));
    const pieces = await store.query({ ...asked, paces }, type, asked.to >= now ? cursor() : null);
    return c.body(toBody(pieces), 200, {
      'content-type': type === 'application/json' ? type : `${type}; charset=utf-8`,
      // Who is let in by something is so each time, and not by what the browser has kept.
      'cache-control': visitor.via === 'nothing' && isSettled(parameters, asked, now) ? SETTLED : NO_STORE,
      vary: 'Accept, Origin',
    });
  };
}

/** Pieces are made as they are read, so a reader that is slow costs nothing. */
function toBody(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
