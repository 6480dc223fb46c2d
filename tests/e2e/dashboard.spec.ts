import { expect, type Page, test } from '@playwright/test';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;
const problems: string[] = [];

test.beforeAll(async () => {
  server = await startServer();
});

test.afterAll(async () => {
  await server.stop();
});

function watch(page: Page): void {
  problems.length = 0;
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    // A lost server, or one that is being stopped, is reported by the browser itself, and is what some of these tests are about.
    if (message.type() === 'error' && !/net::ERR_|status of 503/.test(message.text())) problems.push(message.text());
  });
}

/** Whatever a test does, the page throws nothing and breaks no rule of its content policy. */
test.afterEach(() => {
  expect(problems).toEqual([]);
});

const chart = (page: Page, name: string) => page.getByRole('group', { name: new RegExp(`^${name},`) });
/** Goes to a section by its name in the sidebar. */
const section = (page: Page, name: string) =>
  page
    .getByRole('navigation', { name: 'Sections' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click();
const state = (page: Page) => page.locator('telltale-status [part=state]');
const live = (page: Page) => expect(state(page)).toHaveText('Live');

/** How many columns of pixels of a chart's canvas have anything of a strong colour in them. */
function drawnColumns(page: Page, tag: string): Promise<number> {
  return page
    .locator(`${tag} canvas`)
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      let columns = 0;
      for (let x = 0; x < width; x++) {
        for (let y = 0; y < height; y++) {
          const i = 4 * (y * width + x);
          const [red = 0, green = 0, blue = 0] = [pixels[i], pixels[i + 1], pixels[i + 2]];
          // Axes and grid are grey; the lines are not.
          if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) {
            columns++;
            break;
          }
        }
      }
      return columns;
    });
}

// One page for those that only look at it.
test.describe('a machine', () => {
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    watch(page);
    await page.goto(server.url);
    await live(page);
  });
  test.afterAll(() => page.close());

  test('the whole page needs one connection', async () => {
    // While the stream is opened anew for more metrics there may be none.
    await expect.poll(async () => (await (await fetch(`${server.url}/healthz`)).json()).subscribers).toBe(1);
  });

  test('every axis has its unit', async () => {
    await expect(chart(page, 'Load')).toHaveAccessibleName(/Load 1 min \d/);
    await expect(chart(page, 'CPU')).toHaveAccessibleName(/Used [\d.]+\s%/);
    await expect(chart(page, 'Memory')).toHaveAccessibleName(/Used [\d.]+\s[MG]iB/);
    await expect(chart(page, 'Network')).toHaveAccessibleName(/Received [\d.]+\s\w?B\/s/);
  });

  test('a chart can be read by keyboard', async () => {
    const load = chart(page, 'Load');
    await load.focus();
    await page.keyboard.press('ArrowLeft');
    await expect(load).toContainText(/\d{1,2}:\d{2}:\d{2}/);
    // For who does not see it, the moment and its values are spoken.
    await expect(page.locator('telltale-chart[heading=Load] [aria-live]')).toContainText(
      /\d{2}( [AP]M)?: Load 1 min \d/,
    );
    await page.keyboard.press('Escape');
    await expect(load).not.toContainText(/\d{1,2}:\d{2}:\d{2}/);
  });

  test('a pointer on a chart tells the values of that moment', async () => {
    const load = chart(page, 'Load');
    const box = await load.boundingBox();
    if (!box) throw new Error('the chart has no size');
    await load.hover({ position: { x: box.width - 20, y: box.height / 2 } });
    await expect(load).toContainText(/\d{1,2}:\d{2}:\d{2}/);
  });

  test('says who the machine is, and shows it live', async () => {
    const host = await (await fetch(`${server.url}/api/host`)).json();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(host.name);
    await expect(page.locator('header')).toContainText(host.os.kernel);
    await expect(page.locator('header')).toContainText('Up for');
    await expect(page).toHaveTitle(`${host.name} · Telltale`);
    await expect(page.locator('telltale-summary')).toContainText('iB available');
    await expect(page.locator('telltale-processes').getByRole('row')).toHaveCount(6);
    await section(page, 'Network');
    await expect(page.locator('telltale-network').getByRole('row')).not.toHaveCount(1);
    await section(page, 'CPU');
    const { cores } = (await (await fetch(`${server.url}/api/snapshot`)).json()).events.cpu;
    await expect(page.locator('telltale-cpu').getByRole('list', { name: 'Cores' }).getByRole('listitem')).toHaveCount(
      cores.length,
    );
  });
});

// One page, on which the first leaves what the second looks for.
test.describe('memory', () => {
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    watch(page);
    await page.goto(`${server.url}/#section=memory`);
    await live(page);
  });
  test.afterAll(() => page.close());

  test('values change and charts grow as events come', async () => {
    await expect.poll(() => drawnColumns(page, 'telltale-memory')).toBeGreaterThan(0);
    const columns = await drawnColumns(page, 'telltale-memory');
    const cpu = page.getByRole('link', { name: /^Telltale itself/ });
    const before = await cpu.textContent();
    await expect(cpu).not.toHaveText(before ?? '');
    await expect.poll(() => drawnColumns(page, 'telltale-memory')).toBeGreaterThan(columns);
  });

  test('a reload is never empty: what was seen before is there at once', async () => {
    await expect.poll(() => drawnColumns(page, 'telltale-memory')).toBeGreaterThan(8);
    const before = await drawnColumns(page, 'telltale-memory');
    await page.reload();
    // A sample is less than a column wide, so from samples alone it would take longer than is waited for.
    expect(before - 2).toBeGreaterThan(6);
    await expect
      .poll(() => drawnColumns(page, 'telltale-memory'), { timeout: 5_000 })
      .toBeGreaterThanOrEqual(before - 2);
  });
});

test.describe('a page', () => {
  test.beforeEach(({ page }) => watch(page));

  test('a lost server is said, values grey out, and the page recovers by itself', async ({ page }) => {
    let own = await startServer();
    try {
      await page.goto(`${own.url}/#section=cpu`);
      await live(page);
      await expect(page.locator('telltale-cpu .stale')).toHaveCount(0);
      await own.kill();
      await expect(state(page)).toHaveText('Connection lost');
      await expect(page.locator('telltale-status')).toContainText(/values are \d+ s old/);
      await expect(page.locator('telltale-cpu .card.stale')).toHaveCount(1);
      await expect(page).toHaveTitle(/^\(not live\)/);
      own = await startServer('--port', String(own.port));
      await expect(state(page)).toHaveText('Live', { timeout: 20_000 });
      await expect(page.locator('telltale-cpu .card.stale')).toHaveCount(0);
      await expect(page).not.toHaveTitle(/^\(not live\)/);
    } finally {
      await own.stop();
    }
  });

  test('without a server the page says so rather than show zeros', async ({ page }) => {
    await page.route('**/api/**', (route) => route.abort());
    await page.goto(`${server.url}/#section=cpu`);
    await expect(state(page)).toHaveText('Connection lost');
    await expect(page.locator('telltale-cpu [part=value]')).toHaveText('–');
    await expect(page.getByText('No data: the server cannot be reached').first()).toBeVisible();
  });

  test('what cannot be read is missing on the page, never 0', async ({ page }) => {
    const own = await startServer('--proc-root', '/nonexistent', '--sys-root', '/nonexistent');
    try {
      await page.goto(`${own.url}/#section=memory`);
      await live(page);
      await expect(page.locator('telltale-memory dd').filter({ hasText: /\d/ })).toHaveCount(0);
      await expect(page.locator('telltale-memory dd').first()).toHaveText('–');
      await section(page, 'CPU');
      await expect(page.locator('telltale-cpu [part=value]')).toHaveText('–');
      await section(page, 'Network');
      await expect(page.getByText('physical interfaces')).toHaveCount(0);
      expect((await fetch(`${own.url}/healthz`)).status).toBe(503);
    } finally {
      await own.stop();
    }
  });
});

test('a machine that is known for minutes is said to be too new to tell what is unusual', async ({ page }) => {
  await page.goto(server.url);
  const unusual = page.getByRole('region', { name: 'Unusual now' });
  await expect(unusual).toContainText(/Too early to say what is unusual here: \d+ min known of a day/);
});

test('what was drawn for the dark is drawn for white paper, and for the dark again', async ({ page }) => {
  watch(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(server.url);
  await live(page);
  await expect(page.getByRole('group', { name: /^Load, last 15 min\. Now: Load 1 min \d/ })).toBeVisible();
  // The ink of the axis, as the canvas has it at once, whatever else is drawn later.
  const inkAfter = (event: string) =>
    page
      .locator('telltale-chart canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement, name) => {
        dispatchEvent(new Event(name));
        const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, 40, canvas.height);
        const brightest = (from: number) => Math.max(...data.subarray(from, from + 3));
        const inked = Array.from({ length: data.length / 4 }, (_, i) => 4 * i).filter((i) => (data[i + 3] ?? 0) > 200);
        return inked.map(brightest).reduce((sum, each) => sum + each, 0) / inked.length;
      }, event);
  const dark = await inkAfter('focus');
  expect(dark).toBeGreaterThan(128);
  expect(await inkAfter('beforeprint')).toBeLessThan(128);
  expect(await inkAfter('afterprint')).toBeCloseTo(dark, 0);
});

test('on paper there is nothing to press, and it says which time it shows', async ({ page }) => {
  watch(page);
  await page.goto(server.url);
  await live(page);
  const control = page.getByRole('button', { name: 'Compare' });
  const moments = page.getByText(/\d{4}, \d.*\d [A-Z]/);
  await expect(control).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await expect(moments).toBeVisible();
  await expect(control).toBeHidden();
  await page.emulateMedia({ media: 'screen' });
  await expect(moments).toBeHidden();
});
