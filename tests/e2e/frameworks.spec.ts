import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test as base, expect, type Page } from '@playwright/test';
import { startExample } from '../support/example-app.ts';
import { openForeignPage } from '../support/foreign-page.ts';
import { type RunningServer, startServer } from '../support/server.ts';

// The elements in the hands of a framework, as the package gives them to one: it renders often, re-orders, mounts twice,
// takes away, and does not know that there is a connection.

const BUILD = fileURLToPath(new URL('../../server/bin/build-package.js', import.meta.url));
const PLAIN = new URL('../examples/plain/index.html', import.meta.url);
/** Where the plain example, which names no other, finds its server. */
const USUAL = 'http://127.0.0.1:7411';
const FRAMEWORKS = ['react', 'vue'];

let here: RunningServer;
let there: RunningServer;
/** From the name of an example to its address. */
const pages = new Map<string, string>();
const closers: (() => unknown)[] = [];
const problems: string[] = [];

function watch(page: Page): void {
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => {
    const known = message.text().startsWith('Lit is in dev mode');
    if (['error', 'warning'].includes(message.type()) && !known) problems.push(message.text());
  });
}

/** Every page of a test is watched. */
const test = base.extend({
  page: async ({ page }, use) => {
    watch(page);
    await use(page);
  },
});

test.beforeAll(async () => {
  test.setTimeout(120_000);
  execFileSync(process.execPath, [BUILD]);
  const plain = await openForeignPage();
  closers.push(plain.close);
  const apps: (readonly [string, string])[] = [];
  for (const name of FRAMEWORKS) {
    const app = await startExample(name);
    closers.push(app.close);
    apps.push([name, app.origin]);
  }
  const origins = [plain.origin, ...apps.map(([, origin]) => origin)];
  here = await startServer('--allow-origin', origins.join(','));
  there = await startServer('--allow-origin', origins.join(','));
  closers.push(here.stop, there.stop);
  plain.serve(readFileSync(PLAIN, 'utf8').replace(USUAL, here.url));
  pages.set('plain', plain.origin);
  for (const [name, origin] of apps) pages.set(name, `${origin}/?server=${here.url}&server=${there.url}`);
});

test.afterAll(async () => {
  for (const close of closers) await close();
});

test.afterEach(() => {
  expect(problems.splice(0)).toEqual([]);
});

/** One may be none for a moment: what reads other metrics from now on opens its stream again. */
const subscribers = async ({ url }: RunningServer) => (await (await fetch(`${url}/healthz`)).json()).subscribers;
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const stats = (page: Page) =>
  page.locator('telltale-stat').evaluateAll((all) => all.map((each) => (each as { series?: string }).series));

async function open(page: Page, name: string): Promise<void> {
  await page.goto(pages.get(name) ?? '');
  await expect(page.locator('telltale-stat [part=value]').first()).toHaveText(/\d.*%/);
}

// One page of each: the second goes on with what the first has made of it.
for (const name of ['plain', ...FRAMEWORKS]) {
  test.describe(() => {
    let page: Page;
    test.beforeAll(async ({ browser }) => {
      page = await browser.newPage();
      watch(page);
      await open(page, name);
    });
    test.afterAll(() => page.close());

    test(`${name}: a property that changes changes the chart, and what the chart says is heard`, async () => {
      const chart = page.locator('telltale-source > telltale-chart, #all > telltale-chart');
      const legend = chart.locator('[part=legend] li');
      await expect(legend).toHaveText([/Load 1 min.*\d/s, /Load 5 min.*\d/s]);
      await press(page, 'Other series');
      await expect(legend).toHaveText([/Used.*\d.*iB/s]);
      await expect(chart.getByRole('heading')).toHaveText('Number 1');
      expect(await chart.evaluate((each) => (each as { stacked?: boolean }).stacked)).toBe(true);
      await chart.locator('[part=plot]').focus();
      await page.keyboard.press('+');
      await expect(page.locator('output')).toContainText('1 spans');
    });

    test(`${name}: many renders and a new order are live by one connection, and taking all away ends it`, async () => {
      const before = await stats(page);
      for (let i = 0; i < 5; i++) {
        await press(page, 'Again');
        await press(page, 'Reverse');
      }
      await expect(page.locator('output')).toContainText(/^[^0]\d\d renders/);
      if (name !== 'plain') expect(await stats(page)).toEqual(before.toReversed());
      const value = page.locator('telltale-cpu [part=value]');
      await expect(value).toHaveText(/\d.*%/);
      await moves(page);
      await expect.poll(() => subscribers(here)).toBe(1);
      await press(page, 'Hide');
      await expect(page.locator('telltale-chart')).toHaveCount(0);
      await expect.poll(() => subscribers(here)).toBe(0);
    });
  });
}

for (const name of FRAMEWORKS) {
  // What an engine does otherwise is drawing and connecting, which those above are about.
  test(`${name}: another server is read instead, and what comes back after it was taken away is live`, {
    tag: '@chromium',
  }, async ({ page }) => {
    await open(page, name);
    await press(page, 'Other server');
    await expect.poll(() => subscribers(there)).toBe(1);
    await expect.poll(() => subscribers(here)).toBe(0);
    for (let i = 0; i < 3; i++) {
      await press(page, 'Hide');
      await press(page, 'Show');
    }
    await press(page, 'Fewer');
    await expect(page.locator('telltale-stat')).toHaveCount(2);
    await moves(page);
    await expect.poll(async () => [await subscribers(here), await subscribers(there)]).toEqual([0, 1]);
    await press(page, 'Hide');
    await expect.poll(() => subscribers(there)).toBe(0);
  });
}

for (const name of FRAMEWORKS) {
  // The bundler is the same for both.
  const tag = name === 'react' ? ['@chromium'] : ['@chromium', '@soak'];
  test(`${name}: the dashboard comes in a file of its own, when it is first used`, { tag }, async ({ page }) => {
    const files: string[] = [];
    page.on('request', (request) => files.push(new URL(request.url()).pathname));
    await open(page, name);
    const before = files.filter((path) => path.endsWith('.js')).length;
    await press(page, 'Dashboard');
    await expect(page.getByRole('heading', { level: 1 })).not.toBeEmpty();
    await expect(page.locator('telltale-dashboard telltale-summary')).toContainText('iB');
    expect(files.filter((path) => path.endsWith('.js')).length).toBeGreaterThan(before);
    await expect.poll(() => subscribers(here)).toBe(1);
  });
}

/** Something new is shown: values are not only there but live. */
async function moves(page: Page): Promise<void> {
  const switches = page.locator('telltale-cpu dd').last();
  await expect(switches).toHaveText(/\d/);
  const text = (await switches.textContent()) ?? '';
  await expect(switches).not.toHaveText(text);
}
