import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { Env } from '../env.ts';
import type { HttpProblem } from '../errors.ts';
import { anybody } from '../testing/anybody.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { EngineStore } from './engine-store.ts';
import { openEngine } from './open-engine.ts';
import { processesRoute } from './processes-route.ts';
import { KEEP_ALL } from './retention.ts';

const START = 1_800_000_000_000;
const minute = (count: number) => START + count * 60_000;

/** Asks for the processes of a moment where three minutes were recorded. */
function ask(query: string) {
  const clock = new FakeClock(minute(2) + 30_000);
  const store = new EngineStore(
    openEngine({ folder: null, retention: KEEP_ALL, pid: 1, now: () => clock.now(), tell: () => {} }),
  );
  for (const count of [0, 1, 2]) {
    const processes = [{ name: `p${count}`, usage: 5, residentBytes: 4_096 }];
    const event = { at: minute(count), elapsedMs: 60_000, byCpu: processes, byMemory: processes, byIo: processes };
    store.write([['process', JSON.stringify(event)]]);
  }
  const app = new Hono<Env>();
  app.onError((error) => (error as HttpProblem).toResponse());
  app.use(anybody);
  app.get('/api/processes', processesRoute({ store, clock }));
  return app.request(`/api/processes${query}`);
}

describe('the route', () => {
  it.each([
    ['now', 2],
    ['-1m', 2],
    ['-90s', 1],
    [String(minute(0.5)), 1],
    [new Date(minute(2)).toISOString(), 2],
  ])('answers at=%s', async (at, count) => {
    const answer = await ask(`?at=${at}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const body = (await answer.json()) as object;
    expect(body).toMatchObject({ at: minute(count), byCpu: [{ name: `p${count}` }] });
    expect(body).toHaveProperty('byIo.length', 1);
    expect(Object.keys(body)).toEqual(['at', 'byCpu', 'byMemory', 'byIo']);
  });

  it.each([
    ['', 400, 'at is needed'],
    ['?at=', 400, 'at must be epoch ms'],
    ['?at=yesterday', 400, 'at must be epoch ms'],
    ['?at=now&at=now', 400, 'may be given once'],
    ['?from=now', 400, 'allowed: at'],
    ['?at=-1h', 404, 'no processes were recorded'],
    [`?at=${minute(9)}`, 404, 'no processes were recorded'],
  ])('refuses %j with a %d', async (query, status, detail) => {
    const answer = await ask(query);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status, detail: expect.stringContaining(detail) });
  });
});
