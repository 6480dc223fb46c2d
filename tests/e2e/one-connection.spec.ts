import { fileURLToPath } from 'node:url';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { type RunningServer, startServer } from '../support/server.ts';
import { openStream, type Reader } from '../support/sse.ts';

/** What a page writes down of the stream, and what it does to leave. */
interface Spying {
  readonly seen: Record<string, number[]>;
  readonly gaps: string[];
}

/** The client alone: the dashboard has one inside, but shows it to nobody. */
const LIBRARY = new URL('../../web/dist/client.js', import.meta.url);
const METRICS = ['cpu', 'memory', 'network'];
let server: RunningServer;
/** Reads the same events by other means: what happened, whatever the pages say. */
let witness: Reader;

test.beforeEach(async () => {
  server = await startServer();
  witness = await openStream(`${server.url}/api/stream?metrics=${METRICS.join(',')}`);
});

test.afterEach(async () => {
  witness.close();
  await server.stop();
});

const live = (page: Page, timeout = 10_000) =>
  expect(page.locator('telltale-status [part=state]')).toHaveText('Live', { timeout });

async function subscribers(): Promise<number> {
  const health = await (await fetch(`${server.url}/healthz`)).json();
  // The witness is one.
  return health.subscribers - 1;
}

async function open(context: BrowserContext, timeout?: number): Promise<Page> {
  const page = await context.newPage();
  // One part, since what is drawn says nothing of the connection.
  await page.goto(`${server.url}/#section=cpu`);
  await live(page, timeout);
  return page;
}

/** Lets a page of the dashboard read along by the typed client, over the connection that it shares with the others. */
async function spy(page: Page): Promise<void> {
  await page.route('**/client-library.js', (route) => route.fulfill({ path: fileURLToPath(LIBRARY) }));
  await page.evaluate(async (metrics) => {
    const { connect } = await import(new URL('client-library.js', location.href).href);
    const spying: Spying = { seen: Object.fromEntries(metrics.map((name) => [name, []])), gaps: [] };
    const stream = connect({ url: location.href, metrics });
    for (const name of metrics) {
      stream.on(name, ({ at }: { at: number }) => void spying.seen[name]?.push(at));
    }
    stream.on('gap', ({ reason }: { reason: string }) => void spying.gaps.push(reason));
    Object.assign(window, { spying });
  }, METRICS);
}

const spied = (page: Page): Promise<Spying> => page.evaluate(() => (window as never as { spying: Spying }).spying);

/** Between its first and its last event a page has seen what the witness has, event by event. */
async function expectWhole(page: Page, least: number): Promise<void> {
  const { seen, gaps } = await spied(page);
  expect(gaps).toEqual([]);
  for (const name of METRICS) {
    const ours = seen[name] ?? [];
    expect(ours.length).toBeGreaterThanOrEqual(least);
    const theirs = witness.events.filter((event) => event.name === name).map(({ data }) => data.at as number);
    const from = theirs.indexOf(ours[0] as number);
    expect(ours, name).toEqual(theirs.slice(from, from + ours.length));
  }
}

const newest = async (page: Page) => (await spied(page)).seen['cpu']?.at(-1) ?? 0;

test('many tabs over HTTP/1.1 are live with one connection, and closing the leader loses nothing', async ({
  context,
  browserName,
}) => {
  // More than the six connections that a browser opens to one server. Firefox takes a second to start each tab.
  const tabs = process.env['SOAK'] === '1' && browserName !== 'firefox' ? 20 : 8;
  // The first leads.
  const leader = await open(context);
  // Pages that all start at once wait for the processors: each is drawn by a process of its own, and all of them together
  // take two idle processors half a minute, and busy ones minutes. How long says nothing of the connection; but none of
  // them may wait for ever, as one would that cannot have any.
  test.setTimeout(240_000);
  const following = await Promise.all(Array.from({ length: tabs - 1 }, () => open(context, 180_000)));
  const [second, ...others] = following as [Page, ...Page[]];
  await expect.poll(subscribers).toBe(1);
  const last = others.at(-1) as Page;
  for (const page of [second, last]) await spy(page);
  await expect.poll(async () => (await spied(last)).seen['cpu']?.length).toBeGreaterThan(2);

  const closedAt = Date.now();
  await leader.close({ runBeforeUnload: false });
  await expect.poll(() => newest(last), { timeout: 5_000 }).toBeGreaterThan(closedAt + 1_500);
  await expect.poll(subscribers).toBe(1);
  for (const page of [second, ...others]) await live(page);
  for (const page of [second, last]) await expectWhole(page, 4);
});

// Only Chromium can be told to let one page crash.
test('a leader that crashes is followed by another within 3 s, and nothing is lost', { tag: '@chromium' }, async ({
  context,
}) => {
  const [leader, other, third] = [await open(context), await open(context), await open(context)];
  for (const page of [other, third]) await spy(page);
  await expect.poll(async () => (await spied(third)).seen['cpu']?.length).toBeGreaterThan(1);
  const session = await context.newCDPSession(leader);
  const crashedAt = Date.now();
  // A crashed page says nothing any more, and answers nothing: not even this.
  session.send('Page.crash').catch(() => {});
  await expect.poll(() => newest(third), { timeout: 6_000, intervals: [100] }).toBeGreaterThan(crashedAt);
  expect(Date.now() - crashedAt).toBeLessThan(5_000);
  await expect.poll(subscribers).toBe(1);
  for (const page of [other, third]) {
    await live(page);
    await expectWhole(page, 3);
  }
});

test('a page that is frozen comes back without a hole', async ({ page }) => {
  await page.goto(server.url);
  await live(page);
  await spy(page);
  await expect.poll(async () => (await spied(page)).seen['cpu']?.length).toBeGreaterThan(1);
  const at = await newest(page);
  // What browsers say before they stop a page that nobody sees; automated ones never come to it.
  await page.evaluate(() => document.dispatchEvent(new Event('freeze')));
  await expect.poll(subscribers).toBe(0);
  // The world goes on meanwhile.
  for (let i = 0; i < 3; i++) await witness.waitFor(({ name, data }) => name === 'cpu' && data.at > at);
  expect(await newest(page)).toBeLessThan(at + 1_500);
  await page.evaluate(() => document.dispatchEvent(new Event('resume')));
  await expect.poll(() => newest(page)).toBeGreaterThan(at + 2_000);
  await expect.poll(subscribers).toBe(1);
  await live(page);
  await expectWhole(page, 5);
});
