import { type AnyEvent, type Block, blankValues, metrics } from '@telltale/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeWorld, hello } from '../testing.ts';
import { FakeRecorder, mean } from '../testing-history.ts';
import { MAX_STEPS } from './series-steps.ts';
import { Source } from './source.ts';
import { TimeWindow } from './time-window.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const USAGE = 'cpu.usage';

let world: FakeWorld;
let window: TimeWindow;
let source: Source;
let recorder: FakeRecorder;
let asked: URLSearchParams[];
/** Whether the server is up, and whether somebody hears its stream. */
let up: boolean;
let heard: boolean;
let epoch: number;
let seq: number;

beforeEach(() => {
  world = new FakeWorld();
  window = new TimeWindow();
  recorder = new FakeRecorder();
  asked = [];
  [up, heard, epoch, seq] = [true, true, 1, 0];
  world.respond = (url) => {
    if (!url.includes('api/history')) return null;
    asked.push(new URL(url).searchParams);
    return up ? Response.json(recorder.answer(url, world.now())) : null;
  };
  source = new Source({ base: 'http://nas:7411/', token: null }, world, window);
});

const usageAt = (at: number) => (at / SECOND) % 97;

/** One sample, halfway between two seconds, and what is kept of it. */
function sample(): Block {
  const at = Math.floor(world.now() / SECOND) * SECOND - SECOND / 2;
  const data = { at, elapsedMs: SECOND, ...blankValues(metrics.cpu.fields), usage: usageAt(at) };
  const id = `e${epoch}.${(++seq).toString(36)}`;
  recorder.keep(id, { name: 'cpu', data } as AnyEvent);
  return { event: 'cpu', id, data };
}

/** Time passes; each second the server, if it is up, takes a sample that is heard by who listens. */
async function live(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    await world.pass(SECOND);
    const block = up ? sample() : null;
    const stream = world.streams.at(-1);
    if (block && heard && stream && !stream.aborted()) await stream.send(block);
  }
}

/** The recording of a while before anybody looks. */
async function recorded(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    await world.pass(SECOND);
    sample();
  }
}

async function open(): Promise<void> {
  source.need({ metrics: [], series: [USAGE] });
  await world.pass(20);
  await world.stream.send(hello(['cpu'], { resumed: true, at: world.now() }, recorder.cursor ?? 'e1.0'));
}

const gap = (reason: string, id = recorder.cursor ?? 'e1.0'): Block => ({
  event: 'gap',
  id,
  data: { from: null, to: world.now(), reason },
});

const points = () => source.points(USAGE) ?? { stepMs: 0, times: [], values: [], low: null, high: null };

/** Everything that is shown is what all samples of its step say, and no step that has samples is missing. */
function expectWhole(from = source.edges.from): void {
  const { stepMs, times, values, low, high } = points();
  const ends = recorder.samples
    .map(({ at }) => Math.ceil(at / stepMs) * stepMs)
    .filter((end, i, all) => end - stepMs >= from && end !== all[i - 1]);
  const first = [...times].findIndex((time) => time + stepMs / 2 >= (ends[0] ?? 0));
  expect([...times].slice(first).map((time) => time + stepMs / 2)).toEqual(ends);
  ends.forEach((end, i) => {
    const all = recorder.values(USAGE, end, stepMs);
    expect(values[first + i]).toBeCloseTo(mean(all), 6);
    if (low) expect([low[first + i], high?.[first + i]]).toEqual([Math.min(...all), Math.max(...all)]);
  });
}

describe('the window of a source', () => {
  it('is filled and goes on without a seam, each sample in its step once', async () => {
    await recorded(100);
    await open();
    await live(30);
    expect(points().times).toHaveLength(130);
    expectWhole();
    expect(asked).toHaveLength(1);
  });

  it('holds steps of many samples where it is long, and what comes live is folded into them', async () => {
    window.show({ lastMs: HOUR });
    await recorded(333);
    await open();
    await live(41);
    expect(points().stepMs).toBe(5 * SECOND);
    expect(points().low).not.toBeNull();
    expectWhole();
  });

  it('is loaded anew when it changes, in one request, and on one stream', async () => {
    await recorded(200);
    await open();
    await live(10);
    window.show({ lastMs: 24 * HOUR });
    await live(10);
    expect(points().stepMs).toBe(2 * MINUTE);
    expectWhole();
    window.show({ lastMs: 5 * MINUTE });
    await live(10);
    expect(points().stepMs).toBe(SECOND);
    expectWhole();
    expect(asked.map((query) => query.get('from'))).toEqual(['-300s', '-86400s', '-300s']);
    expect(world.streams).toHaveLength(1);
  });

  it('folds what came while the answer was under way into it, and nothing twice', async () => {
    await recorded(200);
    await open();
    const answer = world.respond;
    world.respond = async (url) => {
      const response = await answer(url);
      await new Promise<void>((resolve) => world.after(3_700, resolve));
      return response;
    };
    window.show({ lastMs: HOUR });
    await live(12);
    expect(points().stepMs).toBe(5 * SECOND);
    expectWhole();
  });

  it('takes no answer to what is no longer asked', async () => {
    await recorded(50);
    await open();
    const answer = world.respond;
    world.respond = async (url) => {
      const slow = url.includes('86400');
      const response = await answer(url);
      if (slow) await new Promise<void>((resolve) => world.after(5_000, resolve));
      return response;
    };
    window.show({ lastMs: 24 * HOUR });
    await live(1);
    expect(source.history.state).toBe('loading');
    window.show({ lastMs: HOUR });
    await live(12);
    expect(source.history.state).toBe('ready');
    expect(points().stepMs).toBe(5 * SECOND);
    expectWhole();
  });

  it('stands still where it is a range in the past', async () => {
    await recorded(300);
    await open();
    const to = world.now() - 100 * SECOND;
    window.show({ from: to - 2 * MINUTE, to });
    await live(10);
    const { times } = points();
    expect(times[0]).toBeGreaterThan(to - 2 * MINUTE - 2 * SECOND);
    expect(times.at(-1)).toBeLessThanOrEqual(to + SECOND);
    expect(source.edges).toEqual({ from: to - 2 * MINUTE, to });
    // The newest value goes on all the same.
    expect(source.value(USAGE)).toBe(usageAt(recorder.samples.at(-1)?.at ?? 0));
    window.show({ lastMs: 5 * MINUTE });
    await live(5);
    expectWhole();
  });

  it('never holds more points than a screen has, nor asks for more', async () => {
    await recorded(800);
    await open();
    for (const lastMs of [15 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR]) {
      window.show({ lastMs });
      await live(3);
      expect(points().times.length).toBeLessThanOrEqual(MAX_STEPS);
    }
    expect(asked.map((query) => query.get('points'))).toEqual(asked.map(() => `${MAX_STEPS}`));
  });

  it.each(['evicted', 'slow', 'idle', 'unknown', 'suspend'])(
    'fills a gap (%s) with what was recorded, and asks for no more than that',
    async (reason) => {
      await recorded(100);
      await open();
      await live(10);
      heard = false;
      await live(40);
      heard = true;
      await world.stream.send(gap(reason));
      await live(10);
      expectWhole();
      expect(asked).toHaveLength(2);
      const from = Number(asked[1]?.get('from'));
      expect(world.now() - from).toBeLessThan(54 * SECOND);
    },
  );

  it('asks for nothing after a gap of a metric that nobody read, where the newest of the others goes on', async () => {
    await recorded(100);
    await open();
    const from = world.now() - SECOND / 2;
    await world.stream.send({ ...gap('idle'), data: { from, to: world.now(), reason: 'idle' } });
    await live(10);
    expectWhole();
    expect(asked).toHaveLength(1);
  });

  it('fills such a gap with what was recorded where more was missed than the newest', async () => {
    await recorded(100);
    await open();
    const from = world.now() - SECOND / 2;
    heard = false;
    await live(2);
    heard = true;
    await world.stream.send({ ...gap('idle'), data: { from, to: world.now(), reason: 'idle' } });
    await live(10);
    expectWhole();
    expect(asked).toHaveLength(2);
  });

  it('fills a gap in steps of many samples too, of the width that is shown', async () => {
    window.show({ lastMs: 6 * HOUR });
    await recorded(400);
    await open();
    heard = false;
    await live(95);
    heard = true;
    await world.stream.send(gap('evicted'));
    await live(5);
    expect(points().stepMs).toBe(30 * SECOND);
    expectWhole();
    expect(asked).toHaveLength(2);
  });

  it('loads what is missing, and no more, when a page is seen again', async () => {
    await recorded(100);
    await open();
    await live(5);
    world.page.signal('hidden');
    await live(65);
    expect(source.status.state).toBe('paused');
    await live(60);
    world.onStream = (stream) => {
      expect(stream.headers['last-event-id']).toMatch(/^e1\./);
      void stream.send(hello(['cpu'], { at: world.now() }, 'e1.0'), gap('evicted'));
    };
    world.page.signal('shown');
    await live(10);
    expectWhole();
    expect(asked).toHaveLength(2);
    expect(world.now() - Number(asked[1]?.get('from'))).toBeLessThan(80 * SECOND);
  });

  it('keeps a hole for the time in which the server was down, and only for that', async () => {
    await recorded(60);
    await open();
    await live(10);
    // The page is cut off before the server goes down, and finds it later than it came back.
    heard = false;
    await live(15);
    up = false;
    world.refuse = () => null;
    await world.stream.fail();
    const down = world.now();
    await live(30);
    const back = world.now();
    [up, epoch, seq] = [true, 2, 0];
    await live(12);
    world.refuse = null;
    world.onStream = (stream) =>
      void stream.send(hello(['cpu'], { at: world.now(), epoch: 'e2' }, 'e2.0'), gap('restart', recorder.cursor ?? ''));
    heard = true;
    await live(40);
    expectWhole();
    const { times } = points();
    const holes = [...times].flatMap((time, i) =>
      time - (times[i - 1] ?? time) > SECOND ? [[times[i - 1], time]] : [],
    );
    expect(holes).toHaveLength(1);
    expect(Math.abs((holes[0]?.[0] ?? 0) - down)).toBeLessThanOrEqual(SECOND);
    expect(Math.abs((holes[0]?.[1] ?? 0) - back)).toBeLessThanOrEqual(2 * SECOND);
  });

  it('keeps what it has seen when a restarted server has forgotten it', async () => {
    await recorded(60);
    await open();
    await live(10);
    const before = points().times.length;
    recorder.samples.length = 0;
    [epoch, seq] = [2, 0];
    await world.stream.send(hello(['cpu'], { at: world.now() }, 'e1.1'), gap('restart', 'e2.0'));
    await live(5);
    expect(points().times.length).toBeGreaterThanOrEqual(before + 4);
  });

  it('asks for everything again when the clock was set', async () => {
    await recorded(60);
    await open();
    await live(3);
    await world.stream.send(gap('clock'));
    await live(3);
    expect(asked.map((query) => query.get('from'))).toEqual(['-300s', '-300s']);
    expectWhole();
  });

  it('shows what is live while history cannot be had, says so, and fills in later', async () => {
    await recorded(60);
    const answer = world.respond;
    world.respond = (url) => (url.includes('history') ? new Response('{}', { status: 503 }) : answer(url));
    await open();
    await live(2);
    expect(source.history).toEqual({ state: 'failed', detail: 'api/history: the server answered 503' });
    expect(points().times).toHaveLength(2);
    world.respond = answer;
    await live(30);
    expect(source.history.state).toBe('ready');
    expectWhole();
  });

  it('does not press a server that fails', async () => {
    let requests = 0;
    world.respond = (url) => {
      if (url.includes('history')) requests++;
      return new Response('{}', { status: 500 });
    };
    await open();
    await live(120);
    expect(requests).toBeGreaterThan(3);
    expect(requests).toBeLessThan(15);
  });

  it('does not ask again for what was refused, and does not let it take the rest with it', async () => {
    await recorded(10);
    const answer = world.respond;
    world.respond = (url) => (url.includes('cpu.user') ? new Response('{}', { status: 400 }) : answer(url));
    source.need({ metrics: [], series: ['cpu.idle', 'cpu.user', USAGE] });
    await open();
    await live(60);
    expect(points().times).toHaveLength(70);
    expect(source.history.state).toBe('failed');
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('asks for series of one pace together, and for 200 at once at most', async () => {
    const cores = Array.from({ length: 450 }, (_, i) => `cpu.cores.usage:${i}`);
    source.need({ metrics: [], series: [...cores, 'filesystem.mounts.usedPercent:*'] });
    await world.pass(20);
    const counts = asked.map((query) => query.get('series')?.split(',').length);
    expect(counts).toEqual([200, 200, 50, 1]);
    expect(asked[3]?.get('series')).toBe('filesystem.mounts.usedPercent:*');
  });

  it('knows when what it shows begins', async () => {
    await recorded(30);
    await open();
    await live(2);
    const first = recorder.samples[0]?.at ?? 0;
    expect(source.recordedFrom).toBe(first - SECOND / 2);
  });
});
