import type { RecordedEvent } from '@telltale/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataOf, EventLog } from '../stream/event-log.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { HEAD, recorded } from '../testing/recorded.ts';
import { createPlayer, type PlayerOptions } from './player.ts';

/** Lets everything that waits for a promise go on. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function open(events: readonly RecordedEvent[], more: Partial<PlayerOptions> = {}) {
  const clock = new FakeClock();
  const log = new EventLog({ epoch: 'e', maxAgeMs: Number.POSITIVE_INFINITY });
  const batches: number[] = [];
  const state = { ended: false, error: null as unknown };
  const player = createPlayer({
    ...{ head: HEAD, clock, speed: 1, position: null },
    events: (async function* () {
      yield* events;
    })(),
    emit(batch) {
      batches.push(batch.length);
      log.append(
        batch.map((each) =>
          each.kind === 'metric' ? each : { name: each.kind, pace: null, at: each.at, data: each.data },
        ),
      );
    },
    onEnd: () => {
      state.ended = true;
    },
    onError: (error) => {
      state.error = error;
    },
    ...more,
  });
  /** What was emitted so far. */
  const said = () => [...log.after(0)].map((entry) => ({ name: entry.name, data: JSON.parse(dataOf(entry)) }));
  const times = () => said().flatMap(({ name, data }) => (name === 'cpu' ? [data.at] : []));
  const pass = async (ms: number, step = ms) => {
    await settle();
    for (let passed = 0; passed < ms; passed += step) {
      clock.advance(step);
      await settle();
    }
  };
  return { clock, log, player, state, batches, said, times, pass };
}

const cpu = (at: number, usage: number | null = null) => recorded('cpu', at, { usage });
const ENDED = 'the recording has ended';
const unlessEnded = ({ name, data }: { name: string; data: { reason?: string } }) =>
  name !== 'fault' || data.reason !== ENDED;

describe('a player', () => {
  it('emits events with their own times, as far apart as they were', async () => {
    const { player, times, pass, clock } = open([cpu(5_000), cpu(6_000), cpu(8_500)]);
    player.start();
    await pass(0);
    expect(times()).toEqual([5_000]);
    expect(player.now).toBe(5_000);
    await pass(999);
    expect(times()).toEqual([5_000]);
    await pass(1);
    expect(times()).toEqual([5_000, 6_000]);
    await pass(2_499, 2_499);
    expect(player.now).toBe(6_000);
    await pass(1);
    expect(player.now).toBe(8_500);
    expect(clock.timers).toBe(0);
  });

  it('is as much faster as it is told, and keeps what comes at once together', async () => {
    const events = Array.from({ length: 1_000 }, (_, i) => cpu(i * 1_000));
    const { player, times, pass, batches, state } = open(events, { speed: 1_000 });
    player.start();
    await pass(1_100, 10);
    expect(times()).toHaveLength(1_000);
    expect(state).toEqual({ ended: true, error: null });
    expect(batches.length).toBeLessThan(150);
  });

  it.each([
    [{ offset: 2_000 }, [5_000, 6_000, 7_000]],
    [{ at: 6_500 }, [5_000, 6_000, 7_000]],
    [{ offset: 0 }, [5_000]],
  ])('begins at %j, with what was before as the past', async (position, there) => {
    const { player, times, pass } = open(
      [5, 6, 7, 8].map((second) => cpu(second * 1_000)),
      { position },
    );
    player.start();
    await pass(0);
    expect(times()).toEqual(there);
    await pass(1_000);
    expect(times()).toEqual([...there, (there.at(-1) ?? 0) + 1_000]);
  });

  it('says of every metric that it has ended, and no more', async () => {
    const { player, said, pass, state } = open([recorded('memory', 1_000), cpu(1_000)]);
    player.start();
    await pass(0);
    expect(said().slice(2)).toEqual(
      ['memory', 'cpu'].map((metric) => ({
        name: 'fault',
        data: { metric, fields: [], reason: ENDED, since: 1_000, cleared: false },
      })),
    );
    expect(player.health().get('cpu')).toEqual({ lastSuccessAt: 1_000, durationMs: null, fault: ENDED });
    expect(player.health().get('disk')).toEqual({ lastSuccessAt: null, durationMs: null, fault: null });
    expect(state.ended).toBe(true);
  });

  it('plays what history kept at the steps it has', () => {
    const { player } = open([], { head: { ...HEAD, metrics: { cpu: 3_600_000 } } });
    expect([player.paceOf('cpu', 1_000), player.paceOf('memory', null)]).toEqual([3_600_000, 1_000]);
    expect([player.isAvailable('cpu'), player.isAvailable('gpu')]).toEqual([true, false]);
  });

  it('does not pile up faults that never end', async () => {
    const fault = (i: number): RecordedEvent => ({
      name: 'fault',
      data: { metric: `m${i}`, fields: [], reason: 'r', since: 1, cleared: false },
    });
    const { player, log, pass } = open(Array.from({ length: 5_000 }, (_, i) => fault(i)));
    player.start();
    await pass(0);
    await pass(0);
    expect(log.standingFaults(0)).toHaveLength(256);
  });

  it('keeps a look at processes a minute', async () => {
    const { player, pass } = open([0, 30, 60, 90, 120].map((second) => recorded('process', second * 1_000)));
    const kept: number[] = [];
    player.watch('process', 60_000, ({ at }) => kept.push(at));
    player.start();
    await pass(120_000, 1_000);
    expect(kept).toEqual([0, 60_000, 120_000]);
  });

  it('stops in the middle of a wait, and leaves no timer', async () => {
    const { player, clock, pass, times } = open([cpu(1_000), cpu(50_000)]);
    player.start();
    await pass(0);
    player.stop();
    expect(clock.timers).toBe(0);
    await pass(60_000);
    expect(times()).toEqual([1_000]);
  });

  it('reports a recording that cannot be read on', async () => {
    const broken = new Error('the disk is gone');
    const { player, state, pass } = open([], {
      // biome-ignore lint/correctness/useYield: it fails before its first
      events: (async function* (): AsyncGenerator<RecordedEvent> {
        throw broken;
      })(),
    });
    player.start();
    await pass(0);
    expect(state).toEqual({ ended: false, error: broken });
  });

  it('gives the stream every event that was recorded, once and in order, at any speed', async () => {
    const anyEvent = fc.oneof(
      fc
        .tuple(fc.integer({ min: 0, max: 100_000 }), fc.option(fc.integer({ min: 0, max: 100 })))
        .map(([at, usage]) => cpu(at, usage)),
      fc
        .record({ from: fc.constant(null), to: fc.nat(), reason: fc.constantFrom('slow', 'clock', 'restart') })
        .map((data) => ({ name: 'gap', data }) as RecordedEvent),
      fc
        .record({ metric: fc.constantFrom('cpu', 'disk'), fields: fc.constant([] as string[]), cleared: fc.boolean() })
        .map((data) => ({ name: 'fault', data: { ...data, reason: 'r', since: 1 } }) as RecordedEvent),
    );
    const speeds = fc.constantFrom(1, 2, 1_000);
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { maxLength: 20 }), speeds, async (events, speed) => {
        const { player, said, pass, state } = open(events, { speed });
        player.start();
        for (let i = 0; i < 60 && !state.ended; i++) await pass(100_000);
        expect(said().filter(unlessEnded)).toEqual(events);
        expect(state.error).toBe(null);
      }),
      { numRuns: 50 },
    );
  });
});
