import { test as base, expect, type Page, type Request } from '@playwright/test';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;
/** What the page asked history for, as `from`. */
let asked: string[];
/** Those of them that were not answered yet. */
const unanswered = new Set<Request>();
let streams: number;
const problems: string[] = [];

function watch(page: Page): void {
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    const url = new URL(request.url());
    const from = url.searchParams.get('from') ?? '';
    // What is usual is asked of a week, whatever is shown.
    if (url.pathname === '/api/history' && from !== '-604800s') {
      asked.push(from);
      unanswered.add(request);
    }
    if (url.pathname === '/api/stream') streams++;
  });
  page.on('requestfinished', (request) => unanswered.delete(request));
  page.on('requestfailed', (request) => unanswered.delete(request));
}

/** Every page of a test is watched. */
const test = base.extend({
  page: async ({ page }, use) => {
    watch(page);
    await use(page);
  },
});

test.beforeAll(async () => {
  server = await startServer();
  // Somebody has looked at nothing so far: what is there was recorded for nobody.
  await expect.poll(recorded).toBeGreaterThan(1);
});

test.afterAll(async () => {
  await server.stop();
});

test.beforeEach(() => {
  asked = [];
  streams = 0;
  unanswered.clear();
});

test.afterEach(() => {
  expect(problems.splice(0)).toEqual([]);
});

async function recorded(): Promise<number> {
  const history = await (await fetch(`${server.url}/api/history?series=cpu.usage`)).json();
  return history.series['cpu.usage'].avg.filter((value: number | null) => value !== null).length;
}

const chart = (page: Page, name: string) => page.getByRole('group', { name: new RegExp(`^${name},`) });
const choice = (page: Page, name: string) => page.getByRole('radio', { name, exact: true });
const live = (page: Page) => expect(page.locator('telltale-status [part=state]')).toHaveText('Live');
const shows = (page: Page, span: string | RegExp) => expect(chart(page, 'Load')).toHaveAccessibleName(span);

const note = (page: Page) => page.locator('[part=window] > [role=status]');

/** The values that a chart tells at its left and right end, by keyboard: what is drawn there. */
async function valueAt(page: Page, key: 'Home' | 'End'): Promise<string | null> {
  await chart(page, 'CPU').focus();
  await page.keyboard.press(key);
  const value = await page.locator('telltale-chart[heading=CPU] [part=legend] .live').first().textContent();
  await page.keyboard.press('Escape');
  return value;
}

// One page, since all that they change is what they choose.
test.describe('one page', () => {
  let page: Page;
  const open = async () => {
    if (page.url() === 'about:blank') await page.goto(server.url);
    await live(page);
  };
  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    watch(page);
  });
  test.afterAll(() => page.close());

  test('a page shows what was recorded before it, and where that begins', async () => {
    await open();
    await shows(page, /^Load, last 15 min\. Now: Load 1 min \d/);
    await expect(choice(page, '15 min')).toBeChecked();
    await expect(note(page)).toHaveText(/^History starts at \d/);
    // Processes are looked at from now on: where that takes a moment, it is a gap, whose span is asked for again.
    const again = (from: string) => Date.now() - Number(from) < 60_000;
    expect(asked.filter((from) => from !== '-900s' && !again(from))).toEqual([]);
    // Nothing is known of what was before the server was there, and that is not 0.
    expect(await valueAt(page, 'Home')).toBe('–');
    await expect.poll(() => valueAt(page, 'End')).toMatch(/\d/);
  });

  test('another window is loaded for all charts in few requests, and the stream goes on', async () => {
    await open();
    await expect(chart(page, 'Disk')).toBeVisible();
    asked = [];
    const before = streams;
    await choice(page, '24 h').check();
    await shows(page, /^Load, last 1 d\./);
    await expect(chart(page, 'Memory')).toHaveAccessibleName(/last 1 d\./);
    // One for each pace: no step is narrower than what comes.
    await expect.poll(() => [...new Set(asked)]).toEqual(['-86400s']);
    expect(asked.length).toBeLessThanOrEqual(2);
    // The newest step is still running: its value is there at once, and goes on.
    await expect.poll(() => valueAt(page, 'End')).toMatch(/\d/);
    await choice(page, '15 min').check();
    await shows(page, /^Load, last 15 min\./);
    expect(streams).toBe(before);
  });

  test('a choice that makes no sense is not shown but explained', async () => {
    await open();
    await choice(page, 'Custom').check();
    await page.getByLabel('From').fill('2026-01-02T10:00');
    await page.getByLabel('to', { exact: true }).fill('2026-01-02T09:00');
    await page.getByLabel('to', { exact: true }).press('Enter');
    await expect(page.getByRole('alert')).toHaveText('It must begin before it ends');
    await shows(page, /^Load, last 15 min\./);
  });
});

test('the address holds the window: a reload, a link and "back" show the same', async ({ page }) => {
  await page.goto(server.url);
  await live(page);
  await choice(page, '6 h').check();
  await expect(page).toHaveURL(/#last=6h$/);
  await page.reload();
  await live(page);
  await shows(page, /^Load, last 6 h\./);
  expect(asked.at(-1)).toBe('-21600s');
  await choice(page, '7 d').check();
  await shows(page, /^Load, last 7 d\./);
  await page.goBack();
  await shows(page, /^Load, last 6 h\./);
  await expect(choice(page, '6 h')).toBeChecked();
  await page.goBack();
  await shows(page, /^Load, last 15 min\./);
  await page.goto(`${server.url}/#last=nonsense`);
  await shows(page, /^Load, last 15 min\./);
});

test('a range in the past stands still and says so, and leads back to what is live', async ({ page }) => {
  const to = Date.now();
  const iso = (at: number) => new Date(at).toISOString();
  await page.goto(`${server.url}/#from=${iso(to - 600_000)}&to=${iso(to)}`);
  await live(page);
  await expect(page.getByText(/^Charts stand still: .+ Numbers are live\.$/)).toBeVisible();
  await expect(choice(page, 'Custom')).toBeChecked();
  await shows(page, /^Load, .+ At its end: Load 1 min \d/);
  await expect.poll(() => valueAt(page, 'End')).toMatch(/\d/);
  const before = await valueAt(page, 'End');
  const usage = page.getByRole('link', { name: /^Telltale itself/ });
  const text = await usage.textContent();
  await expect(usage).not.toHaveText(text ?? '');
  expect(await valueAt(page, 'End')).toBe(before);
  await choice(page, '15 min').check();
  await shows(page, /^Load, last 15 min\. Now/);
  await expect(page.getByText('Charts stand still')).toHaveCount(0);
});

test('where nothing was recorded at all, the charts say that', async ({ page }) => {
  await page.goto(`${server.url}/#from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z`);
  await expect(page.getByText('Nothing was recorded then').first()).toBeVisible();
});

test('the window is chosen by keyboard', { tag: '@soak' }, async ({ page }) => {
  await page.goto(server.url);
  await live(page);
  await choice(page, '15 min').focus();
  await page.keyboard.press('ArrowRight');
  await expect(choice(page, '1 h')).toBeChecked();
  await shows(page, /^Load, last 1 h\./);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(choice(page, 'Custom')).toBeChecked();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('45');
  await page.keyboard.press('Enter');
  await shows(page, /^Load, last 45 min\./);
  await expect(page).toHaveURL(/#last=45m$/);
});

test('without history the charts are live all the same, and it is said quietly', async ({ page }) => {
  await page.route('**/api/history*', (route) => route.fulfill({ status: 500, body: '{}' }));
  await page.goto(server.url);
  await live(page);
  await expect(note(page)).toHaveText('History could not be loaded: api/history: the server answered 500');
  await expect.poll(() => valueAt(page, 'End')).toMatch(/\d/);
  await page.unroute('**/api/history*');
  await expect(note(page)).toHaveText(/^History starts at/, { timeout: 20_000 });
});

test('after a restart what was missed is asked for, and no more', async ({ page }) => {
  let own = await startServer();
  try {
    await page.goto(own.url);
    await live(page);
    await expect(note(page)).toHaveText(/^History starts at/);
    // What is not answered before the end is asked for again as a whole.
    await expect.poll(() => unanswered.size).toBe(0);
    await own.kill();
    await expect(page.locator('telltale-status [part=state]')).toHaveText('Connection lost');
    asked = [];
    own = await startServer('--port', String(own.port));
    await live(page);
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    expect(asked.filter((from) => !(Date.now() - Number(from) < 120_000))).toEqual([]);
    // What the page has seen itself is still there, though this server has forgotten it.
    await shows(page, /Now: Load 1 min \d/);
  } finally {
    await own.stop();
  }
});

test('a page goes on where it was after going back to it', async ({ page }) => {
  const subscribers = async () => (await (await fetch(`${server.url}/healthz`)).json()).subscribers;
  await page.goto(server.url);
  await live(page);
  await page.goto(`${server.url}/api/host`);
  await expect.poll(subscribers).toBe(0);
  await page.goBack();
  await live(page);
  await expect.poll(subscribers).toBe(1);
});

test('nothing has to be scrolled sideways at 360 pixels, whatever is chosen', { tag: '@soak' }, async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto(server.url);
  await live(page);
  const overflow = () => page.locator(':root').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  await choice(page, 'Custom').check();
  await expect(page.getByLabel('From')).toBeVisible();
  expect(await overflow()).toBe(0);
  await choice(page, '30 d').check();
  await shows(page, /^Load, last 30 d\./);
  expect(await overflow()).toBe(0);
});

test('who points at the past sees the processes of that minute, and those of now when letting go', async ({ page }) => {
  const culprit = { name: 'the-culprit', pid: 7, startedAt: 1, user: 'root', usage: 187.5, residentBytes: 2 ** 20 };
  const rates = { readBytesPerSecond: 0, writeBytesPerSecond: 7_340_000 };
  const top = [{ ...culprit, ...rates, state: 'R', threads: 2, arguments: null }];
  await page.route('**/api/processes*', (route) =>
    route.fulfill({ json: { at: Date.now(), byCpu: top, byMemory: top, byIo: top } }),
  );
  await page.goto(server.url);
  await live(page);
  const processes = page.locator('telltale-processes');
  await expect(chart(page, 'CPU')).toHaveAccessibleName(/Used \d/);
  await expect(processes.locator('tbody tr')).toHaveCount(5);
  const roomFor = () => processes.locator('.scroll').evaluate((list: HTMLElement) => list.offsetHeight);
  const room = await roomFor();
  await chart(page, 'CPU').focus();
  await page.keyboard.press('Home');
  await expect(processes).toContainText('the-culprit');
  await expect(processes).toContainText(/187\.5\s%/);
  await expect(processes).toContainText(/7\.34\sMB\/s/);
  await expect(processes).toContainText('top five of the minute at');
  // A list of one takes the room of the five, or what is pointed at would move away.
  expect(await roomFor()).toBe(room);
  await page.keyboard.press('Escape');
  await expect(processes).not.toContainText('the-culprit');
});
