import { expect, it } from 'vitest';
import { fakeCalls } from '../../testing/fake-calls.ts';
import type { Sample } from '../collector.ts';
import { portableSensor } from './sensor.ts';

const NO_HEAT = { main: null, cores: [], max: null, socket: [], chipset: null };
const NO_BATTERY = { hasBattery: false, isCharging: false, percent: 0, currentCapacity: 0, model: '' };
const battery = { hasBattery: true, isCharging: true, percent: 83, currentCapacity: 41_000, model: 'X' };
type Values = ReturnType<ReturnType<typeof portableSensor>['derive']>;

async function look(temperature: object, power: object, platform = 'darwin') {
  const collector = portableSensor(fakeCalls({ sensor: { temperature, battery: power } }), platform);
  const sample = (await collector.read()) as Sample<Values> | null;
  return sample && { ...collector.derive(sample.reading, null, null), faults: sample.faults };
}

it('tells temperatures by what they are of, and batteries by their number', async () => {
  const heat = { main: 61.04, cores: [58, 61.5], max: 61.5, socket: [27.8], chipset: 49 };
  const values = await look(heat, {
    ...battery,
    additionalBatteries: [{ ...battery, percent: 9.126, isCharging: false }],
  });
  expect(values?.temperatures.map(({ name, celsius }) => [name, celsius])).toEqual([
    ['chipset', 49],
    ['core 0', 58],
    ['core 1', 61.5],
    ['cpu', 61],
    ['socket 0', 27.8],
  ]);
  expect(values?.batteries).toEqual([
    { name: 'battery 0', percent: 83, charging: true, watts: null },
    { name: 'battery 1', percent: 9.13, charging: false, watts: null },
  ]);
  expect(values?.faults).toMatchObject([
    { fields: expect.arrayContaining(['fans', 'batteries.watts']), permanent: true },
  ]);
});

it('is silent where there is neither', async () => expect(await look(NO_HEAT, NO_BATTERY)).toBeNull());

it.each([
  ['0 °C, which stands for what could not be read', 0],
  ['absolute zero', -273.2],
  ['no number', Number.NaN],
  ['a fire', 6_553.5],
])('does not believe %s', async (_, main) => {
  const values = await look({ ...NO_HEAT, main, cores: [40] }, NO_BATTERY);
  expect(values?.temperatures).toMatchObject([
    { name: 'core 0', celsius: 40 },
    { name: 'cpu', celsius: null },
  ]);
  expect(values?.faults[1]).toMatchObject({ fields: ['temperatures.celsius'] });
});

it.each([
  ['0 of a battery of whose capacity it knows nothing', { percent: 0, currentCapacity: 0 }],
  ['no number', { percent: Number.NaN }],
  ['more than all', { percent: 101 }],
])('does not believe a charge of %s', async (_, own) => {
  const values = await look(NO_HEAT, { ...battery, ...own });
  expect(values?.batteries).toMatchObject([{ percent: null, charging: true }]);
  expect(values?.faults[1]).toMatchObject({ fields: ['batteries.percent'] });
});

it('does not say of a battery on BSD whether it is being charged, which the library takes the wrong way round', async () => {
  const values = await look(NO_HEAT, battery, 'freebsd');
  expect(values?.batteries).toMatchObject([{ percent: 83, charging: null }]);
  expect(values?.faults[1]).toMatchObject({ fields: ['batteries.charging'], permanent: true });
});
