import { type MetricName, type Pace, parseSeries } from '@telltale/shared';
import type { Handler } from 'hono';
import { negotiate } from '../accept.ts';
import type { Clock } from '../clock.ts';
import type { Env } from '../env.ts';
import { HttpProblem } from '../errors.ts';
import { readQuery } from '../query.ts';
import type { EventLog } from '../stream/event-log.ts';
import { toCsv, toNdjson } from './formats.ts';
import { type HistoryQuery, MAX_SERIES, queryLog } from './log-history.ts';
import { parseMoment } from './time.ts';

const MAX_POINTS = 2_000;
const DEFAULT_POINTS = 600;
const NO_STORE = { 'cache-control': 'no-store' };

type HistoryParameters = Partial<Record<'series' | 'from' | 'to' | 'points', string>>;

function readMoment(name: string, text: string, now: number): number {
  const at = parseMoment(text, now);
  if (at !== null) return at;
  throw new HttpProblem(400, `${name} must be epoch ms, ISO 8601 with a zone, "now", or like "-15m"`);
}

/** Turns a request's parameters into a query. Throws a 400 that says what is allowed. */
export function parseHistoryQuery(parameters: HistoryParameters, now: number): HistoryQuery {
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
  return { series, from, to, points, live: to >= now };
}

export interface HistoryRouteOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly ownPace: (metric: MetricName) => Pace;
}

/** `GET /api/history`. */
export function historyRoute({ log, clock, ownPace }: HistoryRouteOptions): Handler<Env> {
  return (c) => {
    const type = negotiate(c.req.header('accept'), ['application/json', 'text/csv', 'application/x-ndjson']);
    if (type === null) throw new HttpProblem(406, 'offered: application/json, text/csv, application/x-ndjson');
    const query = parseHistoryQuery(readQuery(c, ['series', 'from', 'to', 'points']), clock.now());
    const history = queryLog(log, ownPace, query);
    if (type === 'application/json') return c.json(history, 200, NO_STORE);
    const text = type === 'text/csv' ? toCsv(history) : toNdjson(history);
    return c.body(text, 200, { ...NO_STORE, 'content-type': `${type}; charset=utf-8` });
  };
}
