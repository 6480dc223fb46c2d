import { expect, type Page, test } from '@playwright/test';
import type { RunningServer } from '../support/server.ts';
import { startServerUnder } from '../support/server.ts';
import { makeSmallDisk, TROUBLES } from '../support/small-disk.ts';

// Who looks at a server whose disk is in trouble sees a machine as on any other day.

const disk = makeSmallDisk();
if (typeof disk === 'string') console.warn(`a disk in trouble: SKIPPED, ${disk}`);
test.afterAll(() => {
  if (typeof disk !== 'string') disk.remove();
});

interface Told {
  readonly times: number[];
  readonly gaps: number;
  readonly faults: { metric: string; cleared: boolean; reason: string }[];
}

/** What a stream of the browser brings from now on. */
async function listen(page: Page): Promise<() => Promise<Told>> {
  await page.evaluate(() => {
    const told = { times: [] as number[], gaps: 0, faults: [] as object[] };
    const stream = new EventSource('/api/stream');
    stream.addEventListener('cpu', ({ data }) => told.times.push(JSON.parse(data).at));
    stream.addEventListener('gap', () => told.gaps++);
    stream.addEventListener('fault', ({ data }) => told.faults.push(JSON.parse(data)));
    Object.assign(window, { told });
  });
  return () => page.evaluate(() => (window as unknown as { told: Told }).told);
}

async function recorded({ url }: RunningServer, from: number, to: number): Promise<number[]> {
  const query = `series=cpu.usage&from=${from}&to=${to}&points=2000`;
  const { times, series } = await (await fetch(`${url}/api/history?${query}`)).json();
  return times.filter((_: number, i: number) => series['cpu.usage'].avg[i] !== null);
}

for (const trouble of typeof disk === 'string' ? [] : TROUBLES) {
  test(`a disk that ${trouble.how} is nothing that the page shows less for`, {
    tag: trouble.how === 'is full' ? [] : '@soak',
  }, async ({ page }) => {
    if (typeof disk === 'string') return;
    const server = await startServerUnder(disk.command, '--data', disk.data);
    const problems: string[] = [];
    page.on('pageerror', ({ message }) => problems.push(message));
    await page.goto(`${server.url}/#section=cpu`);
    const state = page.locator('telltale-status [part=state]');
    await expect(state).toHaveText('Live');
    const told = await listen(page);
    const faults = async (cleared: boolean) =>
      (await told()).faults.filter((fault) => fault.metric === 'history' && fault.cleared === cleared);
    const usage = page.locator('telltale-cpu [part=value]');

    trouble.begin(disk, server.pid);
    await expect.poll(() => faults(false)).not.toEqual([]);
    expect((await faults(false))[0]?.reason).toMatch(trouble.said);
    const before = (await told()).times.length;
    const text = await usage.textContent();
    await expect(usage).not.toHaveText(text ?? '');
    await expect.poll(async () => (await told()).times.length).toBeGreaterThan(before + 2);
    await expect(state).toHaveText('Live');
    trouble.end(disk, server.pid);
    await expect.poll(() => faults(true)).not.toEqual([]);

    // Every second was seen as it came, and is remembered.
    const { times, gaps } = await told();
    expect(gaps).toBe(0);
    expect(Math.max(...times.slice(1).map((at, i) => at - (times[i] as number)))).toBeLessThan(1_900);
    const [first, last] = [times[0] as number, times.at(-1) as number];
    const steps = times.map((at) => Math.ceil(at / 1_000) * 1_000);
    expect(await recorded(server, first - 1_000, last)).toEqual(expect.arrayContaining(steps.slice(1, -1)));
    expect(problems).toEqual([]);
    await server.stop();
  });
}
