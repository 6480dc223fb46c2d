import { test as base, expect, type Page } from '@playwright/test';
import { more, save } from '../support/panel-menu.ts';
import { type RunningServer, startServer } from '../support/server.ts';

// What is done by hand: commands, keys, the board, saving what is seen.

let server: RunningServer;
const problems: string[] = [];

function watch(page: Page): void {
  page.on('pageerror', (error) => problems.push(error.message));
  // What the content policy refuses is told here alone.
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) problems.push(message.text());
  });
}

/** Every page of a test is watched. */
const test = base.extend({
  page: async ({ page }, use) => {
    watch(page);
    await use(page);
  },
});

test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  await server.stop();
});
test.afterEach(() => {
  expect(problems.splice(0)).toEqual([]);
});

async function open(page: Page, hash = ''): Promise<void> {
  await page.goto(`${server.url}/${hash}`);
  await expect(page.locator('telltale-status [part=state]')).toHaveText('Live');
}

const finder = (page: Page) => page.getByRole('combobox', { name: /^Find a command/ });
/** By its key. What is typed before it has the focus goes to the page. */
async function openFinder(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(finder(page)).toBeFocused();
}
const board = (page: Page) => page.locator('telltale-board');
const panels = (page: Page) => board(page).getByRole('group', { name: /, \d+ of \d+$/ });
const said = (page: Page) => board(page).locator('p.spoken');
const file = (page: Page) => board(page).locator('input[type=file]');
const arrange = (page: Page, name: string) => board(page).getByRole('button', { name: `Arrange ${name}` });

const part = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: new RegExp(`^${name}`) });
const toBoard = (page: Page) => part(page, 'My board').click();

async function pin(page: Page, name: string): Promise<void> {
  // The first panels come before the others, which may move them: a menu closes when its button moves.
  await expect(page.locator('telltale-section .cell')).toHaveCount(12);
  await more(page, `${name}: more`).click();
  await page.getByRole('menuitem', { name: 'Pin to board' }).click();
}

// One page for those that pin nothing.
test.describe('a page', () => {
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    watch(page);
    await open(page);
  });
  test.afterAll(() => page.close());
  // What the one before may have left open.
  test.beforeEach(async () => {
    await page.keyboard.press('Escape');
    await expect(finder(page)).toBeHidden();
  });

  test('commands are found by their words and done by keyboard alone', async () => {
    const chart = page.getByRole('group', { name: /^Load, last/ });
    await chart.focus();
    await openFinder(page);
    await page.keyboard.type('keys');
    await expect(page.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('End');
    await expect(page.getByRole('option').last()).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Escape');
    await expect(finder(page)).toBeHidden();
    await expect(chart).toBeFocused();
    await openFinder(page);
    await page.keyboard.type('no such thing');
    await expect(page.getByText('Nothing here has all of these words').first()).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(finder(page)).toBeVisible();
  });

  test('keys mean nothing while somebody types or a dialog is open', async () => {
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await expect(help).toBeVisible();
    await expect(help).toContainText('Left and right arrow walk through time');
    await page.keyboard.press('Control+k');
    await expect(finder(page)).toBeHidden();
    await page.keyboard.press('Escape');
    await openFinder(page);
    await page.keyboard.type('?');
    await expect(help).toBeHidden();
    await expect(finder(page)).toHaveValue('?');
  });

  test('what is seen is saved as a table', async () => {
    const menu = more(page, 'Load: more');
    await expect(page.getByRole('group', { name: /^Load, .* Load 1 min \d/ })).toBeVisible();
    const table = await save(page, menu, 'Save CSV');
    expect(table.name).toMatch(/^[\w.-]+-Load-\d{4}-\d\d-\d\dT\d{6}Z\.csv$/);
    const [head, ...rows] = table.bytes.toString().trim().split('\r\n');
    expect(head).toBe('time,cpu.load1,cpu.load15');
    expect(rows.length).toBeGreaterThan(100);
    // The last step may have just begun.
    expect(rows.slice(-3).join('\n')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,\d/m);

    await part(page, 'Processes').click();
    await more(page, 'Processes: more').click();
    await expect(page.getByRole('menuitem', { name: 'Save CSV' })).toHaveAttribute('aria-disabled', 'true');
  });
});

test('a chart that is pinned stays, is arranged by keyboard, and comes back when it was removed', async ({ page }) => {
  await open(page, '#section=board');
  await expect(board(page)).toContainText('Nothing is pinned yet');
  await part(page, 'Overview').click();
  await pin(page, 'Load');
  await pin(page, 'Memory');
  await toBoard(page);
  await page.reload();
  await expect(panels(page)).toHaveCount(2);
  await arrange(page, 'Memory').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(panels(page).first()).toHaveAccessibleName('Memory, 1 of 2');
  await expect(arrange(page, 'Memory')).toBeFocused();
  await expect(said(page)).toHaveText('Memory is now 1 of 2');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('w');
  await page.keyboard.press('Enter');
  await expect(said(page)).toHaveText('Memory is now 3 of 4 columns wide and 1 row tall');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(panels(page)).toHaveCount(1);
  await expect(arrange(page, 'Load')).toBeFocused();
  await board(page).getByRole('button', { name: 'Undo' }).click();
  await expect(panels(page).first()).toHaveAccessibleName('Memory, 1 of 2');
});

test('a panel is dragged by its handle, and Escape lets it be', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 1400 });
  await open(page);
  await pin(page, 'Load');
  await pin(page, 'Memory');
  await toBoard(page);
  const drag = async () => {
    await arrange(page, 'Load').hover();
    await page.mouse.down();
    const { x, y, width, height } = (await panels(page).last().boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(x + width - 20, y + height / 2, { steps: 4 });
  };
  await drag();
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(panels(page).first()).toHaveAccessibleName('Load, 1 of 2');
  await page.keyboard.press('Escape');
  await drag();
  await page.mouse.up();
  await expect(panels(page).last()).toHaveAccessibleName('Load, 2 of 2');
  await expect(page.getByRole('menu')).toHaveCount(0);
});

test('a board goes to another page as a file and as a link, and neither takes the place of what is there', async ({
  page,
  browser,
}) => {
  await open(page);
  await pin(page, 'Load');
  await toBoard(page);
  const download = page.waitForEvent('download');
  await board(page).getByRole('button', { name: 'Save as file' }).click();
  const path = await (await download).path();
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await board(page).getByRole('button', { name: 'Copy link' }).click();
  // As over plain HTTP: shown, to be copied by hand.
  const link = await board(page).getByRole('textbox', { name: 'Link to this board' }).inputValue();
  expect(link).toMatch(/#section=board&board=[\w-]+$/);

  const guest = await (await browser.newContext()).newPage();
  await open(guest);
  await pin(guest, 'Memory');
  await open(guest, new URL(link).hash);
  await expect(panels(guest)).toHaveCount(1);
  await expect(panels(guest)).toHaveAccessibleName('Load, 1 of 1');
  await board(guest).getByRole('button', { name: 'Back to mine' }).click();
  await expect(panels(guest)).toHaveAccessibleName('Memory, 1 of 1');
  expect(new URL(guest.url()).hash).toBe('#section=board');

  const bad = { name: 'bad.json', mimeType: 'application/json' };
  await file(guest).setInputFiles({ ...bad, buffer: Buffer.from('{"telltale":"board","version":9,"panels":[]}') });
  await expect(board(guest)).toContainText('bad.json: This board is of version 9');
  await expect(panels(guest)).toHaveAccessibleName('Memory, 1 of 1');
  await file(guest).setInputFiles(path);
  await expect(panels(guest)).toHaveAccessibleName('Load, 1 of 1');
  await board(guest).getByRole('button', { name: 'Undo' }).click();
  await expect(panels(guest)).toHaveAccessibleName('Memory, 1 of 1');
  await open(guest, '#board=%3Cscript%3E');
  await expect(board(guest)).toContainText('This link to a board is damaged. Your own board is shown.');
  await guest.context().close();
});

test('other tabs follow', async ({ page, context }) => {
  await open(page);
  const other = await context.newPage();
  await open(other, '#section=board');
  await pin(page, 'Load');
  await expect(panels(other)).toHaveAccessibleName('Load, 1 of 1');
});

test('where nothing can be kept, the board says so', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Storage.prototype, 'setItem', {
      value: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    });
  });
  await open(page);
  await pin(page, 'Load');
  await toBoard(page);
  await expect(panels(page)).toHaveCount(1);
  await expect(board(page).getByRole('alert').first()).toContainText('This browser does not keep the board');
});

test('a phone shows a board without moving sideways', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page);
  await pin(page, 'Load');
  await pin(page, 'Network');
  await toBoard(page);
  await expect(panels(page)).toHaveCount(2);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test('single keys can be switched off, and stay so', async ({ page }) => {
  await open(page);
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys' });
  await help.getByRole('checkbox', { name: /^Single keys/ }).uncheck();
  await page.keyboard.press('Escape');
  await page.reload();
  await open(page);
  for (const key of ['p', 'g', 'c', '?']) await page.keyboard.press(key);
  await expect(help).toBeHidden();
  // What needs a modifier still works, and is the way back.
  await openFinder(page);
  await page.keyboard.type('single keys on');
  await page.keyboard.press('Enter');
  await expect(finder(page)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Pause' }).first()).toBeVisible();
  expect(page.url()).not.toContain('cpu');
  await page.keyboard.press('?');
  await expect(help).toBeVisible();
});
