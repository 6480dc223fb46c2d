import { expect, type Locator, type Page, test } from '@playwright/test';
import { type ForeignPage, openForeignPage } from '../support/foreign-page.ts';
import { type RunningServer, startServer } from '../support/server.ts';

// One time for all charts of a page, however far apart they stand, and wherever their numbers come from.

let elsewhere: ForeignPage;
let here: RunningServer;
let there: RunningServer;
let startedAt = 0;

test.beforeAll(async () => {
  elsewhere = await openForeignPage();
  here = await startServer('--allow-origin', elsewhere.origin, '--interval', '100ms');
  there = await startServer('--allow-origin', elsewhere.origin, '--interval', '100ms');
  startedAt = Date.now();
  elsewhere.serve(`<script type="module" src="${here.url}/embed.js"></script>
    <telltale-time-range last="1m"></telltale-time-range>
    <telltale-chart id="near" series="cpu.load1" label="Near"></telltale-chart>
    <p style="height: 60px">Words of that page.</p>
    <telltale-source src="${there.url}"><telltale-chart id="far" series="cpu.load1" label="Far"></telltale-chart></telltale-source>
    <telltale-cores></telltale-cores>`);
});

test.afterAll(async () => {
  await Promise.all([here.stop(), there.stop()]);
  elsewhere.close();
});

const plot = (page: Page, id: string) => page.locator(`#${id} [part=plot]`);

async function open(page: Page): Promise<void> {
  await page.goto(elsewhere.origin);
  await expect(plot(page, 'far')).toHaveAccessibleName(/last 1 min. Now: Load 1 min \d/);
  await expect(plot(page, 'near')).toHaveAccessibleName(/Now: Load 1 min \d/);
}

async function dragOver(page: Page, target: Locator, from: number, to: number): Promise<void> {
  const box = await target.boundingBox();
  if (!box) throw new Error('the chart is not to be seen');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * (from + to) * 0.5, y, { steps: 3 });
  await page.mouse.move(box.x + box.width * to, y, { steps: 3 });
  await page.mouse.up();
}

// One page for those that leave it as they found it.
test.describe('charts of one page', () => {
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    await open(page);
  });
  test.afterAll(() => page.close());
  // A chart that is pointed at marks an instant.
  test.beforeEach(() => page.mouse.move(2, 2));

  test('pointing at one marks the instant on all, and leaving takes it away', async () => {
    await plot(page, 'near').hover({ position: { x: 500, y: 60 } });
    await expect(page.locator('#near [part=tooltip]')).toContainText('Runnable and uninterruptible tasks');
    const clock = (await page.locator('#near [part=tooltip] > span').first().textContent()) ?? '';
    expect(clock).toMatch(/\d:\d\d:\d\d/);
    await expect(plot(page, 'far')).toContainText(clock);
    await expect(page.locator('telltale-cores [part=plot]')).toContainText(clock);
    await page.mouse.move(2, 2);
    await expect(plot(page, 'far')).not.toContainText(clock);
  });

  test('a drag zooms all, and a double click leads back', async () => {
    await dragOver(page, plot(page, 'far'), 0.5, 0.8);
    await expect(plot(page, 'near')).toHaveAccessibleName(/At its end/);
    await expect(plot(page, 'far')).toHaveAccessibleName(/At its end/);
    await expect(page.locator('telltale-cores [part=plot]')).not.toHaveAccessibleName(/last 1 min/);
    await plot(page, 'near').dblclick({ position: { x: 300, y: 60 } });
    await expect(plot(page, 'far')).toHaveAccessibleName(/last 1 min. Now/);
  });

  test('everything that a mouse does can be done by keyboard', async () => {
    const near = plot(page, 'near');
    await near.focus();
    await page.keyboard.press('ArrowLeft');
    await expect(page.locator('#near [aria-live]')).toContainText(/\d( [AP]M)?: Load 1 min \d/);
    await expect(plot(page, 'far')).toContainText(/\d:\d\d:\d\d/);
    await page.keyboard.press('Escape');
    await expect(page.locator('#near [aria-live]')).toBeEmpty();
    await page.keyboard.press('+');
    await expect(plot(page, 'far')).toHaveAccessibleName(/last 30 s/);
    await page.keyboard.press('-');
    await expect(plot(page, 'far')).toHaveAccessibleName(/last 1 min/);
    await page.keyboard.press(' ');
    await expect(plot(page, 'far')).toHaveAccessibleName(/At its end/);
    await page.keyboard.press('PageUp');
    await page.keyboard.press(' ');
    await expect(plot(page, 'far')).toHaveAccessibleName(/last 1 min. Now/);
    await page.keyboard.press('PageUp');
    await expect(plot(page, 'far')).toHaveAccessibleName(/At its end/);
    await page.keyboard.press('Escape');
    await expect(plot(page, 'far')).toHaveAccessibleName(/last 1 min. Now/);
  });

  test('a click in the legend takes a line out of sight, and another puts it back', async () => {
    const entry = page.locator('#near [part=legend] button');
    await entry.click();
    await expect(entry).toHaveAttribute('aria-pressed', 'false');
    await expect(plot(page, 'near')).not.toHaveAccessibleName(/Load 1 min/);
    await entry.press('Enter');
    await expect(plot(page, 'near')).toHaveAccessibleName(/Load 1 min \d/);
  });

  test('the same data can be had as a table', async () => {
    const near = page.locator('#near');
    await expect.poll(async () => near.getByRole('cell').count()).toBe(0);
    await near.getByText('Table').click();
    await expect(near.getByRole('columnheader', { name: 'Load 1 min' })).toBeVisible();
    await expect(near.getByRole('cell').first()).toHaveText(/\d/);
    expect(await near.getByRole('row').count()).toBeLessThanOrEqual(31);
  });
});

test('what is chosen, stopped and zoomed in one place holds for all, and is told to the page', async ({ page }) => {
  await open(page);
  await page.evaluate(() => {
    Object.assign(window, { told: [] });
    addEventListener('telltale-span', (event) =>
      (window as never as { told: object[] }).told.push((event as never as { span: object }).span),
    );
  });
  const range = page.locator('telltale-time-range');
  await range.getByRole('radio', { name: '1 h', exact: true }).check();
  await expect(plot(page, 'far')).toHaveAccessibleName(/last 1 h/);
  await range.getByRole('button', { name: 'Pause' }).click();
  await expect(plot(page, 'near')).toHaveAccessibleName(/At its end/);
  await range.getByRole('button', { name: 'Live' }).click();
  await range.getByRole('button', { name: 'Zoom in' }).click();
  await expect(plot(page, 'near')).toHaveAccessibleName(/last 30 min/);
  await range.getByRole('button', { name: 'Back' }).click();
  await expect(plot(page, 'near')).toHaveAccessibleName(/last 1 h/);
  const told = await page.evaluate(() => (window as never as { told: { lastMs?: number }[] }).told);
  expect(told.map(({ lastMs }) => lastMs)).toEqual([3_600_000, undefined, 3_600_000, 1_800_000, 3_600_000]);
});

test('while shift is held every chart shows the period before, and what it was beside what it is', async ({ page }) => {
  test.setTimeout(60_000);
  await open(page);
  const questions: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/history')) questions.push(request.url());
  });
  const near = plot(page, 'near');
  const legends = page.locator('#near [part=legend], #far [part=legend]');
  await near.focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('+');
  await expect(near).toHaveAccessibleName(/last 10 s/);
  const spoken = page.locator('#near [aria-live]');
  await page.keyboard.press('ArrowLeft');
  await expect(spoken).toContainText(/Load 1 min/);
  await expect(spoken).not.toContainText('before');
  // The machine was watched for long enough.
  await expect.poll(async () => Date.now() - startedAt, { timeout: 20_000 }).toBeGreaterThan(15_000);
  questions.length = 0;
  await page.keyboard.down('Shift');
  await expect(legends).toContainText([/dashed: the 10 s before/, /dashed: the 10 s before/]);
  // A machine that is busy leaves out a sample now and then, and what is left out is absent.
  await expect(async () => {
    await page.keyboard.press('ArrowLeft');
    await expect(spoken).toContainText(/Load 1 min \d[\d.]*, before \d/, { timeout: 1_500 });
  }).toPass();
  expect(questions.length).toBeLessThan(12);
  await page
    .locator('#near')
    .getByText('Table')
    .evaluate((summary: HTMLElement) => summary.click());
  await expect(page.locator('#near').getByRole('columnheader', { name: 'Load 1 min, before' })).toBeVisible();
  await page.keyboard.up('Shift');
  await expect(legends).not.toContainText([/before/, /before/]);
  await expect(page.locator('#near').getByRole('columnheader', { name: 'Load 1 min, before' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.keyboard.down('Shift');
  const tooltip = page.locator('#near [part=tooltip]');
  let x = 500;
  await expect(async () => {
    await near.hover({ position: { x: ++x, y: 60 } });
    await expect(tooltip).toContainText(/before\s+Load 1 min\s+[\d.]+\s+[\d.]+/, { timeout: 1_500 });
  }).toPass();
  // The keyboard is elsewhere: nobody can let go of the key here any more.
  await page.keyboard.press('Tab');
  await expect(legends).not.toContainText([/before/, /before/]);
  await page.keyboard.up('Shift');
});
