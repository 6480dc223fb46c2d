import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { startServer } from '../support/server.ts';

// What people want of the dashboard, from beginning to end. The parts of those tagged `@firefox` are tried in Chromium by
// `dashboard`, `hands` and `window`.

const PAST = fileURLToPath(new URL('../support/culprit-an-hour-ago.js', import.meta.url));
const problems: string[] = [];

test.beforeEach(({ page }) => {
  problems.length = 0;
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/net::ERR_|status of 503|NetworkError|can.t establish/.test(message.text())) {
      problems.push(message.text());
    }
  });
});

test.afterEach(() => {
  expect(problems).toEqual([]);
});

const state = (page: Page) => page.locator('telltale-status [part=state]');
const live = (page: Page) => expect(state(page)).toHaveText('Live');
const culprits = (page: Page) => page.locator('telltale-summary telltale-processes');
const chart = (page: Page, name: string) => page.getByRole('group', { name: new RegExp(`^${name},`) });
const link = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: new RegExp(`^${name}`) });

/** A folder of its own, which is gone after the test. */
async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('my machine is slow: which process is it?', { tag: '@firefox' }, async ({ page }) => {
  const server = await startServer();
  await inFolder(async (folder) => {
    const program = join(folder, 'the-culprit');
    symlinkSync(process.execPath, program);
    await page.goto(server.url);
    await live(page);
    await expect(culprits(page).getByRole('row')).not.toHaveCount(1);
    const busy = spawn(program, ['-e', 'for (;;);'], { stdio: 'ignore' });
    try {
      await expect(culprits(page)).toContainText('the-culprit');
    } finally {
      busy.kill('SIGKILL');
    }
  });
  await server.stop();
});

test('it was slow an hour ago: which process was it?', async ({ page }) => {
  await inFolder(async (folder) => {
    const now = Date.now();
    const moment = Number(execFileSync(process.execPath, [PAST, folder, String(now), 'the-culprit']));
    const server = await startServer('--data', folder);
    const iso = (at: number) => new Date(at).toISOString();
    await page.goto(`${server.url}/#from=${iso(moment - 150_000)}&to=${iso(moment + 150_000)}`);
    await live(page);
    // The middle of the window is the minute in which it was slow.
    const cpu = chart(page, 'CPU');
    await expect(cpu).toHaveAccessibleName(/Used 2\.0/);
    const box = await cpu.boundingBox();
    if (!box) throw new Error('the chart has no size');
    await cpu.hover({ position: { x: box.width / 2 + 30, y: box.height / 2 } });
    await expect(culprits(page)).toContainText('the-culprit');
    await expect(culprits(page)).toContainText('top five of the minute at');
    await server.stop();
  });
});

test('look at this: a link shows a colleague the same part at the same moment', { tag: '@firefox' }, async ({
  page,
  browser,
}) => {
  const server = await startServer();
  await page.goto(server.url);
  await live(page);
  await link(page, 'Memory').click();
  await expect(page.getByRole('heading', { level: 2, name: 'Memory' }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  const spanOf = async (on: Page) =>
    (await chart(on, 'Swapping').getAttribute('aria-label'))?.replace(/\. At its end.*/, '');
  await expect.poll(() => spanOf(page)).not.toContain('last');
  const colleague = await browser.newPage();
  await colleague.goto(page.url());
  await live(colleague);
  await expect.poll(() => spanOf(colleague)).toBe(await spanOf(page));
  await expect(link(colleague, 'Memory')).toHaveAttribute('aria-current', 'page');
  await colleague.close();
  // Back leads to what was looked at before, step by step.
  for (let i = 0; i < 2; i++) await page.evaluate(() => history.back());
  await expect(link(page, 'Overview')).toHaveAttribute('aria-current', 'page');
  await server.stop();
});

test('on the wall: it goes on by itself after the server was restarted, and says when it is of another version', {
  tag: '@firefox',
}, async ({ page }) => {
  let server = await startServer();
  // What another version says of itself, told by this one.
  await page.addInitScript(() => {
    const original = window.fetch;
    window.fetch = async (input, init) => {
      const response = await original(input, init);
      if (!String(input).includes('/api/stream') || !document.documentElement.dataset['updated']) return response;
      const decoder = new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>;
      const rewrite = new TransformStream<string, string>({
        transform: (text, out) => out.enqueue(text.replace(/"version":"[^"]*"/, '"version":"99.0.0"')),
      });
      const body = response.body?.pipeThrough(decoder).pipeThrough(rewrite).pipeThrough(new TextEncoderStream());
      return new Response(body as BodyInit, { status: response.status, headers: response.headers });
    };
  });
  try {
    await page.goto(`${server.url}/#kiosk`);
    await live(page);
    await expect(page.getByRole('navigation', { name: 'Sections' })).toBeHidden();
    await expect(page.locator('telltale-section canvas').first()).toBeVisible();
    await server.kill();
    await expect(page).toHaveTitle(/^\(not live\)/);
    await page.locator(':root').evaluate((root) => {
      root.dataset['updated'] = 'yes';
    });
    server = await startServer('--port', String(server.port));
    await expect(state(page)).toHaveText('Live', { timeout: 25_000 });
    await expect(page).not.toHaveTitle(/^\(not live\)/);
    await expect(page.getByRole('status').first()).toContainText(/changed from \d\S+ to 99\.0\.0 while this page/);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('navigation', { name: 'Sections' })).toBeVisible();
  } finally {
    await server.stop();
  }
});

test('on the phone: every part is a tap away, and nothing has to be scrolled sideways', async ({ browser }) => {
  const server = await startServer();
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(server.url);
  await live(page);
  for (const name of ['CPU', 'Memory', 'Disks', 'File systems', 'Network', 'Processes', 'Telltale', 'My board']) {
    await link(page, name).click();
    await expect(link(page, name)).toHaveAttribute('aria-current', 'page');
    const over = await page.locator(':root').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(over, `${name} is too wide`).toBe(0);
  }
  await context.close();
  await server.stop();
});

test('without a mouse: any chart is found by its name, and every section by two keys', async ({ page }) => {
  const server = await startServer();
  await page.goto(server.url);
  await live(page);
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await expect(link(page, 'Disks')).toHaveAttribute('aria-current', 'page');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: /^Find a command/ })).toBeFocused();
  await page.keyboard.type('retransmit');
  await page.keyboard.press('Enter');
  await expect(link(page, 'Network')).toHaveAttribute('aria-current', 'page');
  await expect(chart(page, 'TCP retransmits')).toBeInViewport();
  await page.keyboard.press('u');
  await page.keyboard.press('4');
  await expect(chart(page, 'TCP retransmits')).toHaveAccessibleName(/last 1 d/);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Times of this device');
  await server.stop();
});

/** 400 kbit/s each way and 400 ms before the first byte, as Chromium's own "Slow 3G" has it. */
const SLOW = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };

test('from a train: over a slow line it comes up, is live, and stays so', { tag: '@chromium' }, async ({ page }) => {
  const server = await startServer();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', SLOW);
  await page.goto(server.url);
  await expect(state(page)).toHaveText('Live', { timeout: 20_000 });
  await expect(chart(page, 'Load')).toHaveAttribute('aria-label', /Now: .*\d/, { timeout: 20_000 });
  // What a line does that is slow for a while: a page that thought it dead would begin anew, and be slower still.
  const streams: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/')) streams.push(request.url());
  });
  const said: string[] = [];
  await page.exposeFunction('say', (text: string) => said.push(text));
  await page.evaluate(() => {
    const part = document
      .querySelector('telltale-dashboard')
      ?.shadowRoot?.querySelector('telltale-overview')?.shadowRoot;
    const status = part?.querySelector('telltale-status')?.shadowRoot;
    const told = () => (window as unknown as { say(text: string): void }).say(status?.textContent ?? '');
    new MutationObserver(told).observe(status as ShadowRoot, { subtree: true, childList: true, characterData: true });
  });
  // Load is looked at every five seconds by the kernel, and may stay what it is; this never does.
  const switches = chart(page, 'Context switches');
  for (let i = 0; i < 5; i++) {
    const before = await switches.getAttribute('aria-label');
    await expect(switches).not.toHaveAttribute('aria-label', before ?? '');
  }
  expect(said.filter((text) => /Late|Connection lost|Connecting/.test(text))).toEqual([]);
  expect(streams.filter((url) => url.includes('/api/stream'))).toEqual([]);
  await server.stop();
});
