import { type History, type MetricName, parseSeries, type Series } from '@telltale/shared';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpProblem } from '../errors.ts';
import type { HistoryType } from '../history/formats.ts';
import type { HistoryStore } from '../history/store.ts';
import type { Tick } from '../history/tick.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** A border of every window that there is, and as late as real times are. */
export const START = Math.ceil(1_800_000_000_000 / (240 * HOUR)) * 240 * HOUR;

/** What is asked where a test does not say. */
interface Asked {
  readonly from?: number;
  readonly to?: number;
  readonly points?: number;
  readonly cursor?: string | null;
  readonly paces?: Partial<Record<MetricName, number>>;
}

async function textOf(store: HistoryStore, type: HistoryType, series: readonly string[], asked: Asked = {}) {
  const { from = START, to = START + 10 * SECOND, points = 100, cursor = null, paces = {} } = asked;
  const query = { series: series.map((name) => parseSeries(name) as Series), from, to, points, paces };
  let text = '';
  for await (const piece of await store.query(query, type, cursor)) text += piece;
  return text;
}

export async function ask(store: HistoryStore, series: readonly string[], asked: Asked = {}): Promise<History> {
  return JSON.parse(await textOf(store, 'application/json', series, asked));
}

export const cpuAt = (at: number, values: object): Tick => [
  ['cpu', JSON.stringify({ at, elapsedMs: 1_000, ...values })],
];

/** cpu at the half of each of ten seconds; the third has no number; core 1 is there from the sixth on. */
export function recordTenSeconds(store: HistoryStore): void {
  for (let second = 1; second <= 10; second++) {
    const cores = [{ name: '0', usage: second }, ...(second > 5 ? [{ name: '1', usage: 50 }] : [])];
    store.write(cpuAt(START + second * SECOND - 500, { usage: second === 3 ? null : second, cores }));
  }
}

const minuteOf = (at: number, name: string | null, elapsedMs: number | null = MINUTE): Tick => {
  const processes = name === null ? [] : [{ name, usage: 5, residentBytes: 4_096 }];
  return [['process', JSON.stringify({ at, elapsedMs, count: 7, threads: 9, byCpu: processes, byMemory: processes })]];
};

/** What every history must do, wherever it keeps what it is given. */
export function historyContract(name: string, open: () => Promise<HistoryStore>): void {
  describe(`a history ${name}`, () => {
    const opened: HistoryStore[] = [];
    const start = async () => {
      const store = await open();
      opened.push(store);
      return store;
    };
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });

    it('has each sample in a step of its own, and null where it was absent, flushed or not', async () => {
      const store = await start();
      recordTenSeconds(store);
      const before = await ask(store, ['cpu.usage']);
      await store.flush();
      expect(await ask(store, ['cpu.usage'])).toEqual(before);
      expect(before.stepMs).toBe(SECOND);
      expect(before.times).toEqual(Array.from({ length: 10 }, (_, i) => START + (i + 1) * SECOND));
      expect(before.series).toEqual({ 'cpu.usage': { avg: [1, 2, null, 4, 5, 6, 7, 8, 9, 10] } });
      expect(before.cursor).toBeNull();
    });

    it('says how wide a step reached when it is wider than the pace', async () => {
      const store = await start();
      recordTenSeconds(store);
      const { stepMs, series } = await ask(store, ['cpu.usage'], { points: 2 });
      expect(stepMs).toBe(5 * SECOND);
      expect(series['cpu.usage']).toEqual({ avg: [3, 8], min: [1, 6], max: [5, 10], last: [5, 10] });
    });

    it('finds all members that * stands for, whenever they came, and has an empty column for one that never was', async () => {
      const store = await start();
      recordTenSeconds(store);
      const { series } = await ask(store, ['cpu.cores.usage:*', 'cpu.cores.usage:__proto__', 'memory.usedBytes'], {
        points: 2,
      });
      expect(Object.keys(series).sort()).toEqual([
        'cpu.cores.usage:0',
        'cpu.cores.usage:1',
        'cpu.cores.usage:__proto__',
        'memory.usedBytes',
      ]);
      expect(series['cpu.cores.usage:1']?.avg).toEqual([null, 50]);
      expect(series['cpu.cores.usage:__proto__']?.avg).toEqual([null, null]);
    });

    it('keeps names of all kinds apart and unchanged', async () => {
      const store = await start();
      const names = ['a', 'a,b', '*', 'a:b', '100%', '/home/x y', '\n', 'é'];
      store.write(cpuAt(START + 500, { cores: names.map((each, i) => ({ name: each, usage: i })) }));
      const { series } = await ask(store, ['cpu.cores.usage:*'], { points: 2 });
      const found = Object.keys(series).map((each) => (parseSeries(each) as Series).instance);
      expect(found).toEqual(names);
      for (const [i, each] of Object.keys(series).entries()) {
        expect((await ask(store, [each], { points: 2 })).series[each]?.avg[0]).toBe(i);
      }
    });

    it('says where a stream continues it', async () => {
      const store = await start();
      expect((await ask(store, ['cpu.usage'], { cursor: 'e.b' })).cursor).toBe('e.b');
    });

    it('does not answer with more series than it promised', async () => {
      const store = await start();
      store.write(
        cpuAt(START + 500, { cores: Array.from({ length: 300 }, (_, i) => ({ name: String(i), usage: 1 })) }),
      );
      await expect(ask(store, ['cpu.cores.usage:*'])).rejects.toThrow(HttpProblem);
    });

    it('answers as CSV and NDJSON, a line for each step', async () => {
      const store = await start();
      recordTenSeconds(store);
      const csv = await textOf(store, 'text/csv', ['cpu.usage', 'cpu.cores.usage:1']);
      expect(csv.split('\r\n').slice(0, 4)).toEqual([
        'time,cpu.usage,cpu.cores.usage:1',
        `${START + SECOND},1,`,
        `${START + 2 * SECOND},2,`,
        `${START + 3 * SECOND},,`,
      ]);
      const lines = (await textOf(store, 'application/x-ndjson', ['cpu.usage'])).trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line))[2]).toEqual({ time: START + 3 * SECOND, 'cpu.usage': null });
    });

    it('is the same over hours of chunks, at every width of steps, as worked out from what was written', async () => {
      const store = await start();
      const written: [at: number, value: number][] = [];
      for (let i = 0; i < 3 * 360; i++) {
        const at = START + i * 10 * SECOND + 5_500;
        const value = ((i * 7_919) % 10_007) / 100;
        // Half an hour in which nothing was recorded.
        if (i >= 200 && i < 380) continue;
        written.push([at, value]);
        store.write(cpuAt(at, { usage: value }));
        if (i % 100 === 0) await store.flush();
      }
      for (const points of [2_000, 300, 40, 12, 4]) {
        const { times, stepMs, series } = await ask(store, ['cpu.usage'], {
          to: START + 3 * HOUR,
          points,
          paces: { cpu: 10_000 },
        });
        const { avg, min = avg, max = avg, last = avg } = series['cpu.usage'] as History['series'][string];
        expect(times.length).toBeLessThanOrEqual(points);
        for (const [i, end] of times.entries()) {
          const inside = written.flatMap(([at, value]) => (at > end - stepMs && at <= end ? [value] : []));
          const sum = inside.reduce((total, value) => total + Math.round(value * 100), 0);
          const mean = inside.length === 0 ? null : sum / inside.length / 100;
          const told = [avg[i], min[i], max[i], last[i]];
          if (mean === null) expect(told).toEqual([null, null, null, null]);
          else {
            expect(avg[i]).toBeCloseTo(mean, 3);
            expect(told.slice(1)).toEqual([Math.min(...inside), Math.max(...inside), inside.at(-1)]);
          }
        }
      }
    });

    it('writes nothing over when the clock goes back: both are there', async () => {
      const store = await start();
      for (const usage of [10, 30]) {
        for (let second = 1; second <= 5; second++) store.write(cpuAt(START + second * SECOND - 500, { usage }));
        store.write([['gap', JSON.stringify({ from: START + 5 * SECOND, to: START, reason: 'clock' })]]);
      }
      const { series, gaps } = (await ask(store, ['cpu.usage'], { points: 2, to: START + 10 * SECOND })) as History & {
        gaps: unknown[];
      };
      expect(series['cpu.usage']).toEqual({ avg: [20, null], min: [10, null], max: [30, null], last: [30, null] });
      expect(gaps).toContainEqual({ from: START, to: START + 5 * SECOND, reason: 'clock' });
    });

    it.each([
      ['the middle of a minute', 1.5, 'p2'],
      ['its end', 2, 'p2'],
      ['just after its end, which is the next', 2.01, 'p3'],
      ['the first moment, of which no interval is known', 0, 'p0'],
      ['a minute after the last', 4, 'p3'],
      ['a minute before the first', -1, 'p0'],
      ['later', 4.01, null],
      ['earlier', -1.01, null],
    ])('finds the processes of %s', async (_, minutes, expected) => {
      const store = await start();
      for (let i = 0; i < 4; i++) store.write(minuteOf(START + i * MINUTE, `p${i}`, i === 0 ? null : MINUTE));
      await store.flush();
      const found = await store.processesAt(START + minutes * MINUTE);
      expect(found?.byMemory.map(({ name }) => name)[0] ?? null).toBe(expected);
    });

    it('finds the processes of hours ago', async () => {
      const store = await start();
      for (let i = 0; i < 150; i++) store.write(minuteOf(START + i * MINUTE, `p${i}`));
      await store.flush();
      expect((await store.processesAt(START + 6.5 * MINUTE))?.byCpu[0]?.name).toBe('p7');
      const { series } = await ask(store, ['process.count'], {
        to: START + 150 * MINUTE,
        points: 2,
        paces: { process: MINUTE },
      });
      expect(series['process.count']?.avg).toEqual([7, 7]);
    });

    it('knows the names of all that it holds', async () => {
      const store = await start();
      recordTenSeconds(store);
      store.write(minuteOf(START + 9 * SECOND, 'x'));
      expect(await store.catalogue()).toEqual([
        'cpu.cores.usage:0',
        'cpu.cores.usage:1',
        'cpu.usage',
        'process.count',
        'process.threads',
      ]);
    });

    it('deletes a span, and keeps what is around it', async () => {
      const store = await start();
      recordTenSeconds(store);
      await store.forget(START + 2 * SECOND, START + 8 * SECOND);
      const { series } = await ask(store, ['cpu.usage', 'cpu.cores.usage:1']);
      expect(series['cpu.usage']?.avg).toEqual([1, 2, null, null, null, null, null, null, 9, 10]);
      expect(series['cpu.cores.usage:1']?.avg.slice(8)).toEqual([50, 50]);
    });

    it('deletes all of it, with every name', async () => {
      const store = await start();
      recordTenSeconds(store);
      await store.forget(0, START + HOUR);
      expect(await store.catalogue()).toEqual([]);
      expect((await ask(store, ['cpu.usage'])).series['cpu.usage']?.avg.every((value) => value === null)).toBe(true);
    });

    it('takes no harm from what is no event', async () => {
      const store = await start();
      store.write([
        ['cpu', 'no JSON'],
        ['cpu', '{}'],
        ['cpu', 'null'],
        ['cpu', '[]'],
        ['cpu', '{"at":"now"}'],
        ['nothing', `{"at":${START + 500},"x":1}`],
        ['__proto__', `{"at":${START + 500},"x":1}`],
        ['process', `{"at":${START + 500}}`],
        ['gap', '{}'],
        ['gap', 'null'],
      ]);
      recordTenSeconds(store);
      await store.flush();
      expect((await ask(store, ['cpu.usage'])).series['cpu.usage']?.avg[0]).toBe(1);
      expect(store.report.fault).toBeNull();
    });
  });
}
