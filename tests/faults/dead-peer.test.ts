import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { makeNamespace } from '../support/namespace.ts';
import { Recorder } from '../support/recorder.ts';
import { startServer } from '../support/server.ts';
import { isOfTheLog, toReference, violations } from '../support/validators.ts';

// A machine that vanishes says nothing any more, not even goodbye: TCP alone would wait for it a quarter of an hour.

const FREED_MS = 30_000;
/** A reader with nothing of ours in it. */
const READER = `
  const url = process.argv[1];
  require('node:http').get(url, (response) => response.pipe(process.stdout).on('error', () => {})).on('error', () => {});
`;

const namespace = makeNamespace();
const [title, isPossible] =
  typeof namespace === 'string'
    ? [`a peer that vanishes: SKIPPED, ${namespace}`, false]
    : ['a peer that vanishes', true];
if (!isPossible) console.warn(title);

describe.runIf(isPossible)(title, () => {
  if (typeof namespace === 'string') return;
  afterAll(() => namespace.remove());

  it('is noticed within 30 s, its place is given back, and others do not notice', { timeout: 60_000 }, async () => {
    const away = ['--host', namespace.address, '--insecure-no-auth', '--allow-root'];
    const server = await startServer(...away, '--interval', '200ms');
    const url = `${server.url}/api/stream`;
    const subscribers = async () => JSON.parse((await ask(`${server.url}/healthz`)).body).subscribers;
    const [ip, ...args] = namespace.command;
    const far = spawn(ip, [...args, process.execPath, '-e', READER, url], { stdio: ['ignore', 'pipe', 'ignore'] });
    const near = new Recorder({ url: () => url, reconnects: false });
    try {
      await once(far.stdout, 'data');
      await near.until('an event', isOfTheLog);
      expect(await subscribers()).toBe(2);
      namespace.unplug();
      const unpluggedAt = performance.now();
      await expect.poll(subscribers, { timeout: FREED_MS, interval: 250 }).toBe(1);
      console.log(`noticed after ${Math.round(performance.now() - unpluggedAt)} ms`);
      near.close();
      expect(violations(near.seen, toReference(near.seen))).toEqual([]);
    } finally {
      near.close();
      far.kill('SIGKILL');
      await server.kill();
    }
  });
});
