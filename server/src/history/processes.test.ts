import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { Env } from '../env.ts';
import type { HttpProblem } from '../errors.ts';
import { EventLog } from '../stream/event-log.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { processesAt, processesRoute } from './processes.ts';

const START = 1_800_000_000_000;
const minute = (count: number) => START + count * 60_000;

const processOf = (name: string, usage: number | null, residentBytes: number | null) => ({
  name,
  usage,
  residentBytes,
});
/** At each minute a process of that name; the first knows no interval. */
function logOf(...minutes: readonly number[]): EventLog {
  const log = new EventLog({ epoch: 'e' });
  for (const [i, count] of minutes.entries()) {
    const at = minute(count);
    const elapsedMs = i === 0 ? null : at - minute(minutes[i - 1] as number);
    const processes = [processOf(`p${count}`, elapsedMs && 5, 4_096)];
    const data = { at, elapsedMs, byCpu: elapsedMs === null ? [] : processes, byMemory: processes };
    log.append([{ name: 'process', pace: 60_000, at, data }]);
  }
  return log;
}
const found = (log: EventLog, moment: number) => processesAt(log, moment)?.byMemory.map(({ name }) => name)[0] ?? null;

describe('the processes of a minute', () => {
  it.each([
    ['the middle of a minute', minute(1.5), 'p2'],
    ['its end', minute(2), 'p2'],
    ['just after its end, which is the next', minute(2) + 1, 'p3'],
    ['the first moment, of which no interval is known', minute(0), 'p0'],
    ['what is not yet over: the last minute', minute(3.9), 'p3'],
    ['a minute after the last', minute(4), 'p3'],
    ['a minute before the first', minute(-1), 'p0'],
    ['later', minute(4) + 1, null],
    ['earlier', minute(-1) - 1, null],
  ])('are found at %s', (_, moment, name) => expect(found(logOf(0, 1, 2, 3), moment)).toBe(name));

  it.each([
    ['in the middle of an interval, however long', minute(3), 'p9'],
    ['at its end', minute(9), 'p9'],
  ])('are found %s', (_, moment, name) => expect(found(logOf(0, 1, 9), moment)).toBe(name));

  it('are the nearest where nothing was recorded for a while', () => {
    const log = new EventLog({ epoch: 'e' });
    for (const [at, name] of [
      [minute(0), 'before'],
      [minute(1.5), 'after'],
    ] as const) {
      const data = { at, elapsedMs: null, byCpu: [], byMemory: [processOf(name, null, 1)] };
      log.append([{ name: 'process', pace: 60_000, at, data }]);
    }
    expect([found(log, minute(0.7)), found(log, minute(0.8))]).toEqual(['before', 'after']);
  });

  it('are five by use and five by memory, those without a number last, in the order of an event', () => {
    const processes = [
      processOf('a', 1, 10),
      processOf('b', null, 70),
      processOf('c', 90, 20),
      processOf('d', 5, null),
      processOf('e', 70, 40),
      processOf('f', 6, 50),
      processOf('g', 250, 60),
    ];
    const log = new EventLog({ epoch: 'e' });
    const data = { at: START, elapsedMs: 60_000, count: 7, threads: 7, byCpu: processes, byMemory: processes };
    log.append([{ name: 'process', pace: 60_000, at: START, data }]);
    const names = (list: readonly { name: string }[] = []) => list.map(({ name }) => name).join('');
    const answer = processesAt(log, START);
    expect(Object.keys(answer ?? {})).toEqual(['at', 'byCpu', 'byMemory']);
    expect(answer?.at).toBe(START);
    expect([names(answer?.byCpu), names(answer?.byMemory)]).toEqual(['cdefg', 'bcefg']);
    expect(answer?.byCpu[0]).toEqual(processOf('c', 90, 20));
  });

  it('are not told by a look that failed', () => {
    const log = logOf(0, 1);
    const at = minute(1.5);
    const data = { at, elapsedMs: null, count: null, threads: null, byCpu: [], byMemory: [] };
    log.append([{ name: 'process', pace: 60_000, at, data }]);
    expect(found(log, at)).toBe('p1');
  });
});

describe('the route', () => {
  function ask(query: string) {
    const clock = new FakeClock(minute(2) + 30_000);
    const app = new Hono<Env>();
    app.onError((error) => (error as HttpProblem).toResponse());
    app.get('/api/processes', processesRoute({ minutes: logOf(0, 1, 2), clock }));
    return app.request(`/api/processes${query}`);
  }

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
    expect(await answer.json()).toMatchObject({ at: minute(count), byCpu: [{ name: `p${count}` }] });
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
