import { expect, type Page, test } from '@playwright/test';
import { type ForeignPage, openForeignPage } from '../support/foreign-page.ts';
import { type RunningServer, startServer } from '../support/server.ts';

// Elements in a page of somebody else: under the strictest policy that such a page may have, and beside whatever it does.

let elsewhere: ForeignPage;
let here: RunningServer;
let there: RunningServer;
const problems: string[] = [];

test.beforeAll(async () => {
  elsewhere = await openForeignPage();
  here = await startServer('--allow-origin', elsewhere.origin);
  there = await startServer('--allow-origin', elsewhere.origin);
});

test.afterAll(async () => {
  await Promise.all([here.stop(), there.stop()]);
  elsewhere.close();
});

test.beforeEach(async ({ page }) => {
  problems.length = 0;
  page.on('pageerror', ({ message }) => problems.push(message));
  await page.addInitScript(() => {
    Object.assign(window, { violations: [] });
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      (window as unknown as { violations: string[] }).violations.push(`${violatedDirective} ${blockedURI}`);
    });
  });
});

test.afterEach(async ({ page }) => {
  expect(problems).toEqual([]);
  expect(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([]);
});

/** Nothing but what an embed needs. */
const strict = () =>
  [
    "default-src 'none'",
    `script-src ${here.url}`,
    `connect-src ${here.url} ${there.url}`,
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');

const script = (file = 'embed.js') => `<script type="module" src="${here.url}/${file}"></script>`;
const subscribers = async ({ url }: RunningServer) => (await (await fetch(`${url}/healthz`)).json()).subscribers;
const shown = (page: Page, selector: string) => page.locator(`${selector} [part=value]`);

test('charts of two machines live in one page, each by one connection', async ({ page }, info) => {
  elsewhere.serve(
    `${script()}
    <telltale-cpu id="a"></telltale-cpu>
    <telltale-chart series="cpu.load1"></telltale-chart>
    <telltale-gauge id="gauge"></telltale-gauge>
    <telltale-source src="${there.url}">
      <div><telltale-memory id="b"></telltale-memory></div>
      <telltale-stat id="c" series="cpu.load1"></telltale-stat>
      <telltale-processes></telltale-processes>
    </telltale-source>`,
    strict(),
  );
  await page.goto(elsewhere.origin);
  await expect(shown(page, '#a')).toContainText('%');
  await expect(shown(page, '#b')).toContainText('iB');
  await expect(page.getByRole('meter')).toHaveAttribute('aria-valuetext', /%/);
  // Only what is in sight is drawn.
  await page.locator('telltale-processes').scrollIntoViewIfNeeded();
  await expect(page.locator('telltale-processes tbody tr')).not.toHaveCount(0);
  await expect.poll(() => Promise.all([subscribers(here), subscribers(there)])).toEqual([1, 1]);
  // To be looked at: nothing else tells whether it is fit to be seen.
  await page.screenshot({ path: info.outputPath('foreign-page.png'), fullPage: true });
});

test('what is taken out, moved and put in again keeps its connection, and leaves none behind', async ({ page }) => {
  elsewhere.serve(
    `${script()}<div id="one"><telltale-stat id="a"></telltale-stat></div><div id="two"></div>`,
    strict(),
  );
  // What is recorded may be shown before the stream is there.
  let streams = 0;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/stream') streams++;
  });
  await page.goto(elsewhere.origin);
  await expect.poll(() => subscribers(here)).toBe(1);
  await expect(shown(page, '#a')).toContainText('%');
  await page.evaluate(async () => {
    const element = document.querySelector('#a') as HTMLElement;
    const homes = [document.querySelector('#two'), document.querySelector('#one')] as HTMLElement[];
    for (let i = 0; i < 50; i++) {
      if (i % 3 === 0) element.remove();
      homes[i % 2]?.append(element);
      if (i % 10 === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  await expect(shown(page, '#a')).toContainText('%');
  expect([await subscribers(here), streams]).toEqual([1, 1]);
  await page.evaluate(() => document.querySelector('#a')?.remove());
  await expect.poll(() => subscribers(here)).toBe(0);
});

test('a source that is given another address turns everything inside it', async ({ page }) => {
  elsewhere.serve(
    `${script()}<telltale-source src="${here.url}"><telltale-stat id="a"></telltale-stat></telltale-source>`,
    strict(),
  );
  await page.goto(elsewhere.origin);
  await expect(shown(page, '#a')).toContainText('%');
  await page.locator('telltale-source').evaluate((source, url) => source.setAttribute('src', url), there.url);
  await expect.poll(() => subscribers(there)).toBe(1);
  await expect.poll(() => subscribers(here)).toBe(0);
  await expect(shown(page, '#a')).toContainText('%');
});

test('two versions of the module in one page do not disturb each other', async ({ page }) => {
  const { file } = await (await fetch(`${here.url}/embed.json`)).json();
  // Each brings a Lit of its own, whose policy has the same name.
  const policy = `${strict()} 'allow-duplicates'`;
  elsewhere.serve(`${script()}${script(file)}<telltale-stat id="a"></telltale-stat>`, policy);
  await page.goto(elsewhere.origin);
  await expect(shown(page, '#a')).toContainText('%');
});

test('a pinned version runs with its hash, and leaves nothing in the page around it', async ({ page }) => {
  const { file, integrity } = await (await fetch(`${here.url}/embed.json`)).json();
  const globals = () => page.evaluate(() => Object.getOwnPropertyNames(window));
  elsewhere.serve('');
  await page.goto(elsewhere.origin);
  const before = new Set(await globals());
  elsewhere.serve(
    `<script type="module" src="${here.url}/${file}" integrity="${integrity}" crossorigin></script>
    <telltale-stat id="a"></telltale-stat>`,
    strict(),
  );
  await page.goto(elsewhere.origin);
  await expect(shown(page, '#a')).toContainText('%');
  // Lit counts its versions here, so that it can warn of several, and keeps what decorators told it.
  const lits = /^(lit|reactive)[A-Z]\w*(Versions|Metadata)$/;
  expect((await globals()).filter((name) => !before.has(name) && !lits.test(name))).toEqual([]);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(await page.locator('style, link[rel=stylesheet]').count()).toBe(0);
});

test('the dashboard of a foreign page comes in a second file, and changes neither address nor title', async ({
  page,
}) => {
  elsewhere.serve(`${script()}<telltale-dashboard></telltale-dashboard>`, strict());
  const files: string[] = [];
  page.on('request', (request) => files.push(new URL(request.url()).pathname));
  await page.goto(elsewhere.origin);
  await expect(page.getByRole('heading', { level: 1 })).not.toBeEmpty();
  await expect(page.locator('telltale-summary .value').first()).toContainText('%');
  expect(files.filter((path) => path.startsWith('/embed/dashboard-'))).toHaveLength(1);
  await page.getByRole('radio', { name: '1 h', exact: true }).check();
  expect(page.url()).toBe(`${elsewhere.origin}/`);
  expect(await page.title()).toBe('elsewhere');
  // While the stream is opened anew for more metrics there may be none.
  await expect.poll(() => subscribers(here)).toBe(1);
});

test('a page that is not let in says so, and what would let it in', async ({ page }) => {
  const closed = await startServer();
  try {
    elsewhere.serve(`<script type="module" src="${closed.url}/embed.js"></script><telltale-cpu></telltale-cpu>`);
    await page.goto(elsewhere.origin);
    const notice = page.locator('telltale-cpu [part=notice]');
    await expect(notice).toContainText(`--allow-origin ${elsewhere.origin}`);
  } finally {
    await closed.stop();
  }
});

test('an element has a page of its own for frames, in a theme and a size', async ({ page }) => {
  elsewhere.serve(
    `<iframe src="${here.url}/embed/chart?series=cpu.load1&amp;heading=%3Cb%3ELoad%3C/b%3E&amp;theme=dark&amp;size=small" width="500" height="300"></iframe>`,
  );
  await page.goto(elsewhere.origin);
  const frame = page.frameLocator('iframe');
  await expect(frame.getByRole('heading', { name: '<b>Load</b>' })).toBeVisible();
  await expect(frame.locator('telltale-chart [part=legend]')).toContainText(/\d/);
  const look = await frame.locator('html').evaluate((html) => {
    const plot = html.querySelector('telltale-chart')?.shadowRoot?.querySelector('[part=plot]');
    return [getComputedStyle(html).colorScheme, plot?.clientHeight];
  });
  expect(look).toEqual(['dark', 90]);
});

test('a page that is not let in cannot frame it', { tag: '@chromium' }, async ({ page }) => {
  const closed = await startServer();
  try {
    elsewhere.serve(`<iframe src="${closed.url}/embed/cpu"></iframe>`);
    await page.goto(elsewhere.origin);
    await expect(page.frameLocator('iframe').locator('telltale-cpu')).toHaveCount(0);
    const policy = (await fetch(`${closed.url}/embed/cpu`)).headers.get('content-security-policy');
    expect(policy).toContain("frame-ancestors 'self';");
  } finally {
    await closed.stop();
  }
});
