import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { type RunningServer, startServer } from '../support/server.ts';

/**
 * Photographs the page at a large and a small size in both themes. With TELLTALE_SCREENSHOTS=1 the pictures replace
 * those that the README shows; else they are left with the other results for whoever wants to look.
 */
const DIRECTORY = process.env['TELLTALE_SCREENSHOTS']
  ? fileURLToPath(new URL('screenshots/', import.meta.url))
  : fileURLToPath(new URL('../../test-results/screenshots/', import.meta.url));

let server: RunningServer;

test.beforeAll(async () => {
  server = await startServer();
});

test.afterAll(async () => {
  await server.stop();
});

for (const [width, height] of [
  [1440, 900],
  [360, 740],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the dashboard at ${width} pixels, ${colorScheme}`, async ({ browser }) => {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme });
      await page.goto(server.url);
      await expect(page.locator('telltale-status [part=state]')).toHaveText('Live');
      await expect(page.locator('telltale-cpu [part=value]')).toContainText('%');
      // The page is as dark or light as was asked for.
      const brightness = await page.evaluate(() => {
        const context = document.createElement('canvas').getContext('2d');
        if (!context) throw new Error('no canvas');
        context.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
        context.fillRect(0, 0, 1, 1);
        return context.getImageData(0, 0, 1, 1).data[0] ?? 0;
      });
      expect(brightness > 128 ? 'light' : 'dark').toBe(colorScheme);
      const picture = await page.screenshot({
        path: `${DIRECTORY}dashboard-${width}-${colorScheme}.png`,
        fullPage: true,
      });
      expect(picture.length).toBeGreaterThan(10_000);
      await page.close();
    });
  }
}
