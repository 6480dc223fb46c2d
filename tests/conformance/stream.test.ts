import { isMetricName } from '@telltale/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream, type Reader, type StreamEvent } from '../support/sse.ts';

// What a reader is promised, told by readers that know nothing of the server. Joining and HTTP have files of their own.

/** Those that every machine has. */
const METRICS = ['cpu', 'memory', 'network'];
const seqOf = (id: string) => Number.parseInt(id.split('.')[1] ?? '', 36);

// All of them wait for ticks. One has a server of its own: what others have sampled at paces of theirs takes numbers too.
describe.concurrent('the stream', () => {
  let server: RunningServer;
  let alone: RunningServer;
  const readers: Reader[] = [];
  const open = async (query = '', { url } = server) => {
    const reader = await openStream(`${url}/api/stream${query}`);
    readers.push(reader);
    return reader;
  };

  beforeAll(async () => {
    [server, alone] = await Promise.all([startServer(), startServer()]);
  });
  afterAll(async () => {
    for (const reader of readers) reader.close();
    await Promise.all([server.stop(), alone.stop()]);
  });

  it('begins with retry and hello, then counts every event, each metric about once a second', async () => {
    const reader = await open('', alone);
    let ticks = 0;
    await reader.waitFor(({ name }) => name === 'network' && ++ticks === 6);
    const events = reader.events.slice();
    const [first, second] = reader.blocks();
    expect(first).toMatch(/^retry: [1-9]\d{2,4}$/);
    expect(second).toMatch(/^event: hello\nid: [0-9a-z]+\.[0-9a-z]+\ndata: \{.*\}$/);

    const [hello, ...rest] = events as [StreamEvent, ...StreamEvent[]];
    expect(hello.data).toMatchObject({
      protocol: 1,
      heartbeatMs: 15_000,
      resumed: false,
      metrics: { cpu: 1000, memory: 1000, network: 1000 },
    });
    expect(hello.id.split('.')[0]).toBe(hello.data.epoch);
    // A machine may have things of which something cannot be read.
    expect(rest.filter(({ name }) => !isMetricName(name) && name !== 'fault')).toEqual([]);
    expect(rest.map(({ name }) => name)).not.toContain('process');
    // Standing faults come with the position before the snapshot, and the tick may go on after its `network`.
    const counted = rest.filter(({ name }) => name !== 'fault');
    expect(counted.map(({ id }) => seqOf(id))).toEqual(counted.map((_, i) => seqOf(hello.id) + 1 + i));
    for (const metric of METRICS) {
      const times = rest.filter(({ name }) => name === metric).map(({ data }) => data.at as number);
      expect(times).toHaveLength(6);
      const intervals = times.slice(1).map((at, i) => at - (times[i] as number));
      for (const apart of intervals) expect(Math.abs(apart - 1_000)).toBeLessThan(300);
    }
  });

  it('moves a reader of one metric past the others with an id alone', async () => {
    const reader = await open('?metrics=cpu');
    await reader.next(4);
    const blocks = reader.blocks();
    const events = reader.events.filter(({ name }) => name === 'cpu');
    expect(new Set(reader.events.map(({ name }) => name))).toEqual(new Set(['hello', 'cpu']));
    for (const { id } of events.slice(0, -1)) {
      const after = blocks[blocks.findIndex((block) => block.includes(`\nid: ${id}\n`)) + 1] ?? '';
      expect(after).toMatch(/^id: [0-9a-z]+\.[0-9a-z]+$/);
      expect(seqOf(after.slice(4))).toBeGreaterThan(seqOf(id));
    }
  });

  it('covers exactly the pace that was asked for, beside others who read at theirs', async () => {
    const [fast, slow] = await Promise.all([open('?metrics=cpu&interval=200ms'), open('?metrics=cpu&interval=5s')]);
    const [quickHello] = await fast.next(1);
    expect(quickHello?.data.metrics).toEqual({ cpu: 200 });
    const [first, ...later] = (await fast.next(9)) as [StreamEvent, ...StreamEvent[]];
    expect(first.data).toMatchObject({ elapsedMs: null, usage: null });
    const elapsed = later.map(({ data }) => data.elapsedMs as number);
    // A machine that is busy may be late for one tick; on the whole the pace holds.
    expect(Math.abs(elapsed.reduce((sum, ms) => sum + ms, 0) / elapsed.length - 200)).toBeLessThan(20);
    expect(Math.max(...elapsed)).toBeLessThan(400);

    const [, gauges, measured] = await slow.next(3);
    expect(gauges?.data.elapsedMs).toBeNull();
    expect(gauges?.data.load1).not.toBeNull();
    expect(Math.abs((measured?.data.elapsedMs as number) - 5_000)).toBeLessThan(100);
  });
});
