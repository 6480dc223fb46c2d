import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Page, test } from '@playwright/test';
import { startServer } from '../support/server.ts';
import { openStream } from '../support/sse.ts';

// What PROTOCOL.md says of the browser's own EventSource, in a browser: its example, and the limits it has to live with.

const EXAMPLE = readFileSync(new URL('../examples/read.html', import.meta.url));
let pages: { origin: string; close: () => void };

test.beforeAll(async () => {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(EXAMPLE));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  pages = { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
});

test.afterAll(() => pages.close());

const open = (page: Page, server: string) => page.goto(`${pages.origin}/?server=${encodeURIComponent(server)}`);
const isLive = (page: Page) => expect(page.locator('#cpu')).toHaveText(/^[\d.]+ %$/);
const gaps = (page: Page) => page.locator('#gaps li');

test('the example shows values, comes back after a restart by itself, and says one gap for it', async ({ page }) => {
  let server = await startServer('--allow-origin', pages.origin);
  try {
    await open(page, server.url);
    await isLive(page);
    await expect(gaps(page)).toHaveCount(0);
    await server.kill();
    server = await startServer('--allow-origin', pages.origin, '--port', String(server.port));
    await expect(gaps(page)).toHaveText([/: restart$/]);
    await isLive(page);
  } finally {
    await server.stop();
  }
});

test('the example outlives a refusal, which ends an EventSource for good', { tag: '@soak' }, async ({ page }) => {
  const server = await startServer('--allow-origin', pages.origin, '--max-subscribers', '1');
  try {
    const other = await openStream(`${server.url}/api/stream`);
    await open(page, server.url);
    const states = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const source = new EventSource(`${url}/api/stream`);
          source.onerror = () => resolve(source.readyState === EventSource.CLOSED ? 'closed' : 'coming back');
        }),
      server.url,
    );
    expect(states).toBe('closed');
    await expect(page.locator('#cpu')).toHaveText('unknown');
    other.close();
    await expect(page.locator('#cpu')).toHaveText(/^[\d.]+ %$/);
  } finally {
    await server.stop();
  }
});

test('a new EventSource goes on from ?cursor=', { tag: '@soak' }, async ({ page }) => {
  const server = await startServer('--allow-origin', pages.origin);
  try {
    await open(page, server.url);
    const [last, hello] = await page.evaluate(async (url) => {
      const first = new EventSource(`${url}/api/stream?metrics=cpu`);
      const ids: string[] = [];
      await new Promise<void>((resolve) => {
        first.addEventListener('cpu', ({ lastEventId }) => {
          ids.push(lastEventId);
          if (ids.length === 3) resolve();
        });
      });
      first.close();
      const second = new EventSource(`${url}/api/stream?metrics=cpu&cursor=${ids[2]}`);
      return new Promise<[string | undefined, { id: string; resumed: boolean }]>((resolve) => {
        second.addEventListener('hello', ({ lastEventId, data }) => {
          second.close();
          resolve([ids[2], { id: lastEventId, resumed: JSON.parse(data).resumed }]);
        });
      });
    }, server.url);
    expect(hello).toEqual({ id: last, resumed: true });
  } finally {
    await server.stop();
  }
});
