import { expect, type Page, test } from '@playwright/test';
import axe from 'axe-core';
import { type RunningServer, startServer } from '../support/server.ts';
import { type TokenFolder, tokenFolder } from '../support/tokens.ts';

// A person with a token, and a browser: from the door to the dashboard, and out again.

let folder: TokenFolder;
let server: RunningServer;
let secret: string;

test.beforeAll(async () => {
  folder = await tokenFolder();
  secret = await folder.create('--name', 'reader');
  // Asks for tokens as it would beyond this machine.
  const guarded = ['--trusted-proxy', '192.0.2.1', '--trusted-proxy-user-header', 'x-remote-user'];
  server = await startServer('--data', folder.path, ...guarded);
});
test.afterAll(async () => {
  await server.stop();
  await folder.remove();
});

/** What went wrong in the page: errors, and what its policy refused. */
function complaints(page: Page): readonly string[] {
  const said: string[] = [];
  page.on('pageerror', ({ message }) => said.push(message));
  page.on('console', (message) => {
    // A refusal is what is tested here; browsers report each as an error.
    if (message.type() === 'error' && !message.text().includes('401')) said.push(message.text());
  });
  return said;
}

async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('a person signs in with a token once, and is in again tomorrow', async ({ page, context }) => {
  const said = complaints(page);
  await page.goto(server.url);
  await expect(page).toHaveURL(`${server.url}/sign-in`);
  await expect(page.getByLabel('Token')).toBeFocused();
  await signIn(page, 'telltale_wrong');
  await expect(page.getByRole('alert')).toHaveText('This token is not known, was revoked, or has expired.');
  await signIn(page, secret);
  await expect(page.locator('telltale-status').first()).toContainText('Live');

  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(page.url()).toBe(`${server.url}/`);
  const other = await context.newPage();
  await other.goto(`${server.url}/sign-in`);
  await expect(other).toHaveURL(`${server.url}/`);
  expect(said).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the page fits a phone, and axe finds nothing in it, ${colorScheme}`, {
    tag: colorScheme === 'light' ? [] : '@soak',
  }, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 640 });
    await page.goto(`${server.url}/sign-in`);
    await signIn(page, 'wrong');
    await expect(page.getByRole('alert')).not.toBeEmpty();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    // The policy of the page lets nobody add a script to it; a debugger may.
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const { axe: run } = window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
      return (await run.run()).violations.map(({ id }) => id);
    });
    expect(violations).toEqual([]);
  });
}

test('a token that is revoked leads the dashboard to say so', async ({ page }) => {
  const short = await folder.create('--name', 'short');
  await page.goto(`${server.url}/sign-in`);
  await signIn(page, short);
  const status = page.locator('telltale-status').first();
  await expect(status).toContainText('Live');
  await folder.revoke('short');
  await expect(status).toContainText('a token is needed here');
});
