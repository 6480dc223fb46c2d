import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { CHROMIUM_ARGS } from '../support/chromium.ts';
import { startServer } from '../support/server.ts';
import { tokenFolder } from '../support/tokens.ts';

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

test('S4: a page of another origin reads nothing, not even a held stream', { tag: '@both' }, async ({ page }) => {
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

test('S4, S5: a form, an image, a frame and a script of another page get nothing and change nothing', {
  tag: '@both',
}, async ({ page }) => {
  const elsewhere = await foreignPage();
  const server = await startServer();
  try {
    await page.goto(elsewhere.url);
    const outcomes = await page.evaluate(async (url) => {
      const settled = (element: HTMLElement) =>
        new Promise<string>((resolve) => {
          element.onload = () => resolve('loaded');
          element.onerror = () => resolve('refused');
          document.body.append(element);
        });
      const image = Object.assign(new Image(), { src: `${url}/api/snapshot` });
      const script = Object.assign(document.createElement('script'), { src: `${url}/api/snapshot` });
      const post = fetch(`${url}/api/session`, {
        method: 'POST',
        mode: 'no-cors',
        headers: { 'content-type': 'text/plain' },
        body: '{"token":"x"}',
      }).then(
        ({ type }) => type,
        () => 'refused',
      );
      const read = fetch(`${url}/api/session`, { credentials: 'include' }).then(
        () => 'read',
        () => 'refused',
      );
      return Promise.all([settled(image), settled(script), post, read]);
    }, server.url);
    // What is opaque cannot be read, and was a 403.
    expect(outcomes).toEqual(['refused', 'refused', expect.stringMatching(/opaque|refused/), 'refused']);
    const answer = page.waitForResponse((response) => response.url().endsWith('/api/tickets'));
    await page.evaluate((url) => {
      const form = document.createElement('form');
      Object.assign(form, { method: 'post', action: `${url}/api/tickets`, enctype: 'text/plain' });
      document.body.append(form);
      form.submit();
    }, server.url);
    expect((await answer).status()).toBe(403);
    expect((await (await fetch(`${server.url}/healthz`)).json()).subscribers).toBe(0);
  } finally {
    await server.stop();
    elsewhere.close();
  }
});

test('S12: an element with an embed token shows what that is for, on its page alone', async ({ page }) => {
  const elsewhere = await foreignPage();
  const folder = await tokenFolder();
  const server = await startServer('--data', folder.path);
  try {
    const args = ['--scope', 'embed', '--origins', elsewhere.url, '--metrics', 'cpu'];
    const secret = await folder.create(...args);
    const put = (token: string, name: string) =>
      page.evaluate(
        ([src = '', value = '', tag = '']) => {
          const script = Object.assign(document.createElement('script'), { type: 'module', src: `${src}/embed.js` });
          const element = document.createElement(tag);
          element.setAttribute('token', value);
          document.body.append(script, element);
        },
        [server.url, token, name],
      );
    await page.goto(elsewhere.url);
    await put(secret, 'telltale-cpu');
    await expect(page.locator('telltale-cpu [part=value]').first()).toHaveText(/\d/);
    await put('telltale_wrong', 'telltale-memory');
    await expect(page.locator('telltale-memory')).toContainText('Not connected: this token is not known');
    expect(page.url()).toBe(`${elsewhere.url}/`);
    expect(await page.evaluate(() => document.cookie)).toBe('');
  } finally {
    await server.stop();
    await folder.remove();
    elsewhere.close();
  }
});

test('S6: a frame is opened by a ticket, once, and goes on by itself', async ({ page }) => {
  const elsewhere = await foreignPage();
  const folder = await tokenFolder();
  const guarded = ['--trusted-proxy', '192.0.2.1', '--trusted-proxy-user-header', 'x-remote-user'];
  const server = await startServer('--data', folder.path, ...guarded);
  try {
    const secret = await folder.create('--scope', 'embed', '--origins', elsewhere.url, '--metrics', 'cpu');
    const asked = { method: 'POST', headers: { authorization: `Bearer ${secret}` } };
    const { ticket } = (await (await fetch(`${server.url}/api/tickets`, asked)).json()) as { ticket: string };
    const frame = (src: string) =>
      page.evaluate((url) => {
        document.body.replaceChildren(Object.assign(document.createElement('iframe'), { src: url, width: 600 }));
      }, src);
    await page.goto(elsewhere.url);
    await frame(`${server.url}/embed/cpu?ticket=${ticket}`);
    const value = page.frameLocator('iframe').locator('telltale-cpu [part=value]').first();
    await expect(value).toHaveText(/\d/);
    await frame(`${server.url}/embed/cpu?ticket=${ticket}`);
    await expect(page.frameLocator('iframe').locator('body')).toContainText(/ticket|refused|401/i);
  } finally {
    await server.stop();
    await folder.remove();
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
    args: [...CHROMIUM_ARGS, '--host-resolver-rules=MAP rebound.example 127.0.0.1'],
  });
  try {
    const page = await browser.newPage();
    const response = await page.goto(`http://rebound.example:${server.port}/`);
    expect(response?.status()).toBe(421);
    // The page that was there before its name was turned to this machine: to the browser it asks itself.
    await page.route('**/trap', (route) => route.fulfill({ contentType: 'text/html', body: '<title>trap</title>' }));
    await page.goto(`http://rebound.example:${server.port}/trap`);
    const outcomes = await page.evaluate(async () => {
      const status = (path: string, options: RequestInit = {}) =>
        fetch(path, options).then(
          (answer) => answer.status,
          // Chromium may keep such a page from this machine by itself.
          () => 'refused',
        );
      const headers = { 'content-type': 'application/json', 'x-telltale': '1' };
      const stream = new Promise<number>((resolve) => {
        const source = new EventSource('/api/stream');
        source.onopen = () => resolve(200);
        source.onerror = () => resolve(source.readyState);
      });
      const asked = ['/api/snapshot', '/api/host', '/healthz'].map((path) => status(path));
      return Promise.all([...asked, status('/api/session', { method: 'POST', headers, body: '{}' }), stream]);
    });
    const [stream, ...statuses] = outcomes.reverse();
    expect(stream).toBe(2);
    for (const status of statuses) expect([421, 'refused']).toContain(status);
  } finally {
    await browser.close();
    await server.stop();
  }
});
