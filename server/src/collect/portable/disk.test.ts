import { expect, it } from 'vitest';
import { fakeCalls } from '../../testing/fake-calls.ts';
import type { Sample } from '../collector.ts';
import { portableDisk } from './disk.ts';

const { derive } = portableDisk(fakeCalls({}));
const look = async (disk: object | null) => (await portableDisk(fakeCalls({ disk })).read()) as Sample<never>;
const counters = (readBytes: number, writtenBytes: number, measuredAt: number) => ({
  readBytes,
  writtenBytes,
  measuredAt,
});

it('tells rates over the time between two measurements, and no single device', async () => {
  const before = await look(counters(14_127_571_968, 38_256_709_632, 1_000));
  const now = await look(counters(14_127_576_064, 38_256_717_824, 3_000));
  expect(derive(now.reading, before.reading, 1_000)).toEqual({
    readBytesPerSecond: 2_048,
    writeBytesPerSecond: 4_096,
    devices: [],
  });
  expect(now.faults).toMatchObject([{ fields: ['devices'], permanent: true }]);
});

it('knows no rate at first, when nothing new was measured, and when a counter went back', async () => {
  const { reading } = await look(counters(500, 500, 1_000));
  const { reading: less } = await look(counters(400, 600, 2_000));
  const none = { readBytesPerSecond: null, writeBytesPerSecond: null };
  expect(derive(reading, null, null)).toMatchObject(none);
  expect(derive(reading, reading, 1_000)).toMatchObject(none);
  expect(derive(less, reading, 1_000)).toMatchObject({ readBytesPerSecond: null, writeBytesPerSecond: 100 });
});

it('is silent where the library knows of no such thing', async () => expect(await look(null)).toBeNull());

it.each([
  ['zeros out of nothing', counters(0, 0, 1)],
  ['no numbers', counters(Number.NaN, Number.NaN, 1)],
  ['nothing', { measuredAt: 1 }],
])('takes %s for a fault', async (_, answer) => {
  await expect(look(answer)).rejects.toThrow('systeminformation told no disk traffic');
});
