import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { startServer } from '../support/server.ts';

/** A page of another origin, as any site that the user visits is. */
async function foreignPage(): Promise<{ url: string; close: () => void }> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>elsewhere</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** What a page gets when it tries to read the stream. */
const tryStream = (url: string) =>
  fetch(`${url}/api/stream`).then(
    async (response) => {
      const chunk = await response.body?.getReader().read();
      return new TextDecoder().decode(chunk?.value).slice(0, 6);
    },
    () => 'refused',
  );

test('S4: a page of another origin reads nothing, not even a held stream', async ({ page }) => {
  const elsewhere = await foreignPage();
  const server = await startServer();
  try {
    await page.goto(elsewhere.url);
    expect(await page.evaluate(tryStream, server.url)).toBe('refused');
    const viaEventSource = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const source = new EventSource(`${url}/api/stream`);
          source.onopen = () => resolve('open');
          source.onerror = () => resolve(source.readyState === EventSource.CLOSED ? 'closed' : 'retrying');
        }),
      server.url,
    );
    expect(viaEventSource).toBe('closed');
    expect((await (await fetch(`${server.url}/healthz`)).json()).subscribers).toBe(0);
  } finally {
    await server.stop();
    elsewhere.close();
  }
});

test('S3: a page of an allowed origin reads the stream', async ({ page }) => {
  const elsewhere = await foreignPage();
  const server = await startServer('--allow-origin', elsewhere.url);
  try {
    await page.goto(elsewhere.url);
    expect(await page.evaluate(tryStream, server.url)).toBe('retry:');
  } finally {
    await server.stop();
    elsewhere.close();
  }
});

// How names resolve is a switch of Chromium's; what is tested is the server's answer, which is the same to all.
test('S2: a name that resolves here but is not ours is not served', { tag: '@chromium' }, async ({ playwright }) => {
  const server = await startServer();
  const browser = await playwright.chromium.launch({
    ...(process.env['TELLTALE_CHROMIUM'] ? { executablePath: process.env['TELLTALE_CHROMIUM'] } : {}),
    args: ['--no-sandbox', '--host-resolver-rules=MAP rebound.example 127.0.0.1'],
  });
  try {
    const page = await browser.newPage();
    const response = await page.goto(`http://rebound.example:${server.port}/`);
    expect(response?.status()).toBe(421);
  } finally {
    await browser.close();
    await server.stop();
  }
});
