import { type Pace, parseSeries, type Series } from '@telltale/shared';
import { describe, expect, it } from 'vitest';
import { HttpProblem } from '../errors.ts';
import { EventLog } from '../stream/event-log.ts';
import { type HistoryQuery, queryLog } from './log-history.ts';
import { parseHistoryQuery } from './route.ts';

const series = (...names: string[]) => names.map((name) => parseSeries(name) as Series);
const ownPace = (): Pace => 1_000;

/** cpu once a second, at the half, for ten seconds; core 1 is there from the sixth on; one at another pace in between. */
function log(): EventLog {
  const own = new EventLog({ epoch: 'e' });
  for (let second = 1; second <= 10; second++) {
    const at = second * 1_000 - 500;
    const cores = [{ name: '0', usage: second }, ...(second > 5 ? [{ name: '1', usage: 50 }] : [])];
    own.append([{ name: 'cpu', pace: 1_000, at, data: { at, usage: second === 3 ? null : second, cores } }]);
  }
  own.append([{ name: 'cpu', pace: 5_000, at: 9_500, data: { usage: 99, cores: [] } }]);
  return own;
}
const ask = (more: Partial<HistoryQuery> & Pick<HistoryQuery, 'series'>) =>
  queryLog(log(), ownPace, { from: 0, to: 10_000, points: 100, live: false, ...more });

describe('the history of the log', () => {
  it('has each sample of the metric’s own pace in a step of its own, and null where it was absent', () => {
    const { times, stepMs, series: found, cursor } = ask({ series: series('cpu.usage') });
    expect(stepMs).toBe(1_000);
    expect(times).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((second) => second * 1_000));
    expect(found).toEqual({ 'cpu.usage': { avg: [1, 2, null, 4, 5, 6, 7, 8, 9, 10] } });
    expect(cursor).toBeNull();
  });

  it('says how wide a step reached when it is wider than the pace', () => {
    const { stepMs, series: found } = ask({ series: series('cpu.usage'), points: 2 });
    expect(stepMs).toBe(5_000);
    expect(found['cpu.usage']).toEqual({ avg: [3, 8], min: [1, 6], max: [5, 10], last: [5, 10] });
  });

  it('finds all members that * stands for, whenever they came', () => {
    const { series: found } = ask({ series: series('cpu.cores.usage:*'), points: 2 });
    expect(Object.keys(found)).toEqual(['cpu.cores.usage:0', 'cpu.cores.usage:1']);
    expect(found['cpu.cores.usage:1']?.avg).toEqual([null, 50]);
  });

  it('has an empty column for a member that never was', () => {
    const { series: found } = ask({ series: series('cpu.cores.usage:__proto__', 'memory.usedBytes'), points: 2 });
    expect(Object.keys(found)).toEqual(['cpu.cores.usage:__proto__', 'memory.usedBytes']);
    expect(found['memory.usedBytes']?.avg).toEqual([null, null]);
  });

  it('ends where a stream goes on when it ends now', () => {
    expect(ask({ series: series('cpu.usage'), live: true }).cursor).toBe('e.b');
  });

  it('does not answer with more series than it promised', () => {
    const own = new EventLog({ epoch: 'e' });
    const cores = Array.from({ length: 300 }, (_, i) => ({ name: String(i), usage: 1 }));
    own.append([{ name: 'cpu', pace: 1_000, at: 500, data: { cores } }]);
    const query = { series: series('cpu.cores.usage:*'), from: 0, to: 1_000, points: 10, live: false };
    expect(() => queryLog(own, ownPace, query)).toThrow(HttpProblem);
  });
});

describe('the parameters of a history', () => {
  it('have defaults for all but the series', () => {
    expect(parseHistoryQuery({ series: 'cpu.usage,cpu.usage' }, 1_000_000)).toMatchObject({
      series: [{ metric: 'cpu' }],
      from: 100_000,
      to: 1_000_000,
      points: 600,
      live: true,
    });
    expect(parseHistoryQuery({ series: 'cpu.usage', to: '-1s' }, 1_000_000).live).toBe(false);
  });

  it.each([
    [{}, 'series is needed'],
    [{ series: '' }, 'series is needed'],
    [{ series: 'cpu.usage,' }, 'unknown series ""'],
    [{ series: 'cpu.nothing' }, 'unknown series'],
    [{ series: Array.from({ length: 201 }, (_, i) => `cpu.cores.usage:${i}`).join() }, 'at most 200 series'],
    [{ series: 'cpu.usage', from: 'then' }, 'from must be epoch ms, ISO 8601'],
    [{ series: 'cpu.usage', to: '' }, 'to must be'],
    [{ series: 'cpu.usage', from: 'now' }, 'from must be before to'],
    [{ series: 'cpu.usage', points: '1' }, 'points must be a whole number from 2 to 2000'],
    [{ series: 'cpu.usage', points: '2001' }, 'points must be'],
    [{ series: 'cpu.usage', points: '' }, 'points must be'],
    [{ series: 'cpu.usage', points: '5.5' }, 'points must be'],
    [{ series: 'cpu.usage', points: 'many' }, 'points must be'],
  ])('%j are refused with what is allowed', (parameters, message) => {
    expect(() => parseHistoryQuery(parameters, 1_000_000)).toThrow(message);
    expect(() => parseHistoryQuery(parameters, 1_000_000)).toThrow(HttpProblem);
  });
});
