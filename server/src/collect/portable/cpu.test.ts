import { describe, expect, it } from 'vitest';
import { fakeCalls } from '../../testing/fake-calls.ts';
import type { Sample } from '../collector.ts';
import { portableCpu } from './cpu.ts';

const times = (user: number, idle: number) => ({ user, nice: 0, system: 10, irq: 0, idle });
const told = {
  measuredAt: 5,
  since: 1,
  all: times(100, 900),
  cores: [times(60, 440), times(40, 460)],
  load: [0.5, 0.25, 0.125],
};
const look = async (answer: object) => (await portableCpu(fakeCalls({ cpu: answer })).read()) as Sample<typeof told>;
const { derive } = portableCpu(fakeCalls({}));

it('tells where the time between two looks went, and what nobody tells is null', async () => {
  const now = {
    ...told,
    all: { user: 130, nice: 10, system: 30, irq: 10, idle: 930 },
    cores: [times(60, 540), times(70, 530)],
  };
  const values = derive((await look(now)).reading, (await look(told)).reading, 1_000);
  // 30 + 10 + 20 + 10 of 100 ms, and 30 idle.
  expect(values).toMatchObject({ usage: 70, user: 30, nice: 10, system: 20, interrupt: 10, idle: 30 });
  expect(values).toMatchObject({ steal: null, guest: null, iowait: null, running: null, quota: null, load1: 0.5 });
  expect(values.cores).toMatchObject([
    { name: '0', usage: 0, idle: 100 },
    { name: '1', usage: 30, idle: 70 },
  ]);
});

it('says when it was measured, so that the same is not told twice', async () => {
  expect(await look(told)).toMatchObject({ measuredAt: 5 });
});

it('names for good what is never told', async () => {
  const { faults } = await look(told);
  expect(faults).toMatchObject([{ permanent: true, fields: expect.arrayContaining(['iowait', 'cores.steal']) }]);
  expect((await look({ ...told, load: null })).faults).toHaveLength(2);
});

it('knows no shares across a restart of the worker, whose sums begin anew', async () => {
  const after = { ...told, since: 2, all: times(5_000, 5_000) };
  expect(derive((await look(after)).reading, (await look(told)).reading, 1_000)).toMatchObject({
    usage: null,
    idle: null,
  });
});

it('forgets a processor that was switched off', async () => {
  const one = { ...told, cores: [times(70, 450)] };
  const values = derive((await look(one)).reading, (await look(told)).reading, 1_000);
  expect(values.cores.map(({ name }) => name)).toEqual(['0']);
});

describe('is a fault where', () => {
  it.each([
    ['there is no processor', { ...told, cores: [] }],
    ['times are negative, as when the system did not tell them', { ...told, all: times(-100, -900) }],
    ['times are no numbers', { ...told, cores: [times(Number.NaN, 1)] }],
  ])('%s', (_, answer) => expect(look(answer)).rejects.toThrow('systeminformation told no CPU times'));
});
