import { expect, type Page, test } from '@playwright/test';
import { type RunningServer, startServer } from '../support/server.ts';

// How the page stands, by the boxes that a browser lays out (`painted.spec.ts` has what it paints): these are the same
// whatever fonts a machine has, and a layout that is broken is one that overlaps, hides, moves or does not fit.

let server: RunningServer;

test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  await server.stop();
});

interface Box {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

async function open(page: Page, hash = ''): Promise<void> {
  await page.goto(`${server.url}/${hash}`);
  await expect(page.locator('telltale-status [part=state]')).toHaveText('Live');
}

const boxesOf = (page: Page, selector: string): Promise<Box[]> =>
  page.locator(selector).evaluateAll((elements) =>
    elements.map((element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return { name: element.textContent?.trim().slice(0, 30) ?? '', left, top, right, bottom };
    }),
  );

/** Pairs that lie on each other by more than a border. */
function overlaps(boxes: readonly Box[]): string[] {
  return boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter((b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
      .map((b) => `${a.name} and ${b.name}`),
  );
}

/** What is cut off: more within than there is room for, where nothing says that it may be scrolled. */
const clipped = (page: Page, selector: string): Promise<string[]> =>
  page
    .locator(selector)
    .evaluateAll((elements) =>
      elements
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
        .map((element) => element.textContent?.trim().slice(0, 40) ?? ''),
    );

const PARTS = 'telltale-sidebar, [part=window], telltale-summary, telltale-section .cell';

/** Of a page that is so wide. */
async function expectApart(page: Page, width: number): Promise<void> {
  await expect(page.locator('telltale-processes tbody tr')).not.toHaveCount(0);
  const parts = await boxesOf(page, PARTS);
  expect(parts.length).toBeGreaterThan(12);
  expect(overlaps(parts)).toEqual([]);
  expect(overlaps(await boxesOf(page, 'telltale-summary .vital'))).toEqual([]);
  expect(overlaps(await boxesOf(page, 'header h1, header p, .tools > *'))).toEqual([]);
  expect(await clipped(page, '.vital, .cell, telltale-section .card, telltale-summary')).toEqual([]);
  for (const { name, left, right } of parts) {
    expect(left, name).toBeGreaterThanOrEqual(0);
    expect(right, name).toBeLessThanOrEqual(width);
  }
}

// One page, since they only look at it.
test.describe('a wide screen', () => {
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript(() => {
      const shifts: string[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & {
          value: number;
          sources: { node: Element | null }[];
        })[]) {
          const names = entry.sources.map(({ node }) =>
            node?.nodeType === 1 ? `${node.localName}.${node.className}` : '?',
          );
          shifts.push(`${entry.value.toFixed(3)} ${names.join()}`);
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await open(page);
  });
  test.afterAll(() => page.close());

  test('nothing moves once it is there', { tag: '@chromium' }, async () => {
    await expect(page.locator('telltale-processes tbody tr')).not.toHaveCount(0);
    await expect.poll(() => page.locator('telltale-section canvas').count()).toBe(12);
    const shifts = await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);
    // A hundredth is the edge of a line of text; what people notice begins at ten times that.
    const large = shifts.filter((shift) => Number.parseFloat(shift) > 0.01);
    expect(large).toEqual([]);
  });

  test('twelve charts are on the screen at once, in rows of four', async () => {
    await expect(page.locator('telltale-section canvas')).toHaveCount(12);
    const cells = await boxesOf(page, 'telltale-section .cell');
    const seen = cells.filter(({ bottom }) => bottom <= 900);
    expect(seen.length, 'charts that are whole on the screen').toBe(12);
    const columns = [...new Set(cells.map(({ left }) => Math.round(left)))];
    expect(columns).toHaveLength(4);
    const widths = cells.map(({ left, right }) => right - left);
    expect(Math.max(...widths) - Math.min(...widths)).toBeLessThan(2);
    // None is so low that its lines say nothing.
    const plots = await boxesOf(page, 'telltale-section canvas');
    for (const { top, bottom } of plots) expect(bottom - top).toBeGreaterThan(80);
  });

  test('nothing lies on anything else or is cut off at 1440 pixels', () => expectApart(page, 1440));
});

for (const [width, height] of [
  [768, 1024],
  [360, 740],
] as const) {
  test(`nothing lies on anything else or is cut off at ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page);
    await expectApart(page, width);
  });
}
