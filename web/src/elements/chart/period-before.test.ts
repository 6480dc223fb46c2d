import { type History, parseSeries, type Series } from '@telltale/shared';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { valueAt } from '../../chart/index.ts';
import type { Source, Span } from '../../client/index.ts';
import { edgesOf, Source as RealSource } from '../../client/index.ts';
import { TimeWindow } from '../../client/time-window.ts';
import { FakeWorld } from '../../testing.ts';
import { linesBefore, moved, PeriodBefore } from './period-before.ts';

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;
const LOAD = 'cpu.load1';

interface Query {
  readonly query: Parameters<Source['ask']>[0];
  readonly answer: (history: Partial<History>) => Promise<void>;
  readonly fail: () => Promise<void>;
}

let asked: Query[];
let now: number;
let span: Span;
let changes: number;
let before: PeriodBefore;

const source: Pick<Source, 'ask' | 'edges' | 'span'> = {
  get span() {
    return span;
  },
  get edges() {
    return edgesOf(span, now);
  },
  ask: (query) =>
    new Promise((resolve, reject) => {
      const turn = async (run: () => void) => {
        run();
        await new Promise((next) => queueMicrotask(() => next(null)));
      };
      asked.push({
        query,
        answer: (history) =>
          turn(() => resolve({ cursor: null, from: 0, to: 0, stepMs: 1_000, times: [], series: {}, ...history })),
        fail: () => turn(() => reject(new Error('no answer'))),
      });
    }),
};

beforeEach(() => {
  asked = [];
  [now, span, changes] = [NOW, { lastMs: 15 * MINUTE }, 0];
  before = new PeriodBefore(() => changes++);
});

const newest = () => asked.at(-1) as Query;
/** One step that ended then. */
const told = (at: number, value: number | null = 5, name = LOAD) => ({
  times: [at],
  series: { [name]: { avg: [value] } },
});
const follow = () => before.follow(source, [LOAD]);

describe('the period before', () => {
  it('is as long as what is shown, and is had some way in advance while that goes on', () => {
    follow();
    const { series, from, to } = newest().query;
    expect([series, from, to]).toEqual([[LOAD], NOW - 30 * MINUTE, NOW - 15 * MINUTE + 3.75 * MINUTE]);
  });

  it('ends where a range begins that stands still', () => {
    span = { from: NOW - 3 * MINUTE, to: NOW - MINUTE };
    follow();
    expect(newest().query).toMatchObject({ from: NOW - 5 * MINUTE, to: NOW - 3 * MINUTE });
    now += 60 * MINUTE;
    follow();
    expect(asked).toHaveLength(1);
  });

  it('is moved onto what is shown, in the middle of its steps', async () => {
    follow();
    await newest().answer(told(NOW - 16 * MINUTE, 7));
    expect(changes).toBe(1);
    expect(valueAt(before.lines.get(LOAD) as never, NOW - MINUTE - 500)).toBe(7);
    expect(before.words).toBe('dashed: the 15 min before');
  });

  it('is asked for once however often the chart is told something, and again after a quarter of its length', async () => {
    for (let i = 0; i < 200; i++) {
      now += 1_000;
      follow();
    }
    expect(asked).toHaveLength(1);
    await newest().answer(told(NOW - 16 * MINUTE));
    now += 26_000;
    follow();
    expect(asked).toHaveLength(2);
    // Until it is answered, what is known stays.
    expect(before.lines.size).toBe(1);
  });

  it('is another when the window, the lines or the server are, and answers to what was asked before are not heard', async () => {
    follow();
    const late = newest();
    span = { lastMs: MINUTE };
    follow();
    await late.answer(told(NOW - 16 * MINUTE));
    expect([before.lines.size, changes]).toEqual([0, 0]);
    await newest().answer(told(NOW - 90_000));
    expect(before.lines.size).toBe(1);
    before.follow(source, ['cpu.load5']);
    expect([before.lines.size, asked.length]).toEqual([0, 3]);
    before.follow({ ...source, span, edges: edgesOf(span, now) }, ['cpu.load5']);
    expect(asked).toHaveLength(4);
    before.stop();
    await newest().answer(told(NOW - 90_000, 1, 'cpu.load5'));
    expect([before.lines.size, changes]).toEqual([0, 1]);
  });

  it('of which nothing was recorded is absent, and said to be', async () => {
    follow();
    await newest().answer(told(NOW - 16 * MINUTE, null));
    expect(before.lines.size).toBe(0);
    expect(before.words).toBe('nothing was recorded in the 15 min before');
  });

  it('that could not be had is said to be so, and asked for again later', async () => {
    follow();
    await newest().fail();
    expect([before.words, changes]).toEqual(['the 15 min before could not be loaded', 1]);
    follow();
    expect(asked).toHaveLength(1);
    now += 4 * MINUTE;
    follow();
    await newest().answer(told(NOW - 16 * MINUTE));
    expect(before.words).toBe('dashed: the 15 min before');
  });

  it('is one request of a real source, beside what that asks for itself', async () => {
    const world = new FakeWorld();
    const urls: string[] = [];
    world.respond = (url) => {
      urls.push(url);
      const end = world.now() - 90_000;
      return Response.json({ cursor: null, from: 0, to: end, stepMs: 1_000, ...told(end, 3) });
    };
    const window = new TimeWindow();
    window.show({ lastMs: MINUTE });
    const real = new RealSource({ base: 'http://nas:7411/', token: null }, world, window);
    before.follow(real, [LOAD]);
    before.follow(real, [LOAD]);
    await world.pass(20);
    expect(urls).toHaveLength(1);
    expect(new URL(urls[0] as string).searchParams.get('series')).toBe(LOAD);
    expect(before.lines.get(LOAD)?.times[0]).toBe(world.now() - 20 - 30_500);
    // That somebody compares is no other window: nothing of what is shown is loaded anew.
    window.compare(true);
    await world.pass(20);
    expect(urls).toHaveLength(1);
  });
});

it('every value that was recorded is there exactly the length of the window later, and nothing else is', () => {
  const columns = fc.array(fc.option(fc.double({ noNaN: true, min: 0, max: 1e9 })), { maxLength: 30 });
  fc.assert(
    fc.property(columns, fc.integer({ min: 10, max: 1_000 }), (avg, seconds) => {
      const times = avg.map((_, i) => NOW + i * 1_000);
      const line = moved({ stepMs: 1_000, times, series: { [LOAD]: { avg } } }, seconds * 1_000).get(LOAD);
      const expected = avg.flatMap((value, i) =>
        value === null ? [] : [[NOW + i * 1_000 - 500 + seconds * 1_000, value]],
      );
      expect([...(line?.times ?? [])].map((at, i) => [at, line?.values[i]])).toEqual(expected);
    }),
  );
});

describe('what is drawn behind the lines', () => {
  const palette = { color: (hue: number) => `hue ${hue}`, theme: { strong: 'strong' } } as never;
  const line = (name: string, hue: number) => {
    const { meta } = parseSeries(name) as Series;
    return { name, label: meta.title, definition: '', hue, dash: [], points: {} } as never;
  };
  const LINES = [line('cpu.user', 1), line('cpu.system', 2)];

  async function known(system: number | null): Promise<void> {
    before.follow(source, ['cpu.user', 'cpu.system']);
    const series = { 'cpu.user': { avg: [10] }, 'cpu.system': { avg: [system] } };
    await newest().answer({ times: [NOW - 16 * MINUTE], series });
  }

  it('has the hue of each, and leaves out those behind the one that somebody points at', async () => {
    await known(4);
    expect(linesBefore(before, LINES, null, palette, false).map(({ color }) => color)).toEqual(['hue 1', 'hue 2']);
    expect(linesBefore(before, LINES, 'cpu.system', palette, false).map(({ color }) => color)).toEqual(['hue 2']);
  });

  it('is the whole of a stack alone, and nothing where a layer is not known', async () => {
    await known(4);
    const [total, ...more] = linesBefore(before, LINES, null, palette, true);
    expect([total?.color, total?.points.values[0], more]).toEqual(['strong', 14, []]);
    expect(linesBefore(before, LINES.slice(0, 1), null, palette, true)[0]?.points.values[0]).toBe(10);
    before = new PeriodBefore(() => changes++);
    await known(null);
    expect(linesBefore(before, LINES, null, palette, true)).toEqual([]);
  });
});
