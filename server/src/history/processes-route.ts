import type { Handler } from 'hono';
import type { Clock } from '../clock.ts';
import type { Env } from '../env.ts';
import { HttpProblem } from '../errors.ts';
import { readQuery } from '../query.ts';
import { demandMetrics } from '../visitor.ts';
import type { HistoryStore } from './store.ts';
import { parseMoment } from './time.ts';

const NO_STORE = { 'cache-control': 'no-store' };

export interface ProcessesRouteOptions {
  readonly store: HistoryStore;
  readonly clock: Clock;
}

/** `GET /api/processes?at=<time>`. */
export function processesRoute({ store, clock }: ProcessesRouteOptions): Handler<Env> {
  return async (c) => {
    demandMetrics(c.get('visitor'), ['process']);
    const { at: text } = readQuery(c, ['at']);
    if (text === undefined) throw new HttpProblem(400, 'at is needed, like at=-5m');
    const moment = parseMoment(text, clock.now());
    if (moment === null) throw new HttpProblem(400, 'at must be epoch ms, ISO 8601 with a zone, "now", or like "-15m"');
    const found = await store.processesAt(moment);
    if (found === null) throw new HttpProblem(404, 'no processes were recorded within a minute of this time');
    const { at, byCpu, byMemory, byIo } = found;
    return c.json({ at, byCpu, byMemory, byIo }, 200, NO_STORE);
  };
}
