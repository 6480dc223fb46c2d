import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { difference, type Painted, painted } from '../support/painted.ts';
import { type RunningServer, startServer } from '../support/server.ts';

// What is really painted: the end of a recording, which is the same whenever it is looked at, beside coarse pictures that
// somebody has looked at and kept. `npm run painted` keeps what is painted now.

const KEPT = fileURLToPath(new URL('painted/', import.meta.url));
const FOUND = fileURLToPath(new URL('../../test-results/painted/', import.meta.url));
const RECORDING = new URL('../bench/shapes/loaded.gz', import.meta.url);
/** Of a place (see `difference`). Serif letters change 0.22 of one, the smallest of what breaks below 0.42. */
const SAME = 0.32;
/** Of the recording; some six of them a second. */
const LINES = 2_000;
const SIZES = [
  [1440, 900],
  [768, 1200],
  [360, 1200],
] as const;

let server: RunningServer;
let context: BrowserContext;
let page: Page;
/** Where pictures are read. */
let reader: Page;

test.beforeAll(async ({ browser }) => {
  server = await startServer();
  // Whatever machine it is looked at on.
  context = await browser.newContext({ colorScheme: 'light', locale: 'en-US', timezoneId: 'UTC' });
  reader = await context.newPage();
  page = await context.newPage();
  await page.goto(server.url);
  const recording = { name: 'loaded.ndjson', mimeType: '', buffer: Buffer.from(loaded()) };
  await page.locator('telltale-recordings input').setInputFiles(recording);
  await page.getByRole('region', { name: 'Recording' }).getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('slider', { name: 'Position' }).press('End');
  await expect(page.locator('telltale-summary telltale-processes')).toContainText('postgres');
  // What is usual is said some seconds later.
  await page.locator('telltale-summary .unusual').evaluate(({ style }) => {
    Object.assign(style, { height: '1.4em', visibility: 'hidden' });
  });
});
test.afterAll(async () => {
  await context.close();
  await server.stop();
});

/** Some minutes of a machine at work, and who works on it. */
function loaded(): string {
  const lines = gunzipSync(readFileSync(RECORDING)).toString().trimEnd().split('\n').slice(-LINES);
  const events = lines.map((line) => {
    const space = line.indexOf(' ');
    return `{"event":"${line.slice(0, space)}","data":${line.slice(space + 1)}}`;
  });
  const { at } = JSON.parse((lines.at(-1) ?? '').replace(/^\S+ /, ''));
  const list = ['postgres', 'node', 'stress-ng', 'bash', 'sshd'].map((name, i) => ({
    ...{ name, pid: i + 1, startedAt: 1, user: 'ada', state: 'S', threads: 3, arguments: null },
    ...{ usage: 90 / (i + 1), residentBytes: 2e8 / (i + 1) },
  }));
  const data = { at, elapsedMs: 2_000, count: 120, threads: 300, byCpu: list, byMemory: list };
  const metrics = ['cpu', 'memory', 'network', 'disk', 'filesystem', 'pressure', 'self', 'process'];
  const head = {
    ...{ telltale: 'recording', protocol: 1, version: '0.1.0', recordedAt: at, host: { id: 'x', name: 'painted' } },
    metrics: Object.fromEntries(metrics.map((name) => [name, 1_000])),
  };
  return [JSON.stringify(head), ...events, JSON.stringify({ event: 'process', data }), ''].join('\n');
}

/** What is painted, once it is: charts that come into sight are drawn some frames later. */
async function look(): Promise<Painted> {
  await page.evaluate(async () => {
    for (let i = 0; i < 10; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
  return painted(reader, await page.screenshot());
}

async function kept(name: string): Promise<Painted> {
  return painted(reader, readFileSync(`${KEPT}${name}.png`), 1);
}

for (const theme of ['light', 'dark'] as const) {
  for (const [width, height] of SIZES) {
    test(`the first screen is painted as ever at ${width} pixels, ${theme}`, { tag: '@chromium' }, async () => {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: theme });
      const name = `${width}-${theme}`;
      const now = await look();
      const folder = test.info().config.updateSnapshots === 'all' ? KEPT : FOUND;
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${folder}${name}.png`, now.png);
      expect(difference(await kept(name), now), `compare ${FOUND}${name}.png`).toBeLessThan(SAME);
    });
  }
}

test('letters of another font are no other picture', { tag: '@chromium' }, async () => {
  const font = (family: string) =>
    page.evaluate((family) => document.documentElement.style.setProperty('--telltale-font', family), family);
  for (const [width, height] of [SIZES[0], SIZES[2]]) {
    await page.setViewportSize({ width, height });
    await font('serif');
    // Charts read their font when the theme changes.
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.emulateMedia({ colorScheme: 'light' });
    const now = await look();
    await font('');
    expect(difference(await kept(`${width}-light`), now), `${width} pixels`).toBeLessThan(SAME);
  }
});

/** What may happen to a page, in which size, and to what of it. */
const BROKEN: readonly (readonly [what: string, size: number, selector: string, style: string])[] = [
  ['the sidebar is not to be seen', 0, 'telltale-sidebar', 'visibility: hidden'],
  ['a chart is blank', 1, 'telltale-section .cell:first-child canvas', 'opacity: 0'],
  ['a card is too wide', 2, 'telltale-section .cell:first-child .card', 'width: 150%'],
];

for (const [what, size, selector, style] of BROKEN) {
  test(`it is seen when ${what}`, { tag: '@chromium' }, async () => {
    const [width, height] = SIZES[size] ?? SIZES[0];
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: 'light' });
    const restyle = (style: string) =>
      page.locator(selector).evaluateAll((all, style) => {
        for (const each of all as HTMLElement[]) each.style.cssText = style;
      }, style);
    await restyle(style);
    const now = await look();
    await restyle('');
    expect(difference(await kept(`${width}-light`), now)).toBeGreaterThan(SAME);
  });
}

test('it is seen when the theme is another', { tag: '@chromium' }, async () => {
  expect(difference(await kept('768-light'), await kept('768-dark'))).toBeGreaterThan(SAME);
});
