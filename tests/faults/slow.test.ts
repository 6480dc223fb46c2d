import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostFiles } from '../support/host-files.ts';
import { EVERYTHING, openWitness, Recorder, type Seen, type SeenEvent } from '../support/recorder.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { agesOf, dataOf, holesOf, isOfTheLog, positionOf, toReference, violations } from '../support/validators.ts';

// One reader that stops reading costs the others nothing, and is told the newest when it reads again: the kernel would
// keep megabytes for it, minutes of them.

const READERS = 20;
const STOPPED_MS = 10_000;
const FRESH_MS = 5_000;

const isGap = (seen: Seen): seen is SeenEvent => seen.kind === 'event' && seen.name === 'gap';

// Both wait most of the time, each for a server of its own.
describe.concurrent('R4: one reader among many that stops reading', () => {
  let host: Awaited<ReturnType<typeof hostFiles>>;
  let server: RunningServer;

  beforeAll(async () => {
    // Some 20 kB an event: what the kernel takes for a reader that does not read is full within a second or two.
    host = await hostFiles(Array.from({ length: 60 }, (_, i) => `veth${i}`));
    server = await startServer('--interval', '100ms', ...host.args);
  });
  afterAll(async () => {
    await server.stop();
    await host.remove();
  });

  it('is told one gap and goes on with the newest, and nobody else misses anything', async () => {
    const query = `${EVERYTHING}&interval=100ms`;
    const witness = await openWitness(server, query);
    const open = () => new Recorder({ url: () => `${server.url}/api/stream?${query}`, reconnects: false });
    const [slow, ...others] = Array.from({ length: READERS }, open) as [Recorder, ...Recorder[]];
    const everybody = [slow, ...others];
    try {
      await Promise.all(everybody.map((reader) => reader.until('an event', isOfTheLog)));
      slow.pause();
      const stoppedAt = Date.now();
      await witness.until('10 s', (seen) => isOfTheLog(seen) && dataOf(seen).at >= stoppedAt + STOPPED_MS);
      slow.resume();
      const gap = (await slow.until('a gap', isGap)) as SeenEvent;
      const live = positionOf(witness.cursor as string).seq + 10;
      const isLive = (seen: Seen) => isOfTheLog(seen) && positionOf(seen.id).seq >= live;
      await Promise.all(everybody.map((reader) => reader.until('live events', isLive)));
      for (const reader of everybody) reader.close();
      const last = Math.max(...everybody.map(({ cursor }) => positionOf(cursor as string).seq));
      await witness.until('what they saw', (seen) => isOfTheLog(seen) && positionOf(seen.id).seq >= last);

      const reference = toReference(witness.seen);
      expect(holesOf(reference)).toEqual([]);
      for (const reader of others) {
        expect(violations(reader.seen, reference)).toEqual([]);
        expect(reader.events.filter(isGap)).toEqual([]);
        const ages = [...agesOf(reader.seen)].sort((a, b) => a - b);
        expect(ages[Math.floor(ages.length * 0.99)]).toBeLessThan(1_000);
      }

      expect(violations(slow.seen, reference)).toEqual([]);
      expect(slow.events.filter(isGap)).toEqual([gap]);
      const { from, to, reason } = dataOf(gap);
      expect(reason).toBe('slow');
      // Something was missed, and the gap began while nothing was read.
      expect(to - from).toBeGreaterThan(1_000);
      expect(from).toBeGreaterThan(stoppedAt - 1_000);
      const after = agesOf(slow.events.slice(slow.events.indexOf(gap) + 1));
      expect(after.length).toBeGreaterThan(10);
      expect(Math.max(...after)).toBeLessThan(FRESH_MS);
    } finally {
      for (const reader of [witness, ...everybody]) reader.close();
    }
  });
});

describe.concurrent('R4: a reader that stops in the middle of a replay', () => {
  let host: Awaited<ReturnType<typeof hostFiles>>;
  let server: RunningServer;

  beforeAll(async () => {
    // Some 1.5 MB a second: the log keeps ten seconds of it, and the kernel two or three.
    host = await hostFiles(Array.from({ length: 500 }, (_, i) => `veth${i}`));
    server = await startServer('--interval', '100ms', ...host.args);
  });
  afterAll(async () => {
    await server.stop();
    await host.remove();
  });

  it('until the log has forgotten the rest is told of a gap that covers all of it', async () => {
    const query = 'metrics=cpu,network';
    const witness = await openWitness(server, query);
    // Other paces fill the log as well.
    const others = ['200ms', '500ms', '1s'].map(
      (pace) => new Recorder({ url: () => `${server.url}/api/stream?metrics=network&interval=${pace}` }),
    );
    const readers = [witness, ...others];
    try {
      const beganAt = Date.now();
      const after = (ms: number) => (seen: Seen) => isOfTheLog(seen) && dataOf(seen).at >= beganAt + ms;
      await witness.until('4 s', after(4_000));
      const { epoch } = positionOf(witness.cursor as string);
      const late = new Recorder({
        url: () => `${server.url}/api/stream?${query}`,
        cursor: `${epoch}.0`,
        reconnects: false,
      });
      readers.push(late);
      await late.until('an event', isOfTheLog);
      late.pause();
      await witness.until('10 s', after(10_000));
      late.resume();
      await late.until('a gap', isGap);
      const live = positionOf(witness.cursor as string).seq;
      await late.until('live events', (seen) => isOfTheLog(seen) && positionOf(seen.id).seq > live);
      late.close();
      const last = positionOf(late.cursor as string).seq;
      await witness.until('what it saw', (seen) => isOfTheLog(seen) && positionOf(seen.id).seq >= last);
      expect(violations(late.seen, toReference(witness.seen))).toEqual([]);
    } finally {
      for (const reader of readers) reader.close();
    }
  });
});
