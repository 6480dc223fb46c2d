import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { test as base, type Download, expect, type Page } from '@playwright/test';
import { type RunningServer, startServer } from '../support/server.ts';

// A recording is made in the page, saved as a file, and played in the page.

let server: RunningServer;
const problems: string[] = [];

async function openLive(page: Page): Promise<void> {
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(`${server.url}/#section=cpu`);
  await expect(state(page)).toHaveText('Live');
}

/** Every page of a test is watched, and begins with what is live. */
const test = base.extend({
  page: async ({ page }, use) => {
    await openLive(page);
    await use(page);
  },
});

test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  await server.stop();
});
/** Whatever is in a recording, the page throws nothing and breaks no rule of its content policy. */
test.afterEach(() => {
  expect(problems.splice(0)).toEqual([]);
});

const state = (page: Page) => page.locator('telltale-status [part=state]');
const bar = (page: Page) => page.getByRole('region', { name: 'Recording' });
const slider = (page: Page) => page.getByRole('slider', { name: 'Position' });
const usage = (page: Page) => page.locator('telltale-cpu [part=value]');

async function textOf(download: Download): Promise<string> {
  const bytes = readFileSync(await download.path());
  return (download.suggestedFilename().endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}

const nothing = (fields: readonly string[]) => Object.fromEntries(fields.map((field) => [field, null]));
const SHARES = ['usage', 'user', 'nice', 'system', 'interrupt', 'steal', 'guest', 'iowait', 'idle'];
const CPU = [...SHARES, 'load1', 'load5', 'load15', 'running', 'blocked', 'contextSwitchesPerSecond', 'quota'];
const AT = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A recording of so many seconds, in each of which one percent more is used, and after a hundred of them none again. */
function recording(seconds: number, name: string, cores: readonly string[] = []): string {
  const head = { telltale: 'recording', protocol: 1, version: '0.1.0', recordedAt: AT, host: { id: 'x', name } };
  const lines = Array.from({ length: seconds }, (_, i) => ({
    event: 'cpu',
    data: {
      ...{ at: AT + i * 1_000, elapsedMs: 1_000, ...nothing(CPU), usage: i % 100, user: i % 100 },
      cores: cores.map((core) => ({ name: core, ...nothing(SHARES), usage: i % 100 })),
    },
  }));
  return [{ ...head, metrics: { cpu: 1_000 } }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

const open = (page: Page, content: string | Buffer, name = 'incident.ndjson') =>
  page
    .locator('telltale-recordings input')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });

/** Drops a file on the page, as a person does. */
const drop = (page: Page, content: string, name: string) =>
  page.evaluate(
    ([text, name]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text as string], name as string));
      const target = document.elementFromPoint(200, 300);
      for (const type of ['dragenter', 'dragover', 'drop']) {
        target?.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, composed: true }));
      }
    },
    [content, name],
  );

// Firefox tells nobody of its downloads over WebDriver BiDi.
test('what comes is recorded, saved as a file, and can be played', { tag: '@chromium' }, async ({ page }) => {
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  const stop = page.getByRole('button', { name: 'Stop and save' });
  await expect(page.locator('telltale-recordings')).toContainText(/Recording: [3-9] s, [\d.]+\s?KiB/);
  // One more reader of the same events is no other connection.
  await expect.poll(async () => (await (await fetch(`${server.url}/healthz`)).json()).subscribers).toBe(1);
  const [download] = await Promise.all([page.waitForEvent('download'), stop.click()]);
  const host = await (await fetch(`${server.url}/api/host`)).json();
  expect(download.suggestedFilename()).toMatch(/^telltale-[\w.-]+-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.ndjson\.gz$/);
  const text = await textOf(download);
  const [head, ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { telltale, ...machine } = host;
  expect(head).toMatchObject({ telltale: 'recording', protocol: 1, source: 'live', host: machine });
  expect(head.metrics).toMatchObject({ cpu: 1_000, memory: 1_000 });
  const times = lines.filter(({ event }) => event === 'cpu').map(({ data }) => data.at);
  expect(times.length).toBeGreaterThanOrEqual(3);
  expect(times).toEqual([...new Set(times)].sort());
  await expect(page.getByRole('button', { name: 'Record', exact: true })).toBeVisible();

  await open(page, readFileSync(await download.path()), 'it-may-be.called');
  await expect(bar(page)).toContainText(`Recording of ${host.name}, not live`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(host.name);
  await expect(page.locator('header')).toContainText(host.os.kernel);
});

test('what is saved is whole, in every browser', { tag: '@soak' }, async ({ page }) => {
  await page.evaluate(() => {
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob: Blob) => {
      Object.assign(window, { saved: blob });
      return make.call(URL, blob);
    };
  });
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await expect(page.locator('telltale-recordings')).toContainText(/Recording: [3-9] s/);
  await page.getByRole('button', { name: 'Stop and save' }).click();
  await page.waitForFunction(() => 'saved' in window);
  const bytes = await page.evaluate(async () => [
    ...new Uint8Array(await (window as unknown as { saved: Blob }).saved.arrayBuffer()),
  ]);
  const [head, ...lines] = gunzipSync(Buffer.from(bytes)).toString().trimEnd().split('\n');
  expect(JSON.parse(head ?? '')).toMatchObject({ telltale: 'recording', source: 'live' });
  expect(lines.map((line) => JSON.parse(line).event)).toContain('memory');
});

// One page, which is live again after the first.
test.describe('in one page', () => {
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    await openLive(page);
  });
  test.afterAll(() => page.close());

  test('a recording that is dropped is shown in place of the machine, until somebody wants it back', async () => {
    await drop(page, recording(60, 'the incident'), 'incident.ndjson');
    await expect(bar(page)).toContainText('Recording of the incident, not live');
    await expect(state(page)).toHaveText('Recording');
    await expect(page).toHaveTitle('(recording) the incident · Telltale');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('the incident');
    await expect(usage(page)).toContainText(/^[1-9]/);
    await page.getByRole('button', { name: 'Back to live' }).click();
    await expect(bar(page)).toHaveCount(0);
    await expect(state(page)).toHaveText('Live');
    const host = await (await fetch(`${server.url}/api/host`)).json();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(host.name);
  });

  test('it is played, paused and moved by keyboard alone', async () => {
    const file = { name: 'a', mimeType: '', buffer: gzipSync(recording(100, 'vm')) };
    page.on('filechooser', (chooser) => void chooser.setFiles(file));
    await page.getByRole('button', { name: 'Open a recording' }).focus();
    await expect(page.getByRole('button', { name: 'Open a recording' })).toBeFocused();
    await page.keyboard.press('Enter');
    // Whoever opened it goes on where it is played.
    await expect(bar(page).getByRole('button', { name: 'Pause' })).toBeFocused();
    await page.keyboard.press('Space');
    await expect(page.getByRole('button', { name: 'Play' })).toBeFocused();
    const value = await usage(page).textContent();
    await page.waitForTimeout(1_500);
    await expect(usage(page)).toHaveText(value ?? '');
    await expect(state(page)).toHaveText('Recording');
    await page.keyboard.press('Tab');
    await expect(slider(page)).toBeFocused();
    await page.keyboard.press('End');
    await expect(usage(page)).toHaveText(/^99/);
    await expect(slider(page)).toHaveAttribute('aria-valuetext', /1:39 of 1:39$/);
    await page.keyboard.press('Home');
    await expect(usage(page)).toHaveText(/^0/);
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
    await expect(usage(page)).toHaveText(/^5/);
    // What is not yet is not drawn: the chart of a recording that is at its fifth second ends there.
    await expect(page.getByRole('group', { name: /^CPU,/ })).toHaveAccessibleName(/User 5\.0/);
  });
});

test('it is played at another speed, comes to an end, and stands still there', { tag: '@soak' }, async ({ page }) => {
  await open(page, recording(90, 'vm'));
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('60×');
  await expect(bar(page)).toContainText('ended');
  await expect(usage(page)).toHaveText(/^89/);
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await page.waitForTimeout(4_000);
  await expect(state(page)).toHaveText('Recording');
  await expect(page.locator('telltale-cpu .stale')).toHaveCount(0);
  await page.getByRole('button', { name: 'Play' }).click();
  await expect(usage(page)).not.toHaveText(/^89/);
});

test('nothing is empty while somebody moves through it', async ({ page }) => {
  await open(page, recording(300, 'vm', ['0', '1']));
  await bar(page).getByRole('button', { name: 'Pause' }).click();
  await slider(page).press('End');
  await expect(usage(page)).toHaveText(/^99/);
  const empty = await page.evaluate(async () => {
    const bar = document.querySelector('telltale-replay')?.shadowRoot;
    const input = bar?.querySelector('input') as HTMLInputElement;
    const within = (root: ParentNode | null | undefined, ...tags: string[]) =>
      tags.reduce<ParentNode | null | undefined>((at, tag) => at?.querySelector(tag)?.shadowRoot, root);
    const section = within(document, 'telltale-dashboard', 'telltale-overview', 'telltale-section');
    const card = within(section, 'telltale-cpu');
    if (!card) throw new Error('there is no card to look at');
    let empty = 0;
    for (let i = 0; i < 60; i++) {
      input.value = String((i % 20) * 10_000 + 50_000);
      input.dispatchEvent(new Event('input'));
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const value = card.querySelector('[part=value]')?.textContent;
      const notes = within(card, 'telltale-chart')?.querySelectorAll('.note');
      if (value === '–' || notes?.length !== 0) empty++;
    }
    return empty;
  });
  expect(empty).toBe(0);
  // The last wish counts.
  await expect(slider(page)).toHaveAttribute('aria-valuetext', /4:00 of 4:59$/);
  await expect(usage(page)).toHaveText(/^40/);
});

test('a recording is only ever text, whatever is written in it', async ({ page }) => {
  const evil = '<img src=x onerror="document.title=\'owned\'">\u202e"\'';
  const broken = 'not json\n{"event":"cpu","data":{"at":"x"}}\n{"event":"weather","data":{}}\n';
  await open(page, recording(30, evil, [evil, '__proto__', 'constructor']) + broken, `${evil}.ndjson`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(evil);
  await expect(bar(page)).toContainText('2 lines cannot be read and are passed over.');
  await expect(bar(page)).toContainText('1 line of a kind that is not known here is passed over.');
  await expect(page.locator('telltale-cpu').getByRole('listitem').first()).toContainText(evil);
  await expect(page.locator('img')).toHaveCount(0);
});

for (const [what, content, message] of [
  ['a letter', 'Dear all,\n', 'is no recording of Telltale'],
  ['nothing', '', 'is no recording of Telltale'],
  [
    'a first line alone',
    '{"telltale":"recording","protocol":1,"recordedAt":1}\n',
    'is a recording in which nothing was recorded',
  ],
  ['half a first line', '{"telltale":"recording","protocol":1}', 'has a first line that cannot be read: recordedAt'],
] as const) {
  test(`who opens ${what} is told what is wrong, and sees the machine as before`, {
    tag: what === 'a letter' ? [] : '@soak',
  }, async ({ page }) => {
    await open(page, content, 'letter.txt');
    await expect(page.locator('telltale-recordings').getByRole('alert')).toContainText(`letter.txt ${message}`);
    await expect(state(page)).toHaveText('Live');
  });
}

test('a recording that was cut off is played up to there', { tag: '@soak' }, async ({ page }) => {
  const whole = gzipSync(recording(200, 'vm'));
  await open(page, whole.subarray(0, whole.length - 40), 'cut.gz');
  await expect(bar(page)).toContainText('Its end is missing: it was cut off.');
  await bar(page).getByRole('button', { name: 'Pause' }).click();
  await slider(page).press('End');
  await expect(usage(page)).toHaveText(/^[1-9]/);
});

test('what history does not keep is said', { tag: '@soak' }, async ({ page }) => {
  const [head = '', ...rest] = recording(5, 'vm').split('\n');
  const absent = ['gap', 'network.interfaces.kind', '<b>'];
  await open(page, [JSON.stringify({ ...JSON.parse(head), source: 'history', absent }), ...rest].join('\n'));
  await page.getByText('Made from history: 3 things are not in it').click();
  await expect(bar(page)).toContainText('gap, network.interfaces.kind, <b>');
});

for (const width of [360, 1440]) {
  test(`nothing has to be scrolled sideways at ${width} pixels while a recording is played`, { tag: '@soak' }, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 800 });
    await open(page, recording(30, 'a-host-with-a-name-that-is-longer-than-a-phone-is-wide.example.org'));
    await expect(bar(page)).toBeVisible();
    const room = await page.locator(':root').evaluate(({ clientWidth }) => clientWidth);
    expect(await page.locator(':root').evaluate(({ scrollWidth }) => scrollWidth)).toBe(room);
  });
}
