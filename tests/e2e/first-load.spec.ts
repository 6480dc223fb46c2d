import http from 'node:http';
import { expect, test } from '@playwright/test';
import { type RunningServer, startServer } from '../support/server.ts';

// web/index.html names what the first screen asks for, so that the answers are there when the script is. What is named
// there and not asked for is a waste; what is asked for and not named there comes late. This says what to write there.

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

test('the answers for the first screen are on their way before the script, and are asked for once', {
  tag: '@both',
}, async ({ page }) => {
  const asked: string[] = [];
  const early: string[] = [];
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    // Of history what is shown at first, and not what was missed, or is usual.
    const isFirst = pathname === '/api/history' ? search.includes('from=-900s') : /host|snapshot/.test(pathname);
    if (isFirst) asked.push(`.${pathname}${search}`);
  });
  await page.goto(server.url);
  for (const link of await page.locator('link[rel=preload]').all()) early.push((await link.getAttribute('href')) ?? '');
  await expect(page.locator('telltale-status [part=state]')).toHaveText('Live');
  await expect(page.getByRole('group', { name: /^Load, last 15 min\. Now: Load 1 min \d/ })).toBeVisible();
  expect(asked.sort()).toEqual(early.sort());
});

/** As it comes over the wire, without its head. */
async function compressedBytes(path: string): Promise<number> {
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.get(`${server.url}${path}`, { headers: { 'accept-encoding': 'gzip' } }, resolve).on('error', reject);
  });
  expect(response.headers['content-encoding']).toBe('gzip');
  let bytes = 0;
  for await (const chunk of response) bytes += (chunk as Buffer).length;
  return bytes;
}

test('what pages of others load stays below 75 kB, and the page itself below 200 in eight requests', async ({
  page,
}) => {
  expect(await compressedBytes('/embed.js')).toBeLessThan(75_000);
  const paths: string[] = [];
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    paths.push(pathname + search);
  });
  await page.goto(server.url);
  await expect(page.locator('telltale-status [part=state]')).toHaveText('Live');
  const files = paths.filter((path) => path === '/' || path.includes('/assets/'));
  const sizes = await Promise.all(files.map(compressedBytes));
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(150_000);
  expect(paths.length).toBeLessThanOrEqual(8);
});

test('a screen that is another is not kept waiting for answers that it does not need', async ({ page }) => {
  const warnings: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') warnings.push(message.text());
  });
  await page.goto(`${server.url}/#section=memory&last=1h`);
  await expect(page.getByRole('heading', { name: 'Memory', level: 2 }).first()).toBeVisible();
  await expect(page.getByRole('group', { name: /, last 1 h\. Now: .*\d/ }).first()).toBeVisible();
  expect(warnings).toEqual([]);
});
