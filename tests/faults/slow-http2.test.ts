import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { hostFiles } from '../support/host-files.ts';
import { https1, Sessions, TLS } from '../support/http2.ts';
import { EVERYTHING, openWitness, Recorder, type Seen, type SeenEvent, type Transport } from '../support/recorder.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import {
  agesOf,
  dataOf,
  holesOf,
  isOfTheLog,
  positionOf,
  type Reference,
  toReference,
  violations,
} from '../support/validators.ts';

// A reader of HTTP/2 can close the window of one stream and leave the others open: what it does not take then waits in
// the server, not in the kernel. It costs nobody else anything, not even on the same connection.

const STOPPED = 10;
const STOPPED_MS = 5_000;
const FRESH_MS = 5_000;
/** All of them share what waits for them, which is 256 KiB for each at most. */
const MOST_MEMORY_KB = 24 * 1024;
const isLinux = process.platform === 'linux';

const isGap = (seen: Seen): seen is SeenEvent => seen.kind === 'event' && seen.name === 'gap';

describe('R4: readers of HTTP/2 that stop reading', () => {
  let host: Awaited<ReturnType<typeof hostFiles>>;
  let server: RunningServer;
  let witness: Recorder;
  const readers: Recorder[] = [];
  const everySession: Sessions[] = [];
  const query = `${EVERYTHING}&interval=100ms`;

  beforeAll(async () => {
    // Some 20 kB an event.
    host = await hostFiles(Array.from({ length: 60 }, (_, i) => `veth${i}`));
    server = await startServer('--interval', '100ms', ...TLS, ...host.args);
    witness = await openWitness(server, query, openSessions().transport);
    readers.push(witness);
  });
  afterAll(async () => {
    for (const reader of readers) reader.close();
    for (const sessions of everySession) sessions.close();
    await server.stop();
    await host.remove();
  });

  function openSessions(urlOf?: () => string): Sessions {
    const sessions = new Sessions(urlOf ? { urlOf } : {});
    everySession.push(sessions);
    return sessions;
  }
  async function open(count: number, transport: Transport, gzip = false): Promise<readonly Recorder[]> {
    const url = () => `${server.url}/api/stream?${query}`;
    const opened = Array.from({ length: count }, () => new Recorder({ url, reconnects: false, gzip, transport }));
    readers.push(...opened);
    await Promise.all(opened.map((reader) => reader.until('an event', isOfTheLog)));
    return opened;
  }
  const residentKb = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]);
  const after = (at: number) => witness.until('time to pass', (seen) => isOfTheLog(seen) && dataOf(seen).at >= at);
  const untilLive = (some: readonly Recorder[]) => {
    const live = positionOf(witness.cursor as string).seq + 10;
    const isLive = (seen: Seen) => isOfTheLog(seen) && positionOf(seen.id).seq >= live;
    return Promise.all(some.map((reader) => reader.until('live events', isLive)));
  };

  function expectUndisturbed(some: readonly Recorder[], reference: Reference) {
    for (const { seen, events } of some) {
      expect(violations(seen, reference)).toEqual([]);
      expect(events.filter(isGap)).toEqual([]);
      const ages = [...agesOf(events)].sort((a, b) => a - b);
      expect(ages[Math.floor(ages.length * 0.99)]).toBeLessThan(1_000);
    }
  }
  function expectConflated(some: readonly Recorder[], stoppedAt: number, reference: Reference) {
    for (const { seen, events } of some) {
      expect(violations(seen, reference)).toEqual([]);
      const [gap, ...more] = events.filter(isGap) as [SeenEvent, ...SeenEvent[]];
      expect(more).toEqual([]);
      const { from, to, reason } = dataOf(gap);
      expect(reason).toBe('slow');
      expect(to - from).toBeGreaterThan(500);
      expect(from).toBeGreaterThan(stoppedAt - 1_000);
      const ages = agesOf(events.slice(events.indexOf(gap) + 1));
      expect(ages.length).toBeGreaterThan(10);
      expect(Math.max(...ages)).toBeLessThan(FRESH_MS);
    }
  }

  it('one by one or with all of a connection are told one gap each, and nobody else misses anything', async () => {
    const shared = openSessions();
    const proxy = await startFaultProxy(server.port);
    const stuck = openSessions(() => proxy.url.replace('http:', 'https:'));
    const closedWindow = await open(STOPPED, shared.transport);
    const closedSocket = await open(STOPPED, stuck.transport);
    const undisturbed = (
      await Promise.all([open(5, shared.transport), open(2, shared.transport, true), open(5, https1)])
    ).flat();
    const stopped = [...closedWindow, ...closedSocket];
    try {
      const stoppedAt = Date.now();
      for (const reader of closedWindow) reader.pause();
      for (const link of proxy.links) link.stopReading();
      // By now everything waits that ever will.
      await after(stoppedAt + STOPPED_MS / 2);
      const memory = isLinux ? residentKb() : 0;
      await after(stoppedAt + STOPPED_MS);
      if (isLinux) expect(residentKb() - memory).toBeLessThan(MOST_MEMORY_KB);
      for (const link of proxy.links) link.readAgain();
      for (const reader of closedWindow) reader.resume();

      await Promise.all(stopped.map((reader) => reader.until('a gap', isGap)));
      await untilLive([...stopped, ...undisturbed]);
      for (const reader of [...stopped, ...undisturbed]) reader.close();
      const last = Math.max(...readers.map(({ cursor }) => positionOf(cursor as string).seq));
      await witness.until('what they saw', (seen) => isOfTheLog(seen) && positionOf(seen.id).seq >= last);
      const reference = toReference(witness.seen);
      expect(holesOf(reference)).toEqual([]);
      expectUndisturbed(undisturbed, reference);
      expectConflated(stopped, stoppedAt, reference);
      expect([shared.count, stuck.count]).toEqual([1, 1]);
    } finally {
      await proxy.close();
    }
  });
});
