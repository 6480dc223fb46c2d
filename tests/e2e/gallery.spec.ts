import { fileURLToPath } from 'node:url';
import { test as base, expect, type Page } from '@playwright/test';
import axe from 'axe-core';
import { startGallery } from '../support/gallery.ts';

// Every element in every state, as somebody sees it, and as somebody hears it.

const PICTURES = fileURLToPath(new URL('../../test-results/screenshots/', import.meta.url));
const STATES = ['live', 'loading', 'late', 'stale', 'offline', 'refused', 'empty', 'faulty'];
/** What is about to go wrong goes well at first. */
const SETTLE_MS = 4_500;

let gallery: Awaited<ReturnType<typeof startGallery>>;
const problems: string[] = [];

const watch = (page: Page) => page.on('pageerror', ({ message }) => problems.push(message));

/** Every page of a test is watched. */
const test = base.extend({
  page: async ({ page }, use) => {
    watch(page);
    await use(page);
  },
});

test.beforeAll(async () => {
  gallery = await startGallery();
});
test.afterAll(() => gallery.close());
test.afterEach(() => {
  expect(problems.splice(0)).toEqual([]);
});

async function open(page: Page, query: string, width = 1440): Promise<void> {
  // All of it is in sight, since what is not is not drawn.
  await page.setViewportSize({ width, height: width > 1_000 ? 2_700 : width > 500 ? 4_500 : 7_500 });
  await page.goto(`${gallery.url}?${query}`);
  await expect(page.locator('figure').first()).toBeVisible();
}

interface Violation {
  readonly id: string;
  readonly nodes: { readonly target: unknown; readonly failureSummary: string }[];
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(root: Document, options: object): Promise<{ violations: Violation[] }> };
    };
    // What is an example in a gallery is a page of its own elsewhere.
    const rules = { 'landmark-unique': { enabled: false }, region: { enabled: false } };
    return (await axe.run(document, { rules })).violations;
  });
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
  );
}

/**
 * Beside what is live and light; all of them under `npm run soak`. What they share is in a card, so some of them show what
 * any of them would.
 */
const EVERYTHING = process.env['SOAK'] === '1';
const LOOKED_AT: readonly (readonly [state: string, theme: string])[] = EVERYTHING
  ? STATES.flatMap((state) => ['light', 'dark'].map((theme) => [state, theme] as const)).slice(1)
  : [['stale', 'dark']];

// One page for both, since neither changes it.
test.describe('what is live', () => {
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    watch(page);
    await open(page, 'state=live&theme=light');
    await page.waitForTimeout(1_500);
  });
  test.afterAll(() => page.close());

  test('axe finds nothing in any element that is live, light', async () => {
    expect(await violations(page)).toEqual([]);
  });

  test('every place that takes the keyboard shows that it has it', async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 160; i++) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        if (!element || element === document.body) return null;
        const look = (each: Element | null) => (each ? getComputedStyle(each).outlineStyle : 'none');
        // A choice shows it on its word.
        const shown = [look(element), look(element.nextElementSibling)].some((style) => style !== 'none');
        const host = (element.getRootNode() as ShadowRoot).host?.localName ?? 'page';
        return { shown, name: `${host} ${element.localName} ${element.className}` };
      });
      if (focus === null) break;
      seen.add(focus.name);
      expect(focus.shown, focus.name).toBe(true);
    }
    for (const part of [
      'telltale-chart div plot',
      'telltale-chart summary',
      'telltale-cores div plot',
      'telltale-processes button',
    ]) {
      expect(
        [...seen].some((name) => name.startsWith(part)),
        part,
      ).toBe(true);
    }
  });
});

for (const [state, theme] of LOOKED_AT) {
  test(`axe finds nothing in any element that is ${state}, ${theme}`, async ({ page }) => {
    await open(page, `state=${state}&theme=${theme}`);
    await page.waitForTimeout(['late', 'stale', 'empty'].includes(state) ? SETTLE_MS : 1_500);
    expect(await violations(page)).toEqual([]);
  });
}

test('no state is blank: each says in words how it is doing', async ({ page }) => {
  await open(page, 'element=cpu');
  const said = (state: string) => page.locator(`[data-state=${state}] telltale-cpu`);
  await expect(said('live').locator('[part=value]')).toHaveText(/\d/);
  await expect(said('loading')).toContainText('Loading history');
  // It is late some seconds after its last event.
  await expect(said('late').locator('[part=notice]')).toContainText('Late: nothing new comes; values are');
  await expect(said('stale').locator('[part=notice]')).toContainText(/Connection lost: .+ values are \d/);
  await expect(said('offline').locator('[part=notice]')).toContainText('Connection lost: the server cannot be reached');
  await expect(said('refused').locator('[part=notice]')).toContainText('Not connected: a token is needed');
  await expect(said('empty').locator('[part=empty]')).toContainText('tells nothing of CPU');
  await expect(said('faulty').locator('[part=notice]')).toContainText('may not be read by this user');
});

test('who hears a chart hears what it shows', async ({ page }) => {
  await open(page, 'element=chart&state=live&at=1700000000000');
  await expect(page.locator('telltale-chart')).toMatchAriaSnapshot(`
    - figure "Load":
      - heading "Load" [level=2]
      - group /Load, last 5 min\\. Now. Load 1 min [\\d.]+, Load 5 min [\\d.]+, Load 15 min [\\d.]+/
      - list:
        - listitem:
          - button /Load 1 min [\\d.]+/ [pressed]
        - listitem:
          - button /Load 5 min/ [pressed]
        - listitem:
          - button /Load 15 min/ [pressed]
      - group: Table
  `);
});

test('a table sorts by columns for which it has no room', async ({ page }) => {
  await open(page, 'element=processes-filterable&state=live&at=1700000000000', 360);
  const column = (name: string) => page.getByRole('columnheader', { name });
  const sort = page.getByRole('combobox', { name: 'Sort by' });
  await expect(sort).toHaveValue('cpu');
  await page.getByRole('combobox', { name: 'Group by' }).selectOption('nothing');
  await expect(column('Threads')).toBeHidden();
  await sort.selectOption('Threads');
  await expect(column('Threads')).toHaveAttribute('aria-sort', 'descending');
  await expect(column('Threads')).toBeVisible();
  const most = page.locator('tbody tr:first-child td:nth-last-child(2)');
  const descending = Number(await most.textContent());
  // What it is sorted by has a button again, which turns it round.
  await page.getByRole('button', { name: 'Threads' }).click();
  await expect(column('Threads')).toHaveAttribute('aria-sort', 'ascending');
  expect(Number(await most.textContent())).toBeLessThan(descending);
  await expect(sort).toHaveValue('threads');
  // Where there is room for all of them, each has a button.
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.locator('figure').evaluate(({ style }) => {
    style.width = '700px';
  });
  await expect(column('PID')).toBeVisible();
  await expect(sort).toBeHidden();
});

const SIZES = [320, 768, 1_440].flatMap((width) => ['light', 'dark'].map((theme) => [width, theme] as const));

for (const [width, theme] of EVERYTHING ? SIZES : ([[320, 'light']] as const)) {
  test(`nothing is wider than ${width} pixels, ${theme}`, async ({ page }) => {
    await open(page, `theme=${theme}&state=live`, width);
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: `${PICTURES}gallery-${width}-${theme}.png`, fullPage: true });
    const overflow = await page.locator(':root').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(overflow).toBe(0);
  });
}
