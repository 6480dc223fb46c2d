import { describe, expect, it } from 'vitest';
import { fakeCalls } from '../../testing/fake-calls.ts';
import type { Sample } from '../collector.ts';
import { portableMemory } from './memory.ts';

/** mem() of systeminformation 5.33.23 on a Linux machine; beside Linux it fills in less. */
const linux = {
  total: 25_276_502_016,
  free: 23_107_293_184,
  used: 2_169_208_832,
  active: 1_097_441_280,
  available: 24_179_060_736,
  buffers: 14_315_520,
  cached: 1_245_667_328,
  slab: 145_571_840,
  buffcache: 1_405_554_688,
  reclaimable: 111_390_720,
  swaptotal: 2_147_479_552,
  swapused: 1_048_576,
  swapfree: 2_146_430_976,
  writeback: 0,
  dirty: 7_393_280,
};
const elsewhere = { ...linux, buffers: 0, cached: 0, slab: 0, writeback: null, dirty: null };

async function look(answer: object, platform = 'linux') {
  const collector = portableMemory(fakeCalls({ memory: answer }), platform);
  const { reading, faults } = (await collector.read()) as Sample<typeof linux>;
  return { values: collector.derive(reading, null, null), fields: faults.flatMap(({ fields }) => fields), faults };
}

it('tells what is used as free(1) does: without the cache', async () => {
  const { values } = await look(linux);
  expect(values).toMatchObject({
    totalBytes: 25_276_502_016,
    availableBytes: 24_179_060_736,
    usedBytes: 1_097_441_280,
    freeBytes: 23_107_293_184,
    buffersBytes: 14_315_520,
    swapTotalBytes: 2_147_479_552,
    swapUsedBytes: 1_048_576,
    dirtyBytes: 7_393_280,
    writebackBytes: 0,
  });
});

it.each([
  ['linux', linux, []],
  ['darwin', elsewhere, ['buffersBytes', 'dirtyBytes', 'writebackBytes']],
  ['win32', { ...elsewhere, buffcache: 0 }, ['buffersBytes', 'dirtyBytes', 'writebackBytes']],
  ['freebsd', elsewhere, ['buffersBytes', 'dirtyBytes', 'writebackBytes', 'swapTotalBytes', 'swapUsedBytes']],
])('on %s names for good whatever is null', async (platform, answer, more) => {
  const { values, fields, faults } = await look(answer, platform);
  const empty = Object.entries(values).flatMap(([field, value]) => (value === null ? field : []));
  expect([...fields].sort()).toEqual(empty.sort());
  expect(fields).toEqual(expect.arrayContaining(['cacheBytes', 'otherBytes', ...more]));
  expect(faults.every(({ permanent }) => permanent)).toBe(true);
});

describe('is a fault where', () => {
  it.each([
    ['the library could not read and took what Node knows', 'linux', { ...linux, buffers: 0, cached: 0, buffcache: 0 }],
    ['vm_stat told nothing', 'darwin', { ...elsewhere, buffcache: 0 }],
    ['there is no memory', 'win32', { ...elsewhere, total: 0 }],
    ['nothing is available', 'linux', { ...linux, available: 0 }],
    ['the size is no number', 'freebsd', { ...elsewhere, total: Number.NaN }],
  ])('%s', (_, platform, answer) => expect(look(answer, platform)).rejects.toThrow('systeminformation told no memory'));
});

it('never tells more than there is', async () => {
  const { values } = await look({ ...linux, available: linux.total + 1, swapused: -4_096 });
  expect(values).toMatchObject({ availableBytes: linux.total, usedBytes: 0, swapUsedBytes: null });
});
