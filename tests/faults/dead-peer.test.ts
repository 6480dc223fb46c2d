import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { https1, Sessions, TLS } from '../support/http2.ts';
import { makeNamespace } from '../support/namespace.ts';
import { fetchText, http1, Recorder } from '../support/recorder.ts';
import { startServer } from '../support/server.ts';
import { isOfTheLog, toReference, violations } from '../support/validators.ts';

// A machine that vanishes says nothing any more, not even goodbye: TCP alone would wait for it a quarter of an hour.

const FREED_MS = 30_000;
/** Readers with nothing of ours in them: of one stream, or of three on one connection. They end with whoever started them. */
const READERS = {
  http1: `
    process.stdin.on('end', process.exit).resume();
    const url = process.argv[1];
    require('node:http').get(url, (response) => response.pipe(process.stdout).on('error', () => {})).on('error', () => {});
  `,
  http2: `
    process.stdin.on('end', process.exit).resume();
    const { origin, pathname } = new URL(process.argv[1]);
    const session = require('node:http2').connect(origin, { rejectUnauthorized: false }).on('error', () => {});
    for (let i = 0; i < 3; i++) session.request({ ':path': pathname }).on('error', () => {}).pipe(process.stdout);
  `,
};

const namespace = makeNamespace();
const [title, isPossible] =
  typeof namespace === 'string'
    ? [`a peer that vanishes: SKIPPED, ${namespace}`, false]
    : ['R6: a peer that vanishes', true];
if (!isPossible) console.warn(title);

describe.runIf(isPossible)(title, () => {
  if (typeof namespace === 'string') return;
  afterAll(() => namespace.remove());
  const [ip, ...args] = namespace.command;
  const away = ['--host', namespace.address, '--insecure-no-auth', '--allow-root', '--interval', '200ms'];

  /** A server with a reader that will vanish and one that will not. */
  async function open(program: string, streams: number, tls: readonly string[]) {
    const server = await startServer(...away, ...tls);
    const url = `${server.url}/api/stream`;
    const plain = tls.length > 0 ? https1 : http1;
    const subscribers = async () => JSON.parse(await fetchText(`${server.url}/healthz`, plain)).subscribers;
    const sockets = () =>
      readdirSync(`/proc/${server.pid}/fd`).filter((fd) => {
        try {
          return readlinkSync(`/proc/${server.pid}/fd/${fd}`).startsWith('socket:');
        } catch {
          return false;
        }
      }).length;
    const near = new Recorder({
      url: () => url,
      reconnects: false,
      ...(tls.length > 0 ? { transport: new Sessions().transport } : {}),
    });
    await near.until('an event', isOfTheLog);
    const before = sockets();
    const far = spawn(ip, [...args, process.execPath, '-e', program, url], { stdio: ['pipe', 'pipe', 'ignore'] });
    await once(far.stdout, 'data');
    await expect.poll(subscribers).toBe(1 + streams);
    const close = async () => {
      near.close();
      far.kill('SIGKILL');
      await server.kill();
    };
    /** Until its place is given back, and its connection as well. */
    const isFreed = async () => {
      await expect.poll(subscribers, { timeout: FREED_MS, interval: 250 }).toBe(1);
      await expect.poll(sockets).toBe(before);
      near.close();
      expect(violations(near.seen, toReference(near.seen))).toEqual([]);
    };
    return { isFreed, close };
  }

  it('is noticed within 30 s, its place is given back, and others do not notice', { timeout: 60_000 }, async () => {
    const all = await Promise.all([open(READERS.http1, 1, []), open(READERS.http2, 3, TLS)]);
    try {
      namespace.unplug();
      const unpluggedAt = performance.now();
      await Promise.all(all.map(({ isFreed }) => isFreed()));
      console.log(`noticed after ${Math.round(performance.now() - unpluggedAt)} ms`);
    } finally {
      for (const { close } of all) await close();
    }
  });
});
