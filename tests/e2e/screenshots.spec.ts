import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { type RunningServer, startServer } from '../support/server.ts';

/**
 * Photographs the page at a large and a small size in both themes, for whoever wants to look. With TELLTALE_SCREENSHOTS
 * set to the address of a server that has been running for a while, it is photographed for the README. Nobody looks at
 * every change, so `playwright.config.ts` leaves it out otherwise: what a program can see of it is in `layout.spec.ts`
 * and `painted.spec.ts`.
 */
const FOR_README = process.env['TELLTALE_SCREENSHOTS'];
const DIRECTORY = fileURLToPath(
  new URL(FOR_README ? 'screenshots/' : '../../test-results/screenshots/', import.meta.url),
);

let server: RunningServer | null = null;
let url: string;

test.beforeAll(async () => {
  server = FOR_README ? null : await startServer();
  url = server?.url ?? FOR_README ?? '';
});

test.afterAll(async () => {
  await server?.stop();
});

for (const [width, height] of [
  [1440, 900],
  [360, 740],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the dashboard at ${width} pixels, ${colorScheme}`, async ({ browser }) => {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme });
      await page.goto(url);
      await expect(page.locator('telltale-status [part=state]')).toHaveText('Live');
      await expect(page.locator('telltale-summary .value').first()).toContainText('%');
      // The page is as dark or light as was asked for.
      const brightness = await page.evaluate(() => {
        const context = document.createElement('canvas').getContext('2d');
        if (!context) throw new Error('no canvas');
        context.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
        context.fillRect(0, 0, 1, 1);
        return context.getImageData(0, 0, 1, 1).data[0] ?? 0;
      });
      expect(brightness > 128 ? 'light' : 'dark').toBe(colorScheme);
      // What is out of sight is not drawn: all of it is in sight.
      const all = await page.locator(':root').evaluate(({ scrollHeight }) => scrollHeight);
      await page.setViewportSize({ width, height: Math.min(all, 4_000) });
      // The second look at the processes is the first that knows what they use.
      await expect(page.locator('telltale-processes tbody')).toContainText('%');
      // What is usual is asked for late.
      if (FOR_README) await expect(page.getByRole('region', { name: 'Unusual now' })).toContainText(/\w/);
      const picture = await page.screenshot({
        path: `${DIRECTORY}dashboard-${width}-${colorScheme}.png`,
        fullPage: true,
      });
      expect(picture.length).toBeGreaterThan(10_000);
      await page.close();
    });
  }
}
