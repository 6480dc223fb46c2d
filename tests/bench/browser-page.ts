import type { CDPSession, Page } from '@playwright/test';

// What a page costs a browser, as the browser itself counts it (Chrome DevTools Protocol).

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

/** `Performance.enable` comes first. */
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
