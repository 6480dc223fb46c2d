import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type Catalog, METRIC_NAMES, type MetricName, parseSeries } from '@telltale/shared';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { toCatalog } from '../collect/catalog.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { exportHistory, type HistoryOptions } from './export-history.ts';
import { MAX_SERIES, pagesOf, toBatches } from './history-pages.ts';
import { openRecording } from './read-recording.ts';

const folder = mkdtempSync(join(tmpdir(), 'telltale-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

const NOW = 1_800_000_000_000;
const AVAILABLE: readonly MetricName[] = ['cpu', 'network', 'filesystem'];
const catalog = toCatalog(
  (name) => (name === 'filesystem' ? 10_000 : 1_000),
  (name) => AVAILABLE.includes(name),
);

let asked: URLSearchParams[];
let members: number;
let file: string;
let made = 0;

/** A server whose every value is the second at which its step ends. */
function answer(url: string): Response {
  const { pathname, searchParams } = new URL(url);
  if (pathname === '/api/catalog') return Response.json(catalog);
  if (pathname === '/api/host') return Response.json({ id: 'h', name: 'vm', telltale: { version: '0' } });
  if (searchParams.get('to') === 'now') return Response.json({ to: NOW, times: [], series: {} });
  asked.push(searchParams);
  const names = (searchParams.get('series') ?? '').split(',');
  const all = names.flatMap((name) =>
    name.endsWith(':*') ? Array.from({ length: members }, (_, i) => `${name.slice(0, -1)}m${i}`) : [name],
  );
  if (all.length > MAX_SERIES) return Response.json({ detail: 'more than 200 series' }, { status: 400 });
  const [from, to] = [Number(searchParams.get('from')), Number(searchParams.get('to'))];
  const [first] = names.map((name) => parseSeries(name));
  const slow = !(first instanceof Error) && first?.metric === 'filesystem';
  const stepMs = Math.max(
    slow ? 10_000 : 1_000,
    (to - from) / Number(searchParams.get('points')) > 30_000 ? 60_000 : 0,
  );
  const times: number[] = [];
  for (let end = Math.floor(from / stepMs) * stepMs + stepMs; end - stepMs < to; end += stepMs) times.push(end);
  expect(times.length).toBeLessThanOrEqual(Number(searchParams.get('points')));
  const avg = times.map((time) => (time / 1_000) % 97);
  return Response.json({
    cursor: null,
    from,
    to,
    stepMs,
    times,
    series: Object.fromEntries(all.map((name) => [name, { avg }])),
  });
}

const world = (fetch = async (url: string) => answer(url)) => ({
  ...{ clock: new FakeClock(NOW), random: Math.random, fetch, version: '0.1.0', say: () => {} },
  ...{ stopped: new AbortController().signal, output: new PassThrough() },
});
const options = (more: Partial<HistoryOptions> = {}): HistoryOptions => ({
  ...{
    file,
    base: 'http://nas:7411/',
    from: (now) => now - 3_600_000,
    to: (now) => now,
    metrics: null,
    interval: null,
  },
  ...more,
});

async function read() {
  const { head, events, reader } = await openRecording(file);
  const times = new Map<string, number[]>();
  for await (const { name, data } of events) {
    times.set(name, [...(times.get(name) ?? []), (data as { at: number }).at]);
  }
  return { head, times, skipped: reader.skipped };
}

beforeEach(() => {
  asked = [];
  members = 2;
  file = join(folder, `${made++}.ndjson`);
});

describe('a recording from history', () => {
  it('has every step once, in the order of time, and says what is not in it', async () => {
    const line = await exportHistory(options(), world());
    const { head, times, skipped } = await read();
    expect(head).toMatchObject({ source: 'history', recordedAt: NOW, from: NOW - 3_600_000, to: NOW });
    expect(head.metrics).toEqual({ cpu: 1_000, network: 1_000, filesystem: 10_000 });
    expect(head.absent).toContain('network.interfaces.kind');
    expect(head.absent).toContain('gap');
    const steps = (pace: number) =>
      Array.from({ length: 3_600_000 / pace }, (_, i) => NOW - 3_600_000 + (i + 1) * pace);
    expect(times.get('cpu')).toEqual(steps(1_000));
    expect(times.get('network')).toEqual(steps(1_000));
    expect(times.get('filesystem')).toEqual(steps(10_000));
    expect(skipped).toMatchObject({ broken: 0, unknown: 0 });
    expect(line).toMatch(/^recorded 7560 events of "vm" over 59 min, [^\n]+\.ndjson$/);
    for (const query of asked) expect(query.get('series')?.split(',').length).toBeLessThanOrEqual(MAX_SERIES);
  });

  it('asks again for less where there are too many members, and says what cannot be had', async () => {
    members = 60;
    await exportHistory(options({ from: (now) => now - 60_000 }), world());
    expect((await read()).head.absent.filter((name) => name.includes('*'))).toEqual([]);
    file += 'x';
    members = 201;
    await exportHistory(options({ from: (now) => now - 60_000 }), world());
    const { head, times } = await read();
    expect(head.absent).toContain('network.interfaces.rxBytes:*');
    expect(times.get('cpu')).toHaveLength(60);
  });

  it('learns once what is too much', async () => {
    members = 25;
    await exportHistory(options({ from: (now) => now - 2_100_000, metrics: ['cpu'] }), world());
    const spans = new Map<string, number>();
    for (const query of asked) spans.set(query.get('from') ?? '', (spans.get(query.get('from') ?? '') ?? 0) + 1);
    const [first = 0, ...others] = spans.values();
    expect(Math.max(...others)).toBeLessThan(first);
  });

  it('is coarser on request', async () => {
    await exportHistory(options({ interval: 60_000, metrics: ['cpu'] }), world());
    const { head, times } = await read();
    expect(head.metrics).toEqual({ cpu: 60_000 });
    expect(times.get('cpu')).toHaveLength(60);
  });

  it.each<[Partial<HistoryOptions>, RegExp]>([
    [{ from: () => NOW + 5_000 }, /--from must be before --to/],
    [{ to: () => NOW - 4_000_000 }, /--from must be before --to/],
    [{ metrics: ['gpu'] }, /none of the metrics/],
  ])('is refused for %j', async (more, message) => {
    await expect(exportHistory(options(more), world())).rejects.toThrow(message);
  });

  it('is not made of what is no history, and no file is begun', async () => {
    const odd = async (url: string) =>
      url.includes('to=now') || !url.includes('history') ? answer(url) : Response.json([]);
    await expect(exportHistory(options(), world(odd))).rejects.toThrow(/does not answer as a Telltale server does/);
    expect(() => readFileSync(file)).toThrow(/ENOENT/);
  });
});

describe('pages', () => {
  it('meet on whole minutes, cover all of it, and are small enough', () => {
    for (const [from, to, step] of [
      [0, 10_000_000, 1_000],
      [12_345, 99_999_999, 100],
      [59_999, 60_001, 60_000],
      [1, 1_000_000_000, 10_000],
    ] as const) {
      const pages = [...pagesOf(from, to, step)];
      expect([pages[0]?.from, pages.at(-1)?.to]).toEqual([from, to]);
      for (const [i, page] of pages.entries()) {
        expect((page.to - page.from) / step).toBeLessThan(2_000);
        if (i > 0) expect(page.from).toBe(pages[i - 1]?.to);
        if (i > 0) expect(page.from % 60_000).toBe(0);
      }
    }
  });

  it('ask for every number that the catalogue has, and no more than may be asked for', () => {
    const batches = toBatches(catalog, METRIC_NAMES, null);
    const all = batches.flatMap(({ series }) => series);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toContain('cpu.cores.usage:*');
    expect(all).toContain('network.tcp.established');
    expect(all.filter((name) => parseSeries(name) instanceof Error)).toEqual([]);
    const foreign = { metrics: { cpu: { interval: 5, fields: { a: { unit: 'text' }, b: { unit: 'count' } } } } };
    expect(toBatches(foreign as unknown as Catalog, ['cpu'], null)).toEqual([{ stepMs: 5, series: ['cpu.b'] }]);
  });
});
