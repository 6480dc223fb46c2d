import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findNginx, type RunningNginx, startNginx } from '../support/nginx.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream, type StreamEvent } from '../support/sse.ts';

// A proxy that nobody has told anything about streams: Debian's nginx as it comes, and one proxy_pass.

const nginx = findNginx();
const seqOf = (id: string) => Number.parseInt(id.split('.')[1] ?? '', 36);
const plain = ({ name, id, data }: StreamEvent) => ({ name, id, data });

/** The least value that this share of all does not exceed. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

const title = nginx ? 'behind nginx' : 'SKIPPED, since nginx is not installed: behind nginx';
describe.runIf(nginx)(title, () => {
  let server: RunningServer;
  let proxy: RunningNginx;
  const direct = (query: string, headers = {}) => openStream(`${server.url}/api/stream${query}`, headers);
  const proxied = (query: string, headers = {}) =>
    openStream(`http://127.0.0.1:${proxy.port}/api/stream${query}`, headers);

  beforeAll(async () => {
    server = await startServer();
    proxy = await startNginx(nginx as string, {
      server: `location / { proxy_pass http://127.0.0.1:${server.port}; }`,
    });
  });
  afterAll(async () => {
    await proxy?.stop();
    await server.stop();
  });

  it.each<[string, { 'accept-encoding'?: string }]>([
    ['as it is', {}],
    ['to a reader that takes gzip', { 'accept-encoding': 'gzip' }],
  ])('every event arrives, within 100 ms of its arrival at a direct reader: %s', async (_, headers) => {
    const query = '?interval=200ms';
    const [near, far] = await Promise.all([direct(query), proxied(query, headers)]);
    try {
      expect(far.status).toBe(200);
      expect(far.headers['content-encoding']).toBe(headers['accept-encoding']);
      const hello = (await far.next(1))[0] as StreamEvent;
      const last = (await far.next(75)).at(-1) as StreamEvent;
      await near.waitFor(({ id }) => seqOf(id) >= seqOf(last.id));

      const arrivals = new Map(near.events.map((event) => [event.id, event]));
      // Those before it joined came to the two at different moments.
      const live = far.events.filter(({ name, data }) => name !== 'hello' && data.at > hello.data.at);
      const sent = near.events.filter(({ id, data }) => data.at > hello.data.at && seqOf(id) <= seqOf(last.id));
      const got = live.filter(({ id }) => seqOf(id) <= seqOf(last.id));
      expect(got.map(plain)).toEqual(sent.map(plain));
      expect(got.length).toBeGreaterThan(60);
      const later = got.map(({ id, receivedAt }) => receivedAt - (arrivals.get(id)?.receivedAt ?? Number.NaN));
      expect(quantile(later, 0.5)).toBeLessThan(100);
      expect(quantile(later, 0.95)).toBeLessThan(100);
    } finally {
      near.close();
      far.close();
    }
  });

  it('a reader goes on where it was', async () => {
    const witness = await direct('?metrics=cpu&interval=100ms');
    try {
      const first = await proxied('?metrics=cpu&interval=100ms');
      const { id } = (await first.next(4)).at(-1) as StreamEvent;
      first.close();
      await witness.waitFor((event) => seqOf(event.id) > seqOf(id) + 3);
      const second = await proxied('?metrics=cpu&interval=100ms', { 'last-event-id': id });
      const [hello, ...rest] = (await second.next(8)) as [StreamEvent, ...StreamEvent[]];
      second.close();
      expect(hello).toMatchObject({ name: 'hello', id, data: { resumed: true } });
      await witness.waitFor((event) => seqOf(event.id) >= seqOf(rest.at(-1)?.id ?? ''));
      const missed = witness.events.filter(({ name, id: at }) => name === 'cpu' && seqOf(at) > seqOf(id));
      expect(rest.map(plain)).toEqual(missed.slice(0, rest.length).map(plain));
    } finally {
      witness.close();
    }
  });

  it('a reader that leaves is noticed', async () => {
    const subscribers = async () =>
      ((await (await fetch(`${server.url}/healthz`)).json()) as { subscribers: number }).subscribers;
    await expect.poll(subscribers).toBe(0);
    const reader = await proxied('');
    await reader.next(1);
    expect(await subscribers()).toBe(1);
    reader.close();
    await expect.poll(subscribers, { timeout: 5_000 }).toBe(0);
  });
});
