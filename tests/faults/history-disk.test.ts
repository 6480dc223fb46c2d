import { afterAll, describe, expect, it } from 'vitest';
import { ask } from '../support/http.ts';
import { startServerUnder } from '../support/server.ts';
import { makeSmallDisk, type SmallDisk, TROUBLES } from '../support/small-disk.ts';
import { openStream } from '../support/sse.ts';

// A disk that fills up, or may not be written to any more: the live view goes on, the history says so, and is whole again
// once the cause has gone.

/** One for each trouble: they wait for the most part. */
const disks = TROUBLES.map(() => makeSmallDisk());
const problem = disks.find((disk) => typeof disk === 'string');
if (problem) console.warn(`a disk in trouble: SKIPPED, ${problem}`);

describe.runIf(!problem)('R11: a disk in trouble', () => {
  afterAll(() => {
    for (const disk of disks) if (typeof disk !== 'string') disk.remove();
  });

  it.concurrent.each(TROUBLES.map((trouble, i) => ({ ...trouble, disk: disks[i] as SmallDisk })))(
    'that $how holds up nobody, is told, and is written to again by itself',
    async ({ disk, ...trouble }) => {
      const server = await startServerUnder(disk.command, '--data', disk.data, '--interval', '100ms');
      const reader = await openStream(`${server.url}/api/stream`);
      const faults = (cleared: boolean) =>
        reader.waitFor(({ name, data }) => name === 'fault' && data.metric === 'history' && data.cleared === cleared);
      const first = await reader.waitFor(({ name, data }) => name === 'cpu' && data.usage !== null);

      trouble.begin(disk, server.pid);
      expect((await faults(false)).data.reason).toMatch(trouble.said);
      const health = JSON.parse((await ask(`${server.url}/healthz`)).body);
      expect(health).toMatchObject({ status: 'degraded', history: { fault: expect.any(String) } });
      trouble.end(disk, server.pid);
      await faults(true);

      // And nothing of the history: it was kept in memory meanwhile.
      const seen = reader.events.filter(({ name }) => name === 'cpu').map(({ data }) => data.at as number);
      const [from, to] = [first.data.at - 1, seen.at(-1)];
      const path = `/api/history?series=cpu.usage&from=${from}&to=${to}&points=2000`;
      const { times, stepMs, series } = JSON.parse((await ask(`${server.url}${path}`)).body);
      const recorded = times.filter((_: number, i: number) => series['cpu.usage'].avg[i] !== null);
      const steps = seen.filter((at) => at > from).map((at) => Math.ceil(at / stepMs) * stepMs);
      expect(recorded).toEqual([...new Set(steps)]);
      reader.close();
      await server.stop();

      // Nothing of the live view was lost.
      const seqs = reader.events.flatMap(({ name, id }) =>
        name === 'hello' ? [] : [Number.parseInt(id.split('.')[1] ?? '', 36)],
      );
      const live = seqs.slice(seqs.indexOf(Number.parseInt(first.id.split('.')[1] ?? '', 36)));
      expect(live).toEqual(live.map((_, i) => (live[0] as number) + i));
    },
  );
});
