import { decodeBlock, type MetricName, type Pace } from '@telltale/shared';
import { describe, expect, it } from 'vitest';
import { EventLog, type LogEvent } from './event-log.ts';
import { planJoin } from './join.ts';
import type { Selection } from './selection.ts';

const SELECTION = new Map<MetricName, Pace>([
  ['cpu', 1_000],
  ['memory', 5_000],
]);

/** cpu at every second; memory at the fifth and tenth, after cpu. The ring holds the last 5 s. */
function log() {
  const own = new EventLog({ epoch: 'own', maxAgeMs: 5_000 });
  for (let second = 1; second <= 12; second++) {
    const at = second * 1_000;
    own.append([{ name: 'cpu', pace: 1_000, at, data: {} }]);
    if (second % 5 === 0) own.append([{ name: 'memory', pace: 5_000, at, data: {} }]);
  }
  return own;
}
// cpu 1-5 are 1-5, memory 6, cpu 6-10 are 7-11, memory 12, cpu 11 and 12 are 13 and 14.
const NEWEST = 14;
const OLDEST_POSITION = 7;

const join = (cursor: string | null) => planJoin(log(), SELECTION, cursor, 12_500);

describe('a reader without a cursor', () => {
  it('begins before the newest event of each metric', () => {
    const plan = join(null);
    expect(plan).toMatchObject({ helloId: 'own.b', resumed: false, gap: null, position: NEWEST });
    expect(plan.snapshot.map(({ seq }) => seq)).toEqual([12, 14]);
  });

  it('begins at the end of a log that has nothing for it', () => {
    const empty = new EventLog({ epoch: 'own' });
    expect(planJoin(empty, SELECTION, null, 1)).toMatchObject({ helloId: 'own.0', snapshot: [], position: 0 });
  });
});

describe('a reader with a cursor', () => {
  it.each([
    ['the newest', NEWEST],
    ['some behind', 10],
    ['the oldest kept', OLDEST_POSITION],
  ])('that is %s gets the exact rest', (_, seq) => {
    const cursor = `own.${seq.toString(36)}`;
    expect(join(cursor)).toEqual({
      helloId: cursor,
      resumed: true,
      gap: null,
      standing: [],
      snapshot: [],
      position: seq,
    });
  });

  it.each([
    ['one too old', 'own.6', 'evicted'],
    ['of the beginning', 'own.0', 'evicted'],
    ['of the future', 'own.f', 'unknown'],
    ['of the far future', 'own.2gosa7pa2gv', 'unknown'],
    ['of another epoch', 'other.e', 'restart'],
  ])('%s is told so in one gap, and keeps its cursor until it has read it', (_, cursor, reason) => {
    const plan = join(cursor);
    expect(plan).toMatchObject({ helloId: cursor, resumed: false, position: NEWEST });
    expect(plan.gap).toEqual({ id: 'own.b', data: { from: null, to: 12_500, reason } });
    expect(plan.snapshot.map(({ seq }) => seq)).toEqual([12, 14]);
  });

  it.each([
    '',
    ' ',
    'own.E',
    'own.0e',
    'own',
    'own.e, own.e',
    'own.e\0',
    'öwn.e',
    '%6fwn.e',
    'x'.repeat(4_096),
    'x'.repeat(15_000),
  ])('that is garbled gets one gap and never an error: %j', (cursor) => {
    const plan = join(cursor);
    expect(plan.helloId).toBe('own.0');
    expect(plan.gap).toMatchObject({ id: 'own.b', data: { reason: 'unknown' } });
    expect(plan.snapshot).toHaveLength(2);
  });

  it('of a pace that was not sampled all the time gets a gap that says since when', () => {
    const own = log();
    own.beginLane('memory', 5_000);
    own.append([{ name: 'memory', pace: 5_000, at: 12_600, data: {} }]);
    const plan = planJoin(own, SELECTION, 'own.b', 12_700);
    expect(plan.gap?.data).toEqual({ from: 10_000, to: 12_700, reason: 'idle' });
    expect(plan.snapshot.map(({ seq }) => seq)).toEqual([14, 15]);
    expect(planJoin(own, SELECTION, 'own.e', 12_700).resumed).toBe(true);
  });

  it('is valid under any choice of metrics', () => {
    expect(planJoin(log(), new Map([['network', 1_000]]), 'own.b', 1).resumed).toBe(true);
  });
});

describe('a fault that stands', () => {
  const at = 1;
  const fault = (cleared: boolean): LogEvent => ({
    name: 'fault',
    pace: null,
    at,
    data: { metric: 'cpu', fields: ['load1'], reason: 'gone', since: at, cleared },
  });
  const cpu: LogEvent = { name: 'cpu', pace: 1_000, at, data: { at } };
  const selection = new Map([['cpu', 1_000]]) as Selection;
  const joined = (log: EventLog, cursor: string | null) =>
    planJoin(log, selection, cursor, at).standing.map((frame) => decodeBlock(frame.toString()));

  it('is told to whoever joins afresh, since it was said only once, until it ends', () => {
    const log = new EventLog({ epoch: 'e' });
    log.append([fault(false), cpu, cpu]);
    // With the position before the newest event, from which a reconnect goes on as from `hello`.
    expect(joined(log, null)).toMatchObject([{ event: 'fault', id: 'e.2' }]);
    expect(planJoin(log, selection, null, at).helloId).toBe('e.2');
    log.append([fault(true), cpu]);
    expect(joined(log, null)).toEqual([]);
  });

  it('is not repeated to whoever goes on from its cursor', () => {
    const log = new EventLog({ epoch: 'e' });
    log.append([fault(false), cpu]);
    expect(joined(log, 'e.1')).toEqual([]);
  });
});
