import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { History, HistoryColumns } from '@telltale/shared';
import { afterAll, describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { type RunningServer, runTelltale, startServer, startServerUnder } from '../support/server.ts';
import { openStream } from '../support/sse.ts';

// What was recorded is there after the server has gone, however it went.

const root = mkdtempSync(join(tmpdir(), 'telltale-data-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;
const newFolder = () => join(root, String(folders++));

async function get<T>(server: RunningServer, path: string): Promise<T> {
  return JSON.parse((await ask(`${server.url}${path}`)).body);
}
const usage = async (server: RunningServer, range: string) =>
  (await get<History>(server, `/api/history?series=cpu.usage&${range}`)) as History & { gaps: object[] };
const stepOf = (at: number) => Math.ceil(at / 1_000) * 1_000;
const columns = ({ series }: History) => (series['cpu.usage'] as HistoryColumns).avg;

/** Reads the stream until a moment, which is when the server has seen it. */
async function until(server: RunningServer, fits: (at: number) => boolean): Promise<number> {
  const reader = await openStream(`${server.url}/api/stream?metrics=cpu`);
  const { data } = await reader.waitFor((event) => event.name === 'cpu' && fits(event.data.at));
  reader.close();
  return data.at;
}

interface Told {
  readonly status: string;
  readonly history: { readonly kind: string; readonly fault: string | null; readonly safeAt: number | null };
}

async function pollUntil(server: RunningServer, fits: (told: Told) => boolean): Promise<Told> {
  const reader = await openStream(`${server.url}/api/stream?metrics=cpu`);
  try {
    for (;;) {
      const told = await get<Told>(server, '/healthz');
      if (fits(told)) return told;
      // A second of the server's own time.
      await reader.next(1);
    }
  } finally {
    reader.close();
  }
}

// Each has a server of its own, and waits for seconds of it most of the time.
describe.concurrent('the history of a server', () => {
  it('is there after it was stopped, with a hole for as long as it was down', async () => {
    const data = newFolder();
    const first = await startServer('--data', data);
    const begin = await until(first, () => true);
    const last = await until(first, (at) => at >= begin + 2_000);
    expect((await first.stop()).code).toBe(0);
    // A hole that is narrower than a step is none.
    await expect.poll(() => Date.now()).toBeGreaterThan(stepOf(last) + 1_000);
    const second = await startServer('--data', data);
    const back = await until(second, () => true);
    const end = await until(second, (at) => at >= back + 2_000);
    const { times, series } = await usage(second, `from=${begin}&to=${end}`);
    const seen = times.filter((_, i) => (series['cpu.usage'] as HistoryColumns).avg[i] !== null);
    // The first event of a run knows no interval, and may have been before anybody asked; the runs themselves are whole.
    const steps = (from: number, to: number) =>
      Array.from({ length: (stepOf(to) - stepOf(from)) / 1_000 }, (_, i) => stepOf(from) + (i + 1) * 1_000);
    const between = (from: number, to: number) => seen.filter((time) => time > stepOf(from) && time <= stepOf(to));
    expect(between(begin, last)).toEqual(steps(begin, last));
    expect(between(back, end)).toEqual(steps(back, end));
    expect(between(last, back).length).toBeLessThan(steps(last, back).length);
    await second.stop();
  });

  it('is there up to the last flush after it was killed', async () => {
    const data = newFolder();
    const first = await startServer('--data', data);
    const reader = await openStream(`${first.url}/api/stream?metrics=cpu`);
    const begin = (await reader.waitFor(({ name }) => name === 'cpu')).data.at;
    const { history } = await pollUntil(first, (told) => (told.history.safeAt ?? 0) > begin + 2_000);
    await first.kill();
    reader.close();
    const safeAt = history.safeAt ?? 0;
    const heard = reader.events.map(({ data }) => data).filter(({ at, usage: known }) => at <= safeAt && known != null);
    expect(heard.length).toBeGreaterThanOrEqual(2);
    const second = await startServer('--data', data);
    const { times, series } = await usage(second, `from=${begin - 1_000}&to=${safeAt + 1_000}`);
    const seen = times.filter((_, i) => series['cpu.usage']?.avg[i] != null);
    expect(seen).toEqual(expect.arrayContaining(heard.map(({ at }) => stepOf(at))));
    await second.stop();
  });

  it('is one server’s alone: a second ends with 78 and says who has it', async () => {
    const data = newFolder();
    const server = await startServer('--data', data);
    const { code, stdout, stderr } = await runTelltale('--port', '0', '--data', data);
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toContain(`used by process ${server.pid}`);
    // Of two things that are taken the port is said, as everywhere.
    expect((await runTelltale('--port', String(server.port), '--data', data)).code).toBe(69);
    await server.stop();
  });

  it('is in memory where the usual folder is used by another, which is said', async () => {
    const state = newFolder();
    const usual = ['--data', join(state, 'telltale')];
    const first = await startServerUnder(['env', `XDG_STATE_HOME=${state}`], ...usual);
    const second = await startServerUnder(['env', `XDG_STATE_HOME=${state}`], ...usual);
    expect((await get<Told>(first, '/healthz')).history.kind).toBe('sqlite');
    expect((await get<Told>(second, '/healthz')).history.kind).toBe('memory');
    expect(second.stderr()).toContain(`used by process ${first.pid}`);
    await Promise.all([first.stop(), second.stop()]);
  });

  it('ends where a stream goes on, without a seam', async () => {
    const server = await startServer();
    const begin = await until(server, () => true);
    await until(server, (at) => at >= begin + 2_000);
    const { cursor, times, series } = await usage(server, `from=${begin - 1_000}`);
    expect(cursor).toMatch(/^[0-9a-z]+\.[0-9a-z]+$/);
    const reader = await openStream(`${server.url}/api/stream?metrics=cpu&cursor=${cursor}`);
    const next = await reader.waitFor(({ name }) => name === 'cpu');
    const last = times[(series['cpu.usage'] as HistoryColumns).avg.findLastIndex((value) => value !== null)] as number;
    expect(next.data.at - last).toBeGreaterThan(0);
    expect(next.data.at - last).toBeLessThan(1_000);
    reader.close();
    await server.stop();
  });

  it('is compressed, and kept by the browser only when its range is over', async () => {
    const server = await startServer();
    const path = `${server.url}/api/history?series=cpu.usage`;
    const headers = { 'accept-encoding': 'gzip' };
    const live = await ask(path, { headers });
    expect(live.headers).toMatchObject({ 'content-encoding': 'gzip', 'cache-control': 'no-store' });
    const over = await ask(`${path}&from=${Date.UTC(2020, 1)}&to=${Date.UTC(2020, 2)}`);
    expect(over.headers['cache-control']).toBe('private, max-age=3600');
    expect(over.headers.vary).toContain('Accept');
    expect(JSON.parse(over.body).cursor).toBeNull();
    const bytes = Buffer.from(await (await fetch(path)).arrayBuffer());
    expect(JSON.parse(bytes.toString()).stepMs).toBe(2_000);
    await server.stop();
  });

  it('is asked for what it may tell, and refuses the rest with a reason', async () => {
    const server = await startServer();
    await until(server, () => true);
    for (const [query, part] of [
      ['series=cpu.usage&points=2001', 'points must be'],
      [`series=${Array.from({ length: 201 }, (_, i) => `cpu.cores.usage:${i}`).join()}`, 'at most 200 series'],
    ]) {
      const { status, body } = await ask(`${server.url}/api/history?${query}`);
      expect([status, JSON.parse(body).detail]).toEqual([400, expect.stringContaining(part as string)]);
    }
    await server.stop();
  });
});

describe.concurrent('telltale forget', () => {
  it('deletes all of it, once the server has stopped', async () => {
    const data = newFolder();
    const first = await startServer('--data', data);
    const begin = await until(first, () => true);
    await until(first, (at) => at >= begin + 2_000);
    const refused = await runTelltale('forget', '--all', '--data', data);
    expect([refused.code, refused.stderr]).toEqual([78, expect.stringContaining(`used by process ${first.pid}`)]);
    await first.stop();
    expect(await runTelltale('forget', '--all', '--data', data)).toMatchObject({
      code: 0,
      stdout: `deleted from ${data}: all of it\n`,
    });
    const second = await startServer('--data', data);
    const end = await until(second, () => true);
    expect(
      columns(await usage(second, `from=${begin - 1_000}&to=${end - 1_000}`)).every((value) => value === null),
    ).toBe(true);
    await second.stop();
  });

  it.each([
    [['forget']],
    [['forget', '--from', 'yesterday']],
    [['forget', '--all', '--from', '-1h']],
    [['forget', '--from', 'now', '--to', '-1h']],
  ])('does nothing for %j but say what is needed', async (args) => {
    const { code, stderr } = await runTelltale(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining('telltale forget --help')]);
  });
});

describe.concurrent('a folder that cannot be used', () => {
  it('does not stop the live view, is told as a fault, and is used as soon as it can be', async () => {
    const data = newFolder();
    writeFileSync(data, 'in the way');
    const server = await startServer('--data', data);
    const reader = await openStream(`${server.url}/api/stream?metrics=cpu`);
    const told = await reader.waitFor(({ name, data: event }) => name === 'fault' && event.metric === 'history');
    expect(told.data).toMatchObject({ cleared: false, fields: [], reason: expect.stringContaining('EEXIST') });
    expect(await get<Told>(server, '/healthz')).toMatchObject({ status: 'degraded', history: { kind: 'memory' } });
    const begin = await until(server, () => true);
    await until(server, (at) => at > begin + 1_000);
    expect(columns(await usage(server, `from=${begin - 500}`))).toContainEqual(expect.any(Number));
    rmSync(data);
    const cleared = await reader.waitFor(({ name, data: event }) => name === 'fault' && event.cleared);
    expect(cleared.data).toMatchObject({ metric: 'history', since: told.data.since });
    await pollUntil(server, ({ status, history }) => status === 'ok' && history.kind === 'sqlite');
    reader.close();
    await server.stop();
  });
});
