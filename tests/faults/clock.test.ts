import { afterAll, describe, expect, it } from 'vitest';
import { counts } from '../support/counts.ts';
import { makeFakeTime } from '../support/fake-time.ts';
import { ask } from '../support/http.ts';
import { startServerUnder } from '../support/server.ts';
import { openStream, type StreamEvent } from '../support/sse.ts';

// The real process while its clock is set: by a person, by NTP after a start without a battery, or by a virtual machine
// that was moved.

const PACE_MS = 200;
const HOUR_S = 3_600;
const isControl = ({ name }: StreamEvent) => name === 'hello' || name === 'heartbeat';
const seqOf = ({ id }: StreamEvent) => Number.parseInt(id.split('.')[1] ?? '', 36);

const time = makeFakeTime();
const [title, isPossible] =
  typeof time === 'string'
    ? [`a clock that is set: SKIPPED, ${time}`, false]
    : ['R14: a clock that is set under a running server', true];
if (!isPossible) console.warn(title);
// A soak is for what takes more than a machine has by itself: there, what cannot be tried is not passed over.
if (!isPossible && counts.patient) it('R14: a clock can be set here', () => expect.unreachable(title));

describe.runIf(isPossible)(title, () => {
  if (typeof time === 'string') return;
  afterAll(() => time.remove());

  it('forth and back: one gap each, order and rates as ever, and nobody is sent away', async () => {
    const server = await startServerUnder(time.command, '--interval', `${PACE_MS}ms`);
    const url = `${server.url}/api/stream?metrics=cpu,network`;
    const reader = await openStream(url);
    try {
      const statuses: number[] = [];
      for (const [from, to] of [
        [0, HOUR_S],
        [HOUR_S, -HOUR_S],
        [-HOUR_S, 0],
      ] as const) {
        const before = await reader.waitFor(({ name, data }) => name === 'cpu' && data.elapsedMs !== null);
        time.set(to);
        const setAt = performance.now();
        const gap = await reader.waitFor(({ name }) => name === 'gap');
        expect(gap.data.reason).toBe('clock');
        expect(Math.abs((gap.data.to - gap.data.from) / 1_000 - (to - from))).toBeLessThan(2);
        statuses.push((await ask(`${server.url}/healthz`)).status);
        await reader.waitFor(({ name, receivedAt }) => name === 'cpu' && receivedAt > setAt + 1_000);

        const after = reader.events.filter(({ receivedAt }) => receivedAt > setAt);
        expect(after.filter(({ name }) => name === 'gap')).toHaveLength(1);
        const cpu = after.slice(after.indexOf(gap)).filter(({ name }) => name === 'cpu');
        // No interval reaches across, and those that follow are as long as ever; at their pace, not in a burst.
        expect(cpu[0]?.data).toMatchObject({ elapsedMs: null, usage: null });
        for (const { data } of cpu.slice(1)) {
          expect(data.elapsedMs).toBeGreaterThan(PACE_MS / 2);
          expect(data.elapsedMs).toBeLessThan(3 * PACE_MS);
          expect(Math.abs(data.at - Date.now() - to * 1_000)).toBeLessThan(5_000);
        }
        expect(cpu.filter(({ receivedAt }) => receivedAt < setAt + 1_000).length).toBeLessThanOrEqual(
          1_000 / PACE_MS + 2,
        );
        for (const { data } of after.filter(({ name }) => name === 'network')) {
          expect(data.rxBytesPerSecond ?? 0).toBeGreaterThanOrEqual(0);
        }
        // Whoever comes back with a position from before is given the rest, or told what is missing: the same as who stayed.
        const resumed = await openStream(url, { 'last-event-id': before.id });
        const newest = reader.events.at(-1) as StreamEvent;
        await resumed.waitFor((event) => seqOf(event) >= seqOf(newest));
        resumed.close();
        const told = resumed.events.filter((event) => !isControl(event));
        const stayed = reader.events.filter((event) => !isControl(event) && seqOf(event) > seqOf(before));
        const common = told.filter((event) => seqOf(event) <= seqOf(newest)).map(({ id }) => id);
        if (told[0]?.name === 'gap' && told[0].data.reason === 'evicted') expect(to).toBeGreaterThan(from);
        else expect(common).toEqual(stayed.slice(0, common.length).map(({ id }) => id));
        expect(common.at(-1)).toBe(newest.id);
      }
      expect(statuses).toEqual([200, 200, 200]);
      const seqs = reader.events.filter((event) => !isControl(event)).map(seqOf);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
      expect(new Set(seqs).size).toBe(seqs.length);
      // What was seen is kept, under the time that the clock showed.
      const { series } = JSON.parse((await ask(`${server.url}/api/history?series=cpu.usage&from=-10s`)).body);
      expect(series['cpu.usage'].avg.some((value: number | null) => value !== null)).toBe(true);
    } finally {
      reader.close();
      expect((await server.stop()).code).toBe(0);
    }
  });
});
