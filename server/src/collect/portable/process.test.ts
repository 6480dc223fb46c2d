import { describe, expect, it } from 'vitest';
import { fakeCalls } from '../../testing/fake-calls.ts';
import type { Sample } from '../collector.ts';
import { portableProcess } from './process.ts';

const { derive } = portableProcess(fakeCalls({}));
type Reading = Parameters<typeof derive>[0];

const BORN = 1_795_405_575_000;
const one = (pid: number, own: object = {}) => ({
  ...{ pid, name: `p${pid}`, startedAt: BORN, user: 'me', state: 'sleeping', residentBytes: 4_096, share: 1, cpuMs: 0 },
  ...own,
});
async function look(processes: object[], own: object = {}) {
  const process = { since: 1, measuredAt: 0, isMeasured: true, processes, ...own };
  return (await portableProcess(fakeCalls({ process })).read()) as Sample<Reading>;
}
const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

it('tells who used the processors between two looks, and who holds most memory', async () => {
  const before = await look([one(1, { cpuMs: 100 }), one(2), one(3, { residentBytes: 0 })]);
  const now = await look(
    [
      one(1, { cpuMs: 3_100, state: 'running' }),
      one(2, { residentBytes: 9_999 }),
      one(3, { cpuMs: 5, residentBytes: 0 }),
    ],
    { measuredAt: 2_000 },
  );
  const values = derive(now.reading, before.reading, 1_000);
  expect(values).toMatchObject({ count: 3, threads: null });
  expect(values.byCpu).toMatchObject([
    // 3000 ms in 2000 ms is one processor and a half.
    { name: 'p1', pid: 1, startedAt: BORN, user: 'me', usage: 150, state: 'R', residentBytes: 4_096, threads: null },
    { name: 'p3', usage: 0.25, state: 'S', arguments: null },
  ]);
  expect(values.byMemory).toMatchObject([
    { name: 'p1', usage: 150 },
    { name: 'p2', usage: 0, residentBytes: 9_999 },
  ]);
});

it('lists twenty at most, in the order of their names', async () => {
  const many = Array.from({ length: 30 }, (_, i) => one(i, { residentBytes: (i + 1) * 4_096 }));
  const { byMemory } = derive((await look(many)).reading, null, null);
  expect(names(byMemory)).toEqual(Array.from({ length: 20 }, (_, i) => `p${i + 10}`));
});

describe('has no use to tell', () => {
  const first = [one(1, { cpuMs: 50 })];
  it.each<[string, object[], object, object[], object]>([
    ['at the first look', [], {}, first, {}],
    ['of a process that is new', [one(2)], {}, first, { measuredAt: 1_000 }],
    [
      'of another one under a number that was given again',
      [one(1, { startedAt: 5 })],
      {},
      first,
      { measuredAt: 1_000 },
    ],
    ['when nothing new was measured', first, {}, first, {}],
    ['across a restart of the worker', [one(1)], { since: 1 }, first, { since: 2, measuredAt: 1_000 }],
  ])('%s', async (_, before, ownBefore, now, own) => {
    const earlier = before.length === 0 ? null : (await look(before, ownBefore)).reading;
    const { byCpu, byMemory } = derive((await look(now, own)).reading, earlier, 1_000);
    expect(byCpu).toEqual([]);
    expect(byMemory).toMatchObject([{ name: 'p1', usage: null }]);
  });
});

it('takes what ps averages where the library measures nothing', async () => {
  const { reading } = await look([one(1, { share: 12.345 })], { isMeasured: false });
  expect(derive(reading, null, null).byCpu).toMatchObject([{ name: 'p1', usage: 12.35 }]);
});

it('does not believe that nobody has ever used a processor', async () => {
  const { reading, faults } = await look([one(1, { share: 0 }), one(2, { share: 0 })], { isMeasured: false });
  expect(faults[1]).toMatchObject({ fields: ['byCpu', 'byMemory.usage'] });
  expect(derive(reading, null, null)).toMatchObject({ byCpu: [], byMemory: [{ usage: null }, { usage: null }] });
});

it.each([
  ['whose user is not told', { user: '' }, 'user'],
  ['whose state is not told', { state: 'unknown' }, 'state'],
])('names for good that there are some %s', async (_, own, field) => {
  const { reading, faults } = await look([one(1, own), one(2)]);
  expect(derive(reading, null, null).byMemory[0]).toMatchObject({ [field]: null });
  expect(faults[1]).toMatchObject({ fields: [`byCpu.${field}`, `byMemory.${field}`], permanent: true });
});

it.each([
  ['nobody', []],
  ['no numbers', [one(Number.NaN)]],
  ['no memory', [one(1, { residentBytes: Number.NaN })]],
  ['no time', [one(1, { startedAt: Number.NaN })]],
  ['no name', [one(1, { name: '' })]],
])('takes %s for a fault', async (_, processes) => {
  await expect(look(processes)).rejects.toThrow('systeminformation told no processes');
});

it.each(['constructor', '__proto__', '<script>', ''])('takes the user %j for nothing but a name', async (user) => {
  const { reading } = await look([one(1, { user })]);
  expect(derive(reading, null, null).byMemory).toMatchObject([{ user: user || null }]);
});
