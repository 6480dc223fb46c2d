import type { MetricEvents } from '@telltale/shared';
import type { Handler } from 'hono';
import type { Clock } from '../clock.ts';
import type { Env } from '../env.ts';
import { HttpProblem } from '../errors.ts';
import { readQuery } from '../query.ts';
import { dataOf, type EventLog } from '../stream/event-log.ts';
import { parseMoment } from './time.ts';

type ProcessEvent = MetricEvents['process'];
type Process = ProcessEvent['byCpu'][number];

/**
 * `GET /api/processes`: whom a minute belonged to. `at` is its end in epoch ms; the lists are sorted by name, as in an
 * event, and the numbers tell the order.
 */
export type MinuteProcesses = Pick<ProcessEvent, 'at' | 'byCpu' | 'byMemory'>;

/** How far from a recorded minute a moment may be. */
const REACH_MS = 60_000;
const TOP = 5;
const NO_STORE = { 'cache-control': 'no-store' };

/** What is `null` comes last. Taking some of a list leaves the others in their order. */
function topOf(processes: readonly Process[], value: (each: Process) => number | null): Process[] {
  const ranked = [...processes].sort((a, b) => (value(b) ?? -1) - (value(a) ?? -1));
  const top = new Set(ranked.slice(0, TOP));
  return processes.filter((each) => top.has(each));
}

/**
 * The processes of the recorded minute that holds a moment, or of the nearest that is no further than a minute; `null`
 * where there is none.
 */
export function processesAt(minutes: EventLog, moment: number): MinuteProcesses | null {
  let nearest: ProcessEvent | null = null;
  let reach = REACH_MS;
  for (const entry of minutes.after(0)) {
    const event = JSON.parse(dataOf(entry)) as ProcessEvent;
    // A look that failed is no record.
    if (event.byCpu.length + event.byMemory.length === 0) continue;
    const away = Math.max(0, moment - event.at, event.at - (event.elapsedMs ?? 0) - moment);
    if (away > reach || (nearest && away === reach)) continue;
    nearest = event;
    reach = away;
  }
  if (nearest === null) return null;
  const { at, byCpu, byMemory } = nearest;
  return {
    at,
    byCpu: topOf(byCpu, ({ usage }) => usage),
    byMemory: topOf(byMemory, ({ residentBytes }) => residentBytes),
  };
}

export interface ProcessesRouteOptions {
  /** `process` at the pace of a minute. */
  readonly minutes: EventLog;
  readonly clock: Clock;
}

/** `GET /api/processes?at=<time>`. */
export function processesRoute({ minutes, clock }: ProcessesRouteOptions): Handler<Env> {
  return (c) => {
    const { at } = readQuery(c, ['at']);
    if (at === undefined) throw new HttpProblem(400, 'at is needed, like at=-5m');
    const moment = parseMoment(at, clock.now());
    if (moment === null) throw new HttpProblem(400, 'at must be epoch ms, ISO 8601 with a zone, "now", or like "-15m"');
    const found = processesAt(minutes, moment);
    if (found === null) throw new HttpProblem(404, 'no processes were recorded within a minute of this time');
    return c.json(found, 200, NO_STORE);
  };
}
