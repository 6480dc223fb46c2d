import { expect, type Page, test } from '@playwright/test';
import { more, save } from '../support/panel-menu.ts';
import { type RunningServer, startServer } from '../support/server.ts';

// A chart as a picture, which has to explain itself where nobody sees the page.

let server: RunningServer;

test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  await server.stop();
});

/** In pixels of the page, from the left and the top of the picture, or less than nothing from its right and bottom. */
const PLACES = {
  title: [16, 16, 40, 20],
  facts: [16, 38, 60, 18],
  axis: [16, 60, 50, 90],
  // The newest values: a server that has just begun has no others.
  line: [-36, 60, 20, 90],
  legend: [16, -44, 60, 18],
} as const;

interface Look {
  readonly width: number;
  readonly height: number;
  /** The colour of its first pixel, as a grey of 255, and how far its edges are from that. */
  readonly paper: number;
  readonly edges: number;
  /** How far the most different pixel of a place is from the paper, and two that are side by side from each other. */
  readonly places: Readonly<Record<keyof typeof PLACES, { readonly ink: number; readonly step: number }>>;
}

/** Looks at a picture in a page, which has what that takes. */
const look = (page: Page, bytes: Buffer, scale: number): Promise<Look> =>
  page.evaluate(
    async ([base64, places, scale]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${base64}`;
      await image.decode();
      const { width, height } = image;
      const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
      if (!context) throw new Error('no canvas');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      const grey = (x: number, y: number) => {
        const at = 4 * (y * width + x);
        return ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3;
      };
      const paper = grey(0, 0);
      const most = (left: number, top: number, right: number, bottom: number) => {
        let [ink, step] = [0, 0];
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) {
            ink = Math.max(ink, Math.abs(grey(x, y) - paper));
            if (x > left) step = Math.max(step, Math.abs(grey(x, y) - grey(x - 1, y)));
          }
        }
        return { ink, step };
      };
      const found = Object.entries(places).map(([name, [left, from, wide, high]]) => {
        const x = left * scale + (left < 0 ? width : 0);
        const y = from * scale + (from < 0 ? height : 0);
        return [name, most(x, y, x + wide * scale, y + high * scale)] as const;
      });
      const edge = 8 * scale;
      const edges = [
        most(0, 0, width, edge),
        most(0, height - edge, width, height),
        most(0, 0, edge, height),
        most(width - edge, 0, width, height),
      ];
      return {
        ...{ width, height, paper, edges: Math.max(...edges.map(({ ink }) => ink)) },
        places: Object.fromEntries(found) as never,
      };
    },
    [bytes.toString('base64'), PLACES, scale] as const,
  );

// Firefox tells nobody of its downloads over WebDriver BiDi.
for (const [colorScheme, section, scale] of [
  ['light', '', 3],
  ['dark', '#section=cpu', 2],
] as const) {
  test(`a picture of a chart is sharp and explains itself, ${colorScheme}`, { tag: '@chromium' }, async ({
    page,
    context,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${server.url}/${section}`);
    const canvas = page.getByRole('group', { name: /^Load, .* Load 1 min \d/ }).locator('canvas');
    const sizes = () => canvas.evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.clientWidth]);
    await expect(async () => expect(await sizes()).not.toContain(0)).toPass();
    const [, shown = 0] = await sizes();
    const { name, bytes } = await save(page, more(page, 'Load: more'), 'Save picture');
    expect(name).toMatch(/-Load-.*\.png$/);
    // The one on the screen is as fine as the screen, as before.
    expect(await sizes()).toEqual([shown, shown]);

    const { width, paper, edges, places } = await look(await context.newPage(), bytes, scale);
    expect(width).toBe((shown + 32) * scale);
    expect(paper > 128 ? 'light' : 'dark').toBe(colorScheme);
    expect(edges).toBe(0);
    for (const [place, { ink }] of Object.entries(places)) expect(ink, place).toBeGreaterThan(40);
    // Letters that were made larger have softer edges than this.
    expect(places.axis.step / places.axis.ink).toBeGreaterThan(0.7);
  });
}
