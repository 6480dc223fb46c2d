import { setTimeout as wait } from 'node:timers/promises';
import { expect, type Page, test } from '@playwright/test';
import { inParallel, type Random, seeds, withSeed } from '../support/seed.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream, type Reader } from '../support/sse.ts';

// Browsers take gzip always. One compressor serves all readers of a selection, so whoever joins later is handed the
// middle of a deflate stream whose beginning it has never seen.

/** What a browser opens to one server over HTTP/1.1. */
const AT_ONCE = 6;
const READINGS = 24;
/** About a second of it. */
const EVENTS = 30;
/** A buffer of 4 KiB holds back this stream for longer. */
const LATE_MS = 1_000;

/** How one reading of the stream is begun. */
interface Plan {
  readonly by: 'fetch' | 'EventSource';
  /** How long its lane pauses before it, ms: up to two ticks, so that it joins at any moment of one. */
  readonly waitMs: number;
  /** How many events back its cursor is; `null` for a fresh join. */
  readonly back: number | null;
}

const planned = (random: Random): Plan => ({
  by: random.pick(['fetch', 'EventSource']),
  waitMs: random.whole(0, 200),
  back: random.chance(0.5) ? random.whole(1, EVENTS) : null,
});

/** What a page wrote down of one reading of the stream. */
interface Reading {
  readonly openedAt: number;
  readonly events: { readonly name: string; readonly id: string; readonly data: string; readonly arrivedAt: number }[];
}

/** Runs in the page. */
async function read({ by, url, enough }: { by: Plan['by']; url: string; enough: number }) {
  const reading: Reading = { openedAt: Date.now(), events: [] };
  const note = (name: string, id: string, data: string) =>
    reading.events.push({ name, id, data, arrivedAt: Date.now() }) >= enough;
  if (by === 'EventSource') {
    const source = new EventSource(url);
    await new Promise<void>((resolve, reject) => {
      source.onerror = () => reject(new Error('the EventSource failed'));
      for (const name of ['hello', 'gap', 'fault', 'cpu', 'memory', 'network']) {
        source.addEventListener(name, ({ lastEventId, data }) => note(name, lastEventId, data) && resolve());
      }
    }).finally(() => source.close());
    return reading;
  }
  const { body } = await fetch(url);
  if (!body) throw new Error('the response has no body');
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = '', isEnough = false; !isEnough; ) {
    const { value, done } = await reader.read();
    if (done) throw new Error('the stream has ended');
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [name, id, data] = ['event', 'id', 'data'].map((key) => new RegExp(`^${key}: (.*)$`, 'm').exec(block)?.[1]);
      if (name && id && data) isEnough = note(name, id, data);
    }
  }
  await reader.cancel();
  return reading;
}

let server: RunningServer;
/** Keeps the shared stream going, so that nobody in a browser is the first. */
let first: Reader;
/** Is told the same events without any coding. */
let plain: Reader;
let stream: string;

test.beforeEach(async ({ page }) => {
  server = await startServer('--interval', '100ms');
  stream = `${server.url}/api/stream?metrics=cpu,memory,network`;
  first = await openStream(stream, { 'accept-encoding': 'gzip' });
  plain = await openStream(stream);
  // A page of the server's origin that reads nothing by itself.
  await page.route('**/empty', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  await page.goto(`${server.url}/empty`);
  await plain.next(EVENTS);
});

test.afterEach(async () => {
  first.close();
  plain.close();
  await server.stop();
});

/** Reads a while, expects exactly what happened, and answers how late each event of that while was. */
async function readAsPlanned(page: Page, { by, waitMs, back }: Plan): Promise<number[]> {
  await wait(waitMs);
  const cursor = back === null ? undefined : plain.events.at(-back)?.id;
  const { openedAt, events } = await page.evaluate(read, {
    by,
    url: cursor ? `${stream}&cursor=${cursor}` : stream,
    enough: EVENTS,
  });
  const [hello, ...seen] = events.map(({ name, id, data }) => ({ name, id, data: JSON.parse(data) }));
  expect(hello).toMatchObject({ name: 'hello', data: { resumed: cursor !== undefined } });
  await expect.poll(() => plain.events.some(({ id }) => id === seen.at(-1)?.id)).toBe(true);
  const from = plain.events.findIndex(({ id }) => id === (cursor ?? seen[0]?.id)) + (cursor ? 1 : 0);
  const happened = plain.events.slice(from, from + seen.length);
  expect(seen).toEqual(happened.map(({ name, id, data }) => ({ name, id, data })));
  return events.flatMap(({ data, arrivedAt }) => {
    const { at } = JSON.parse(data);
    return at >= openedAt ? [arrivedAt - at] : [];
  });
}

test('whenever a browser joins a compressed stream, nothing is missing and nothing is held back', async ({
  page,
  browserName,
}) => {
  expect(first.headers['content-encoding']).toBe('gzip');
  expect(plain.headers['content-encoding']).toBeUndefined();
  const codings: (string | undefined)[] = [];
  page.on('response', (response) => codings.push(response.headers()['content-encoding']));
  const delays: number[] = [];
  for (const seed of seeds(1)) {
    await withSeed(seed, (random) => {
      const plans = Array.from({ length: READINGS }, () => planned(random));
      return inParallel(plans, AT_ONCE, async (plan) => void delays.push(...(await readAsPlanned(page, plan))));
    });
  }
  expect(codings).toEqual(Array(READINGS).fill('gzip'));
  delays.sort((a, b) => a - b);
  const [median, latest] = [delays[delays.length >> 1] ?? Infinity, delays.at(-1) ?? Infinity];
  console.log(`${browserName}: ${delays.length} events, half of them within ${median} ms, all within ${latest} ms`);
  expect(latest).toBeLessThan(LATE_MS);
});
