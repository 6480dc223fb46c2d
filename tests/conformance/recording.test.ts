import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { type RunningServer, runTelltale, startPlaying, startServer } from '../support/server.ts';
import { openStream, type StreamEvent } from '../support/sse.ts';

// A recording is a file: `telltale export` makes it, `telltale play` serves it.

const TELLTALE = fileURLToPath(new URL('../../server/bin/telltale.js', import.meta.url));
const METRICS = 'cpu,memory,network,disk';

interface Line {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: what is in a file has no types
  readonly data: any;
}

let folder: string;
let server: RunningServer;
const place = (name: string) => join(folder, name);
const linesOf = (text: string): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const textOf = (name: string) => {
  const bytes = readFileSync(place(name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
};

/** The events of a recording as they are played, until it has ended. */
async function played(name: string, ...options: string[]) {
  const player = await startPlaying(place(name), ...options);
  try {
    const reader = await openStream(`${player.url}/api/stream?metrics=${METRICS}`);
    const ended = (event: StreamEvent) => event.name === 'fault' && event.data.reason === 'the recording has ended';
    await reader.waitFor(ended);
    const faults = reader.events.filter(ended);
    const events = reader.events.filter((event) => event.name !== 'hello' && !ended(event));
    reader.close();
    return { events: events.map((event) => ({ event: event.name, data: event.data })), faults };
  } finally {
    await player.stop();
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-recording-'));
  server = await startServer('--interval', '200ms');
  const options = ['--url', server.url, '--metrics', METRICS, '--for', '3s'];
  expect(await runTelltale('export', '--live', place('live.ndjson.gz'), ...options)).toEqual({
    ...{ code: 0, stderr: '' },
    stdout: expect.stringMatching(
      /^recorded \d+ events of "[^"]*" over \d s, [\d.]+ KiB of text, in .*live\.ndjson\.gz\n$/,
    ),
  });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

// They share a server and what was recorded of it, and change neither.
describe.concurrent('telltale export --live', () => {
  it('begins with what the recording is', async () => {
    const host = JSON.parse((await ask(`${server.url}/api/host`)).body);
    const { telltale, ...machine } = host;
    expect(linesOf(textOf('live.ndjson.gz'))[0]).toEqual({
      ...{ telltale: 'recording', protocol: 1, version: '0.1.0', source: 'live', from: null, to: null, absent: [] },
      ...{ host: machine, recordedAt: expect.any(Number) },
      metrics: { cpu: 200, memory: 200, network: 200, disk: 200 },
    });
  });

  it('has every event that the server has, as it was sent', async () => {
    const [, ...lines] = linesOf(textOf('live.ndjson.gz'));
    const cpu = lines.filter(({ event }) => event === 'cpu');
    expect(cpu.length).toBeGreaterThan(10);
    const times = cpu.map(({ data }) => data.at);
    const query = `series=cpu.idle&from=${times[0] - 200}&to=${times.at(-1)}&points=100`;
    const { series } = JSON.parse((await ask(`${server.url}/api/history?${query}`)).body);
    const kept = series['cpu.idle'].avg.filter((value: number | null) => value !== null);
    const recorded = cpu.map(({ data }) => data.idle);
    expect(recorded.slice(1, -1).every((value) => value === null || kept.includes(value))).toBe(true);
    expect(kept.length).toBeGreaterThanOrEqual(recorded.length - 2);
  });

  it('goes on across a restart of the server, and writes the gap', async () => {
    let own = await startServer('--interval', '200ms');
    const args = ['export', '--live', '--url', own.url, '--metrics', 'cpu', place('gap.ndjson')];
    const child: ChildProcess = spawn(process.execPath, [TELLTALE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'exit');
    const lines = () => (existsSync(place('gap.ndjson')) ? textOf('gap.ndjson').split('\n').length : 0);
    try {
      await expect.poll(lines, { timeout: 10_000 }).toBeGreaterThan(4);
      await own.kill();
      own = await startServer('--port', String(own.port), '--interval', '200ms');
      await expect.poll(() => textOf('gap.ndjson'), { timeout: 15_000 }).toMatch(/"event":"gap".*\n.*"event":"cpu"/);
      child.kill('SIGINT');
      expect(await ended).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
      await own.stop();
    }
    const gaps = linesOf(textOf('gap.ndjson')).filter(({ event }) => event === 'gap');
    expect(gaps.map(({ data }) => data.reason)).toEqual(['restart']);
  });

  it('that is killed leaves what can be played', async () => {
    const args = ['export', '--live', '--url', server.url, '--metrics', METRICS, place('killed.ndjson')];
    const child = spawn(process.execPath, [TELLTALE, ...args], { stdio: 'ignore' });
    await expect
      .poll(() => (existsSync(place('killed.ndjson')) ? textOf('killed.ndjson').length : 0), { timeout: 10_000 })
      .toBeGreaterThan(5_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    writeFileSync(place('killed.ndjson'), textOf('killed.ndjson').slice(0, -100));
    const [, ...lines] = textOf('killed.ndjson').split('\n');
    const { events } = await played('killed.ndjson', '--speed', '100');
    expect(events.length).toBeLessThan(lines.length);
    expect(events.length).toBeGreaterThan(3);
  });

  it('writes to standard output what it writes to a file', async () => {
    const { code, stdout, stderr } = await runTelltale('export', '--live', '--url', server.url, '--for', '1s', '-');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^recorded \d+ events [^\n]*\n$/);
    const [head, ...lines] = linesOf(stdout);
    expect(head).toMatchObject({ telltale: 'recording' });
    expect(lines.map(({ event }) => event)).toContain('cpu');
  });

  it.each<[string[], number, RegExp]>([
    [['export'], 2, /either --live or --from/],
    [['export', '--live', '--from', '-5m'], 2, /either --live or --from/],
    [['export', '--live', '--url', 'nas:7411'], 2, /--url: "nas:7411" is not the address of a server/],
    [['export', '--live', '--metrics', 'cpu,rain'], 2, /--metrics: one or more of cpu, memory/],
    [['export', '--live', '--interval', '3s'], 2, /--interval: one of 100ms/],
    [['export', '--live', '--for', 'ever'], 2, /--for: a duration/],
    [['export', '--from', 'yesterday'], 2, /--from: epoch ms, ISO 8601/],
    [['export', '--live', '--url', 'http://127.0.0.1:1'], 69, /no server answers at http:\/\/127\.0\.0\.1:1\//],
    [['play'], 2, /play needs FILE/],
    [['play', TELLTALE], 2, /is no recording of Telltale/],
    [['play', tmpdir()], 2, /is a folder, not a file/],
    [['play', join(tmpdir(), 'there-is-no-such-file')], 2, /there is no such place/],
    [['play', 'x', '--speed', '0'], 2, /--speed: a number from 0\.1/],
    [['play', 'x', '--at', '-5m'], 2, /--at: how far into the recording/],
    [['play', 'x', '--host', '0.0.0.0'], 78, /--insecure-no-auth/],
    [['play', 'x', '--interval', '1s'], 2, /--interval is not an option/],
  ])('ends %j with %i and one line', async (args, code, message) => {
    const ended = await runTelltale(...args);
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
    expect(ended.stderr).toMatch(/^telltale: [^\n]+\n$/);
    expect(ended.stderr).toMatch(message);
  });
});

describe.concurrent('telltale export --from', () => {
  it('writes the same form from what was kept, and says what is not in it', async () => {
    const options = ['--url', server.url, '--metrics', 'cpu,network', '--to', 'now'];
    const { code, stdout } = await runTelltale('export', '--from', '-1m', place('past.ndjson'), ...options);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^recorded \d+ events/) });
    const [head, ...lines] = linesOf(textOf('past.ndjson'));
    expect(head).toMatchObject({ telltale: 'recording', source: 'history', metrics: { cpu: 200, network: 200 } });
    expect(head).toMatchObject({ absent: expect.arrayContaining(['gap', 'fault', 'network.interfaces.kind']) });
    const live = linesOf(textOf('live.ndjson.gz')).filter(({ event }) => event === 'cpu');
    const past = lines.filter(({ event }) => event === 'cpu');
    // What was recorded as it came is here too, at the end of the step in which it was, alone but where a tick was late.
    const stepOf = ({ data }: Line) => Math.ceil(data.at / 200) * 200;
    const alone = live.slice(1).filter((one) => live.filter((other) => stepOf(other) === stepOf(one)).length === 1);
    expect(alone.length).toBeGreaterThan(5);
    for (const line of alone) {
      const { usage, cores } = line.data;
      expect(past.find(({ data }) => data.at === stepOf(line))?.data).toMatchObject({ usage, cores });
    }
  });
});

describe.concurrent('telltale play', () => {
  it('streams the events that were recorded, with their own times, and says when that was all', async () => {
    const [, ...lines] = linesOf(textOf('live.ndjson.gz'));
    const { events, faults } = await played('live.ndjson.gz', '--speed', '2');
    // Whoever comes a moment after the beginning begins with the newest of each.
    const first = events[0] as Line;
    const from = lines.findIndex((line) => line.event === first.event && line.data.at === first.data.at);
    expect(from).toBeGreaterThanOrEqual(0);
    expect(from).toBeLessThan(lines.length / 2);
    expect(events).toEqual(lines.slice(from));
    expect(faults.map(({ data }) => data.metric)).toContain('cpu');
  });

  it('serves all of the rest from it', async () => {
    const [head, ...lines] = linesOf(textOf('live.ndjson.gz')) as [Record<string, unknown>, ...Line[]];
    const player = await startPlaying(place('live.ndjson.gz'), '--at', '1h', '--base-path', '/x');
    try {
      const json = async (path: string) => JSON.parse((await ask(new URL(path, player.url).href)).body);
      await expect.poll(async () => (await json('healthz')).status, { timeout: 10_000 }).toBe('degraded');
      const newest = lines.findLast(({ event }) => event === 'cpu')?.data;
      expect((await json('api/snapshot')).events.cpu).toEqual(newest);
      const { telltale, ...host } = await json('api/host');
      expect(host).toEqual(head['host']);
      expect(telltale).toMatchObject({ recording: { recordedAt: head['recordedAt'], speed: 1 } });
      const { metrics } = await json('api/catalog');
      expect([metrics.cpu.interval, metrics.cpu.available, metrics.gpu.available]).toEqual([200, true, false]);
      const { series, to } = await json('api/history?series=cpu.usage&from=-2s');
      expect(series['cpu.usage'].avg.filter((value: number | null) => value !== null).length).toBeGreaterThan(5);
      expect(Math.abs(to - newest.at)).toBeLessThan(1_000);
      const page = await ask(player.url);
      expect(page.body).toContain('<telltale-dashboard page>');
      expect((await ask(`${player.url}api/host`, { headers: { host: 'evil.example' } })).status).toBe(421);
    } finally {
      expect((await player.stop()).code).toBe(0);
    }
  });
});
