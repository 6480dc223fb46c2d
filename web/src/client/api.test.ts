import { expect, it } from 'vitest';
import { FakeWorld } from '../testing.ts';
import { getMeans } from './api.ts';

const ENDPOINT = { base: 'http://nas:7411/', token: null };
const QUERY = { series: ['cpu.usage', 'pressure.ioSome'], from: '-7d', points: 4 };

it('reads the means of each series from lines as the server sends them, and nothing where nothing was recorded', async () => {
  const world = new FakeWorld();
  const lines = ['time,cpu.usage,pressure.ioSome', '600000,,', '1200000,12.5,', '1800000,,0', '2400000,3,1.25', ''];
  world.respond = () => new Response(lines.join('\r\n'), { headers: { 'content-type': 'text/csv; charset=utf-8' } });
  expect(await getMeans(world, ENDPOINT, QUERY, new AbortController().signal)).toEqual({
    stepMs: 600_000,
    columns: [
      [null, 12.5, null, 3],
      [null, null, 0, 1.25],
    ],
  });
});
