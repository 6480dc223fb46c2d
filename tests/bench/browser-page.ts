import type { Browser, CDPSession, ConsoleMessage, Page } from '@playwright/test';

// What a page costs a browser, as the browser itself counts it (Chrome DevTools Protocol).

/** A window that has just been opened loads pages of its own, the list below its address bar among them. */
const WINDOW_MS = 2_000;

/** A page in a window that is there already, as it is for whoever follows a link or types an address. */
export async function pageInOldWindow(browser: Browser): Promise<Page> {
  // A context of its own has nothing cached.
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
  const page = await context.newPage();
  await page.waitForTimeout(WINDOW_MS);
  return page;
}

/** Counts from here on, of its main thread the time that it had a processor. */
export async function watchCosts(page: Page): Promise<CDPSession> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  return cdp;
}

export interface Cost {
  /** Ms of main thread in a second: all tasks, and scripts among them. */
  readonly tasks: number;
  readonly scripts: number;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

export const row = (label: string, cells: readonly string[]): void =>
  console.log(`${label.padEnd(26)}${cells.map((cell) => cell.padStart(13)).join('')}`);

async function metricsOf(cdp: CDPSession): Promise<ReadonlyMap<string, number>> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return new Map(metrics.map(({ name, value }) => [name, value]));
}

/** With a session of {@link watchCosts}. */
export async function costOf(page: Page, cdp: CDPSession, seconds: number): Promise<Cost> {
  const before = await metricsOf(cdp);
  await page.waitForTimeout(seconds * 1_000);
  const after = await metricsOf(cdp);
  const rate = (name: string) => {
    const elapsed = (after.get('Timestamp') ?? 0) - (before.get('Timestamp') ?? 0);
    return (1_000 * ((after.get(name) ?? 0) - (before.get(name) ?? 0))) / elapsed;
  };
  return { tasks: rate('TaskDuration'), scripts: rate('ScriptDuration') };
}

/** What is left on the heap after a collection. */
export async function heapOf(cdp: CDPSession): Promise<{ bytes: number; nodes: number }> {
  for (let i = 0; i < 3; i++) await cdp.send('HeapProfiler.collectGarbage');
  const metrics = await metricsOf(cdp);
  return { bytes: metrics.get('JSHeapUsedSize') ?? 0, nodes: metrics.get('Nodes') ?? 0 };
}

/** From navigation until something is drawn on a canvas by one of these, in ms; `null` where nothing is for so long. */
export async function untilDrawn(
  browser: Browser,
  url: string,
  by: readonly ('fill' | 'stroke')[],
  patienceMs = 30_000,
): Promise<number | null> {
  const page = await pageInOldWindow(browser);
  await page.addInitScript((methods) => {
    let told = false;
    for (const method of methods) {
      const draw = CanvasRenderingContext2D.prototype[method];
      CanvasRenderingContext2D.prototype[method] = function (this: CanvasRenderingContext2D, ...args: unknown[]) {
        if (!told) console.debug('drawn', performance.now());
        told = true;
        return Reflect.apply(draw, this, args);
      };
    }
  }, by);
  // Told rather than asked: a question of Playwright's is a script of some hundred kB that the page would compile first.
  const options = { predicate: (message: ConsoleMessage) => message.text().startsWith('drawn'), timeout: patienceMs };
  const drawn = page.waitForEvent('console', options).catch(() => null);
  await page.goto(url, { waitUntil: 'commit' });
  const message = await drawn;
  await page.context().close();
  return message && Number(message.text().slice('drawn '.length));
}
