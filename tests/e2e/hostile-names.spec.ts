import { expect, type Page, test } from '@playwright/test';
import { hostFiles } from '../support/host-files.ts';
import { makeHostileMachine } from '../support/hostile-machine.ts';
import { HOSTILE_INTERFACES, HOSTILE_NAMES } from '../support/hostile-names.ts';
import { ask } from '../support/http.ts';
import { startServer, startServerUnder } from '../support/server.ts';
import { openStream } from '../support/sse.ts';

// Names of the machine on the page: text, whatever is in them.

const HOST_NAME = '<img src=x onerror="window.owned=1">\u202e';
/** Charts have a line for each of a few; that they are all read is tried without a browser. */
const SHOWN = HOSTILE_INTERFACES.filter((name) => name.length < 200).slice(0, 24);

/** Everything that is written on the page and in its shadows, and which elements there are. */
function readPage(): { text: string; tags: string[] } {
  const tags = new Set<string>();
  let text = '';
  const walk = (node: Node) => {
    if (node instanceof Element) {
      tags.add(node.localName);
      if (node.shadowRoot) for (const child of node.shadowRoot.childNodes) walk(child);
      text += ` ${node.getAttribute('title') ?? ''} ${node.getAttribute('aria-label') ?? ''}`;
    } else if (node.nodeType === Node.TEXT_NODE) text += node.textContent;
    for (const child of node.childNodes) walk(child);
  };
  walk(document.body);
  return { text, tags: [...tags] };
}

const PAGES = [
  ['the dashboard', '#section=network'],
  ['a chart for each interface', 'embed/chart?series=network.interfaces.rxBytesPerSecond:*'],
  ['the element of the network', 'embed/network'],
] as const;

/** What a name runs it runs a moment after it is in the page. */
const SETTLE_MS = 500;

/** Looks at all that a page tells of its names: a chart, its legend, what it says where it is pointed at, its table. */
async function lookAround(page: Page, isThere: (text: string) => boolean): Promise<string> {
  await expect.poll(async () => isThere(await textOf(page))).toBe(true);
  await expect(page.getByText('Loading history')).toHaveCount(0);
  // All at once: there are dozens, and each would be scrolled to.
  await page.getByText('Table', { exact: true }).evaluateAll((all) => {
    for (const each of all) (each as HTMLElement).click();
  });
  const chart = page.locator('canvas').first();
  if ((await chart.count()) > 0) await chart.hover();
  await page.waitForTimeout(SETTLE_MS);
  return textOf(page);
}

/** Notes whatever a name has done on a page that is about to be opened. */
async function watchFor(page: Page, url: string): Promise<readonly string[]> {
  const wrong: string[] = [];
  page.on('dialog', (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', ({ message }) => wrong.push(message));
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) wrong.push(`asked elsewhere: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && response.status() !== 404) wrong.push(`${response.status()}: ${response.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, sample }) => {
      console.error(`policy: ${violatedDirective} ${sample}`);
    });
  });
  page.on('console', (message) => {
    // No icon in a frame, and no processes a minute ago.
    if (message.type() === 'error' && !message.text().includes('404')) wrong.push(message.text());
  });
  return wrong;
}

/** What is written on the page; no name has become an element, and none has run. */
async function textOf(page: Page): Promise<string> {
  const { text, tags } = await page.evaluate(readPage);
  const known =
    /^(telltale-[a-z-]+|body|main|header|footer|section|figure|figcaption|div|span|p|h1|h2|h3|canvas|button|ul|ol|li|dl|dt|dd|table|caption|thead|tbody|tr|th|td|details|summary|svg|path|line|g|rect|circle|polyline|title|label|input|select|option|slot|noscript|fieldset|legend|output|time|b|bdi|strong|small|a|style|dialog|nav|form|meter|progress|pre|code|textarea|kbd|em|i|abbr)$/;
  expect(tags.filter((tag) => !known.test(tag))).toEqual([]);
  expect(await page.evaluate(() => 'owned' in window)).toBe(false);
  return text;
}

for (const [what, path] of PAGES) {
  test(`S10: hostile names are text on ${what}`, { tag: path.startsWith('#') ? [] : '@soak' }, async ({ page }) => {
    const host = await hostFiles(SHOWN);
    const server = await startServer(...host.args, '--interval', '500ms', '--host-name', HOST_NAME);
    const wrong = await watchFor(page, server.url);
    try {
      await page.goto(`${server.url}/${path}`);
      const text = await lookAround(page, (told) => SHOWN.filter((name) => told.includes(name)).length > 7);
      if (path.startsWith('#')) expect(text).toContain(HOST_NAME);
      expect(wrong).toEqual([]);
    } finally {
      await server.stop();
      await host.remove();
    }
  });
}

test('S11: a script that writes markup into the page is stopped by its policy', { tag: '@chromium' }, async ({
  page,
}) => {
  const server = await startServer();
  try {
    await page.goto(server.url);
    const outcomes = await page.evaluate(
      (names) => {
        const attempt = (write: () => void) => {
          try {
            write();
            return 'written';
          } catch (error) {
            return (error as Error).name;
          }
        };
        return names.map((name) =>
          attempt(() => {
            document.createElement('div').innerHTML = name;
          }),
        );
      },
      HOSTILE_NAMES.slice(0, 5),
    );
    expect(new Set(outcomes)).toEqual(new Set(['TypeError']));
  } finally {
    await server.stop();
  }
});

const machine = makeHostileMachine();
if (typeof machine === 'string') console.warn(`SKIPPED: hostile names of a real machine: ${machine}`);
/** As a cell of the head has it, quoted or not. */
const cellsOf = (csv: string) =>
  [...(csv.split('\r\n')[0] ?? '').matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );

if (typeof machine !== 'string')
  test('S10, S14: hostile names of a real machine are text everywhere', { tag: '@chromium' }, async ({ page }) => {
    test.setTimeout(90_000);
    const server = await startServerUnder(machine.command, '--interval', '500ms', '--log-level', 'debug');
    try {
      const { interfaces, processes, mounts, host } = machine.names();
      // What the kernel took is enough to be worth the trouble.
      expect([interfaces.length > 40, processes.length, mounts.length > 5]).toEqual([true, 15, true]);
      const url = `http://127.0.0.1:${await machine.open(server.port)}`;
      const wrong = await watchFor(page, url);

      const reader = await openStream(`${url}/api/stream?metrics=network,process,filesystem`);
      const event = async (name: string) => (await reader.waitFor((each) => each.name === name)).data;
      const namesOf = (list: readonly { name: string }[]) => list.map(({ name }) => name);
      const { mounts: seen } = await event('filesystem');
      const mounted = namesOf(seen).map((name) => name.slice(name.indexOf('/mnt/') + 5));
      expect(mounted).toEqual(expect.arrayContaining([...mounts]));
      const told = namesOf((await event('network')).interfaces);
      expect(interfaces.filter((name) => !told.includes(name))).toEqual([]);
      const process = await event('process');
      expect(namesOf(process.byMemory)).toEqual(expect.arrayContaining([...processes]));
      reader.close();
      for (const block of reader.blocks()) expect(block.split(/\r\n|\r|\n/).length).toBeLessThanOrEqual(3);
      expect(JSON.parse((await ask(`${url}/api/host`)).body).name).toBe(host[0]);

      for (const [path, least] of [
        ['network.interfaces.rxBytes:*', interfaces.length],
        ['filesystem.mounts.usedPercent:*', mounts.length],
      ] as const) {
        const csv = { accept: 'text/csv' };
        const head = async () =>
          cellsOf((await ask(`${url}/api/history?series=${path}&from=-1m`, { headers: csv })).body);
        await expect.poll(async () => (await head()).length).toBeGreaterThan(least);
        for (const cell of await head()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }

      const shown: string[] = [];
      for (const [section, names] of Object.entries({ network: interfaces, processes, filesystem: mounts })) {
        await page.goto(`${url}/#section=${section}`);
        // Tables may shorten what is long, and lists have an end; that they are complete is tried above.
        shown.push(await lookAround(page, (told) => names.filter((name) => told.includes(name)).length > 4));
      }
      expect(shown.join(' ')).toContain(host[0]);
      expect(wrong).toEqual([]);
      for (const line of server.stderr().trimEnd().split('\n')) {
        expect(() => JSON.parse(line)).not.toThrow();
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
        expect(line).not.toMatch(/[\u0000-\u001f\u007f]/);
      }
    } finally {
      // The first process of a namespace takes all others with it.
      await server.kill();
      machine.remove();
    }
  });
