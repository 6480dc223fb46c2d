import { describe, expect, it } from 'vitest';
import { fakeFiles } from '../testing/fake-files.ts';
import { lookAtSensors, supply } from '../testing/sensor-tree.ts';
import type { Sample } from './collector.ts';
import { linuxSensor, type SensorReading } from './linux/sensor.ts';

/** A Lenovo on battery, as procfs has it among its test data. */
const LENOVO = {
  type: 'Battery\n',
  capacity: '98\n',
  energy_full: '50060000\n',
  energy_now: '49450000\n',
  power_now: '4830000\n',
  present: '1\n',
  status: 'Discharging\n',
  voltage_now: '12229000\n',
};

describe('batteries', () => {
  it('tell charge, direction and power', () => {
    const { batteries, faults } = lookAtSensors({
      ...supply('BAT0', LENOVO),
      ...supply('AC', { type: 'Mains\n', online: '0\n' }),
    });
    expect(batteries).toEqual([{ name: 'BAT0', percent: 98, charging: false, watts: 4.83 }]);
    expect(faults).toEqual([]);
  });

  it.each([
    ['Charging', true],
    ['Discharging', false],
    ['Not charging', false],
    ['Full', false],
  ])('that say %s are charging: %s', (status, charging) => {
    expect(lookAtSensors(supply('BAT0', { ...LENOVO, status: `${status}\n` })).batteries).toMatchObject([{ charging }]);
  });

  it.each(['Unknown\n', '', 'charging\n', '__proto__\n'])('that say %j do not know', (status) => {
    const { batteries, faults } = lookAtSensors(supply('BAT0', { ...LENOVO, status }));
    expect(batteries).toMatchObject([{ charging: null }]);
    expect(faults).toEqual([{ fields: ['batteries.charging'], reason: 'BAT0 does not say whether it is charging' }]);
  });

  it.each([
    // 1.202147 A * 4.137440 V, from a Xiaomi's uevent; what goes out is negative there.
    ['current and voltage', { current_now: '-1202147\n', voltage_now: '4137440\n' }, 4.974],
    ['power that is negative', { power_now: '-12345678\n' }, 12.346],
    ['power rather than current', { power_now: '1000000\n', current_now: '9\n', voltage_now: '9\n' }, 1],
    [
      'current where power cannot be understood',
      { power_now: '\n', current_now: '2000000\n', voltage_now: '3000000\n' },
      6,
    ],
  ])('tell their power from %s', (_, files, watts) => {
    expect(lookAtSensors(supply('BAT0', { type: 'Battery\n', ...files })).batteries).toMatchObject([{ watts }]);
  });

  it.each([
    // 49,450,000 of 50,060,000 µWh.
    ['energy', { energy_now: '49450000\n', energy_full: '50060000\n' }, 98.78],
    ['charge', { charge_now: '317457\n', charge_full: '2187885\n' }, 14.51],
    ['a figure beyond 100', { capacity: '104\n' }, 100],
    ['more than a full one holds', { energy_now: '51\n', energy_full: '50\n' }, 100],
    [
      'charge where the energy of a full one is 0',
      { energy_now: '5\n', energy_full: '0\n', charge_now: '1\n', charge_full: '4\n' },
      25,
    ],
    ['energy where the figure is garbage', { capacity: 'full\n', energy_now: '1\n', energy_full: '2\n' }, 50],
  ])('tell their charge from %s', (_, files, percent) => {
    expect(lookAtSensors(supply('BAT0', { type: 'Battery\n', ...files })).batteries).toMatchObject([{ percent }]);
  });

  it('say null and why where they tell nothing', () => {
    const { batteries, faults } = lookAtSensors(supply('BAT0', { type: 'Battery\n', scope: 'System\n' }));
    expect(batteries).toEqual([{ name: 'BAT0', percent: null, charging: null, watts: null }]);
    expect(faults).toEqual([
      { fields: ['batteries.percent'], reason: 'BAT0 does not tell its capacity' },
      { fields: ['batteries.charging'], reason: 'BAT0 does not say whether it is charging' },
      { fields: ['batteries.watts'], reason: 'BAT0 does not tell its power_now' },
    ]);
  });

  it.each([
    ['of a mouse', { ...LENOVO, scope: 'Device\n' }],
    ['of a UPS', { ...LENOVO, type: 'UPS\n' }],
    ['that is not in its bay', { ...LENOVO, present: '0\n' }],
    ['of which not even the type is told', { capacity: '5\n' }],
  ])('leave out one %s', (_, files) => {
    expect(linuxSensor(fakeFiles({}, supply('BAT0', files))).read()).toBeNull();
  });

  it('are found again when they are put back', () => {
    const sys = supply('BAT1', { ...LENOVO, present: '0\n' });
    const collector = linuxSensor(fakeFiles({}, sys));
    expect(collector.read()).toBeNull();
    sys['class/power_supply/BAT1/present'] = '1\n';
    expect((collector.read() as Sample<SensorReading>).reading.batteries).toMatchObject([{ name: 'BAT1' }]);
  });
});
