import { readdirSync, readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';
import { type Cost, costOf, heapOf, median, row, untilDrawn, watchCosts } from './browser-page.ts';
import { type BenchServer, CHARTS, FIELDS, type Load, startBenchServer } from './browser-server.ts';
import { startWithPast } from './server-with-past.ts';

// What a page of charts costs a browser: ours, with everything that an element does, against the same charts by others,
// all fed by one stream that one server sends.

const SIDES = ['telltale', 'uPlot', 'Chart.js'] as const;
type Side = (typeof SIDES)[number];

interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly compressedTicks: number;
}
const FULL: Plan = { rounds: 3, seconds: 8, compressedTicks: 3_600 };
const QUICK: Plan = { rounds: 1, seconds: 3, compressedTicks: 300 };
const SETTLE_MS = 2_500;

const LOADS: readonly (readonly [string, Load])[] = [
  ['300 points at 1 Hz', { points: 300, stepMs: 1_000, everyMs: 1_000 }],
  ['300 points at 10 Hz', { points: 300, stepMs: 100, everyMs: 100 }],
  ['3,600 points at 1 Hz', { points: 3_600, stepMs: 1_000, everyMs: 1_000 }],
];

const WEB = join(process.cwd(), 'server', 'dist', 'web');

/** A page of twelve charts, by side. */
function pageOf(side: string, { points, stepMs }: Load): string {
  const bench = JSON.stringify({ side, points, fields: FIELDS, charts: CHARTS }).replaceAll('"', '&quot;');
  const style = '<style>body{display:flex;flex-wrap:wrap;gap:8px;margin:8px}telltale-chart{width:440px}</style>';
  if (side !== 'telltale') {
    return `<!doctype html><title>${side}</title>${style}<body data-bench="${bench}"><script type="module" src="/peers.js"></script>`;
  }
  const charts = Array.from({ length: CHARTS }, (_, core) => {
    const series = FIELDS.map((field) => `cpu.cores.${field}:${core}`).join(',');
    return `<telltale-chart series="${series}"></telltale-chart>`;
  });
  const range = `<telltale-time-range last="${(points * stepMs) / 1_000}s" hidden></telltale-time-range>`;
  return `<!doctype html><title>${side}</title>${style}<body>${range}${charts.join('')}<script type="module" src="/embed.js"></script>`;
}

type Open = <T>(side: Side, run: (page: Page, cdp: CDPSession) => Promise<T>) => Promise<T>;

async function speed(open: Open, server: BenchServer, plan: Plan): Promise<void> {
  for (const [name, load] of LOADS) {
    server.load = load;
    const costs = new Map<Side, Cost[]>(SIDES.map((side) => [side, []]));
    for (let round = 0; round < plan.rounds; round++) {
      for (const side of SIDES) {
        const cost = await open(side, async (page, cdp) => {
          await page.waitForTimeout(SETTLE_MS);
          return costOf(page, cdp, plan.seconds);
        });
        costs.get(side)?.push(cost);
      }
    }
    console.log('');
    row(`${CHARTS} charts, ${name}`, ['tasks ms/s', 'ratio', 'scripts ms/s']);
    const tasks = (side: Side) => median((costs.get(side) ?? []).map((cost) => cost.tasks));
    for (const side of SIDES) {
      const scripts = median((costs.get(side) ?? []).map((cost) => cost.scripts));
      row(side, [tasks(side).toFixed(1), (tasks(side) / tasks('telltale')).toFixed(2), scripts.toFixed(1)]);
    }
  }
}

async function memory(open: Open, server: BenchServer, ticks: number, sides: readonly Side[]): Promise<void> {
  server.load = { points: 300, stepMs: 1_000, everyMs: 0 };
  console.log('');
  row(`${ticks.toLocaleString('en')} ticks, compressed`, ['heap MB', 'after MB', 'nodes', 'after']);
  for (const side of sides) {
    const [before, after] = await open(side, async (page, cdp) => {
      await page.waitForTimeout(SETTLE_MS);
      const first = await heapOf(cdp);
      const end = server.ticks + ticks;
      while (server.ticks < end) await page.waitForTimeout(250);
      return [first, await heapOf(cdp)] as const;
    });
    const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
    row(side, [mb(before.bytes), mb(after.bytes), String(before.nodes), String(after.nodes)]);
  }
}

/** Until something of the data is on a chart: the median, after one visit that finds nothing compiled. */
async function firstDrawn(browser: Browser, url: string, by: 'fill' | 'stroke', rounds: number): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) times.push((await untilDrawn(browser, url, [by])) ?? Number.NaN);
  return median(times.slice(1)).toFixed(0);
}

/** Nobody draws an axis before there is data, so the first stroke comes with it; with the real server it is an area. */
async function firstChart(browser: Browser, server: BenchServer, plan: Plan): Promise<void> {
  const rounds = 2 * plan.rounds + 1;
  const real = await startWithPast();
  console.log('');
  row('until the first chart', ['ms']);
  try {
    server.load = { points: 300, stepMs: 1_000, everyMs: 1_000 };
    for (const side of SIDES) {
      const ms = await firstDrawn(browser, `${server.url}/side/${side}`, 'stroke', rounds);
      row(`${side}, ${CHARTS} charts`, [ms]);
    }
    row('one element in a frame', [await firstDrawn(browser, `${real.url}/embed/cpu`, 'fill', rounds)]);
    row('the dashboard', [await firstDrawn(browser, real.url, 'fill', rounds)]);
  } finally {
    await real.stop();
  }
}

function sizes(peers: string): void {
  const gzip = (text: Buffer | string) => `${(gzipSync(text, { level: 9 }).length / 1_000).toFixed(1)} kB`;
  const [dashboard = ''] = readdirSync(join(WEB, 'embed')).filter((name) => name.startsWith('dashboard-'));
  const read = (name: string) => readFileSync(join(WEB, name));
  console.log(
    `\nembed.js ${gzip(read('embed.js'))} gzip (${(statSync(join(WEB, 'embed.js')).size / 1_000).toFixed(0)} kB),`,
  );
  console.log(
    `the dashboard's rest ${gzip(read(join('embed', dashboard)))}; uPlot and Chart.js as used here ${gzip(peers)} together`,
  );
}

async function bundlePeers(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(process.cwd(), 'tests', 'bench', 'browser-peers.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** A day of seconds, of which our page alone is asked what it leaves behind. */
const DAY_TICKS = 86_400;

/** Prints the tables. `--quick` is shorter, and its figures are noisy; `--day` is a day of events, as fast as they are read; `--first` the first chart alone. */
export async function bench(_file: string, flags: readonly string[] = []): Promise<void> {
  const plan = flags.includes('--quick') ? QUICK : FULL;
  const peers = await bundlePeers();
  const files = new Map([
    ['/embed.js', readFileSync(join(WEB, 'embed.js'), 'utf8')],
    ['/peers.js', peers],
  ]);
  const server = await startBenchServer(pageOf, files);
  const browser = await chromium.launch({
    // Without a name Playwright takes its own.
    ...(process.env['TELLTALE_CHROMIUM'] ? { executablePath: process.env['TELLTALE_CHROMIUM'] } : {}),
    args: ['--no-sandbox', '--enable-precise-memory-info'],
  });
  const open: Open = async (side, run) => {
    const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
    try {
      const cdp = await watchCosts(page);
      await page.goto(`${server.url}/side/${side}`);
      return await run(page, cdp);
    } finally {
      await page.close();
    }
  };
  try {
    console.log(`${os.cpus()[0]?.model} x ${os.cpus().length}, Chromium ${browser.version()}, headless, 1440 x 900`);
    console.log(`medians of ${plan.rounds} rounds of ${plan.seconds} s, interleaved, after ${SETTLE_MS} ms to warm up`);
    if (flags.includes('--day')) {
      await memory(open, server, DAY_TICKS, ['telltale']);
      return;
    }
    if (flags.includes('--first')) {
      await firstChart(browser, server, FULL);
      return;
    }
    await speed(open, server, plan);
    await memory(open, server, plan.compressedTicks, SIDES);
    await firstChart(browser, server, plan);
    sizes(peers);
    console.log(`
tasks     ms of the main thread in a second, all that it does for the page: reading the stream, drawing, layout
scripts   of these, JavaScript. telltale draws at most 720 steps of a window, and a band where a step is of several
          samples, and every second tick where one moves nothing by a pixel; the others draw every point each time.
          ratio: to telltale.
compressed  events as fast as the page reads them: what an hour and more leaves behind, after a garbage collection`);
  } finally {
    await browser.close();
    server.close();
  }
}
