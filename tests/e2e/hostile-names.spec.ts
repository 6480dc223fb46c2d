import { expect, test } from '@playwright/test';
import { hostFiles } from '../support/host-files.ts';
import { HOSTILE_INTERFACES, HOSTILE_NAMES } from '../support/hostile-names.ts';
import { startServer } from '../support/server.ts';

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

for (const [what, path] of PAGES) {
  test(`S10: hostile names are text on ${what}`, { tag: path.startsWith('#') ? [] : '@soak' }, async ({ page }) => {
    const host = await hostFiles(SHOWN);
    const server = await startServer(...host.args, '--interval', '500ms', '--host-name', HOST_NAME);
    const wrong: string[] = [];
    page.on('dialog', (dialog) => {
      wrong.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('pageerror', ({ message }) => wrong.push(message));
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url)) wrong.push(`asked elsewhere: ${request.url()}`);
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
    try {
      await page.goto(`${server.url}/${path}`);
      // The longest way: history, a chart, its legend, its table.
      await page.waitForTimeout(4_000);
      const summaries = page.getByText('Table', { exact: true });
      await summaries.evaluateAll((all) => {
        for (const each of all) (each as HTMLElement).click();
      });
      await page.mouse.move(300, 300);
      await page.waitForTimeout(500);
      const { text, tags } = await page.evaluate(readPage);
      const known =
        /^(telltale-[a-z-]+|body|main|header|footer|section|figure|figcaption|div|span|p|h1|h2|h3|canvas|button|ul|ol|li|dl|dt|dd|table|caption|thead|tbody|tr|th|td|details|summary|svg|path|line|g|rect|circle|polyline|title|label|input|select|option|slot|noscript|fieldset|legend|output|time|b|bdi|strong|small|a|style|dialog|nav|form|meter|progress|pre|code|textarea|kbd|em|i|abbr)$/;
      expect(tags.filter((tag) => !known.test(tag))).toEqual([]);
      expect(await page.evaluate(() => 'owned' in window)).toBe(false);
      if (path.startsWith('#')) expect(text).toContain(HOST_NAME);
      expect(SHOWN.filter((name) => text.includes(name)).length).toBeGreaterThan(7);
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
