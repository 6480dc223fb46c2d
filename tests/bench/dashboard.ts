import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type CDPSession, chromium } from '@playwright/test';
import { costOf, heapOf, median, pageInOldWindow, row, untilDrawn, watchCosts } from './browser-page.ts';
import { startWithPast } from './server-with-past.ts';

// What a dashboard costs whoever opens it, and whoever leaves it open: ours at its first screen, and the local one of
// Netdata as it comes, on the same machine, in the same run, measured by the same lines.

interface Plan {
  readonly rounds: number;
  readonly seconds: number;
}
const FULL: Plan = { rounds: 5, seconds: 30 };
const QUICK: Plan = { rounds: 1, seconds: 8 };
/** What is on its way after this long is not part of the first load. */
const LOADED_MS = 6_000;

interface Side {
  readonly name: string;
  readonly url: string;
  stop(): Promise<unknown>;
}

interface Visit {
  readonly requests: number;
  /** As they came over the wire, compressed, with their headers. */
  readonly bytes: number;
  /** From navigation until something was stroked or filled on a canvas; `null` where nothing was. */
  readonly chartMs: number | null;
  readonly requestsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly tasks: number;
  readonly heap: number;
}

/** Counts what a page receives. */
async function meter(cdp: CDPSession) {
  const count = { requests: 0, bytes: 0 };
  await cdp.send('Network.enable');
  cdp.on('Network.requestWillBeSent', () => {
    count.requests++;
  });
  // A stream has no end: what comes of it is counted as it comes.
  const counted = new Map<string, number>();
  cdp.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    counted.set(requestId, (counted.get(requestId) ?? 0) + encodedDataLength);
    count.bytes += encodedDataLength;
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    count.bytes += Math.max(0, encodedDataLength - (counted.get(requestId) ?? 0));
    counted.delete(requestId);
  });
  return count;
}

async function visit(browser: Browser, url: string, seconds: number): Promise<Visit> {
  // By a visit of its own: counting what comes takes time of the page that it comes to.
  const chartMs = await untilDrawn(browser, url, ['fill', 'stroke']);
  const page = await pageInOldWindow(browser);
  const cdp = await watchCosts(page);
  const count = await meter(cdp);
  await page.goto(url);
  await page.waitForTimeout(LOADED_MS);
  const load = { ...count };
  const { tasks } = await costOf(page, cdp, seconds);
  const [requests, bytes] = [count.requests - load.requests, count.bytes - load.bytes];
  const { bytes: heap } = await heapOf(cdp);
  await page.context().close();
  return {
    ...load,
    chartMs,
    requestsPerSecond: requests / seconds,
    bytesPerSecond: bytes / seconds,
    tasks,
    heap,
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Netdata as Debian packages it, on loopback, with a folder of its own; `null` where it is not installed. */
async function startNetdata(): Promise<Side | null> {
  try {
    execFileSync('netdata', ['-v'], { stdio: 'ignore' });
  } catch {
    return null;
  }
  const folder = mkdtempSync(join(tmpdir(), 'netdata-'));
  const port = await freePort();
  const config = join(folder, 'netdata.conf');
  const directories = ['cache', 'lib', 'log'].map((name) => `  ${name} directory = ${folder}`).join('\n');
  writeFileSync(
    config,
    `[global]\n  run as user = root\n[directories]\n${directories}\n[web]\n  bind to = 127.0.0.1\n  default port = ${port}\n`,
  );
  const child: ChildProcess = spawn('netdata', ['-D', '-c', config], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/`;
  for (let i = 0; i < 100; i++) {
    if (
      await fetch(`${url}api/v1/info`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const stop = async () => {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('close', resolve));
    rmSync(folder, { recursive: true, force: true });
  };
  return { name: 'netdata', url, stop };
}

function report(sides: readonly Side[], visits: ReadonlyMap<string, Visit[]>): void {
  const [ours] = sides;
  const value = (side: string, read: (visit: Visit) => number | null) =>
    median((visits.get(side) ?? []).map((each) => read(each) ?? Number.NaN));
  const rows: readonly (readonly [string, (visit: Visit) => number | null, number])[] = [
    ['first load, requests', ({ requests }) => requests, 0],
    ['first load, kB', ({ bytes }) => bytes / 1_000, 1],
    ['first chart, ms', ({ chartMs }) => chartMs, 0],
    ['then requests/s', ({ requestsPerSecond }) => requestsPerSecond, 2],
    ['then kB/s', ({ bytesPerSecond }) => bytesPerSecond / 1_000, 2],
    ['main thread, ms/s', ({ tasks }) => tasks, 1],
    ['heap, MB', ({ heap }) => heap / 1e6, 1],
  ];
  console.log('');
  row('', [...sides.map(({ name }) => name), ...(sides.length > 1 ? ['ours / theirs'] : [])]);
  for (const [label, read, digits] of rows) {
    const values = sides.map(({ name }) => value(name, read));
    const ratio = values.length > 1 ? [((values[0] as number) / (values[1] as number)).toFixed(3)] : [];
    row(label, [...values.map((each) => (Number.isNaN(each) ? '-' : each.toFixed(digits))), ...ratio]);
  }
  if (ours && sides.length === 1)
    console.log('\nNetdata is not installed (apt-get install netdata): nothing to compare with.');
}

export async function bench(_file: string, flags: readonly string[] = []): Promise<void> {
  const plan = flags.includes('--quick') ? QUICK : FULL;
  const server = await startWithPast();
  const netdata = await startNetdata();
  const sides: Side[] = [{ name: 'telltale', url: server.url, stop: () => server.stop() }];
  if (netdata) sides.push(netdata);
  const browser = await chromium.launch({
    ...(process.env['TELLTALE_CHROMIUM'] ? { executablePath: process.env['TELLTALE_CHROMIUM'] } : {}),
    args: ['--no-sandbox', '--enable-precise-memory-info'],
  });
  try {
    console.log(
      `dashboards in Chromium ${browser.version()} on ${os.cpus()[0]?.model}; ${plan.rounds} visits of ${plan.seconds} s each`,
    );
    const visits = new Map<string, Visit[]>(sides.map(({ name }) => [name, []]));
    // One after the other, so that both see the same machine; the first of each warms it up.
    for (let round = 0; round <= plan.rounds; round++) {
      for (const { name, url } of sides) {
        const seen = await visit(browser, url, round === 0 ? 1 : plan.seconds);
        if (round > 0) visits.get(name)?.push(seen);
      }
    }
    report(sides, visits);
  } finally {
    await browser.close();
    for (const side of sides) await side.stop();
  }
}
