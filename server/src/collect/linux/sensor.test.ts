import { parseEvent } from '@telltale/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeFiles } from '../../testing/fake-files.ts';
import { chip, supply, type Tree } from '../../testing/sensor-tree.ts';
import type { Sample } from '../collector.ts';
import { naturalOrder } from '../natural-order.ts';
import { linuxSensor, type SensorReading } from './sensor.ts';

const CHIP = { name: 'acpitz\n', temp1_input: '16800\n' };

describe('the sensors of Linux', () => {
  it.each([
    ['without any of the folders', {}],
    [
      'whose folders hold nothing of the kind',
      { 'class/thermal/cooling_device0/type': 'Fan\n', ...chip(0, { name: 'ucsi\n' }) },
    ],
    ['with mains alone', supply('AC', { type: 'Mains\n', online: '1\n' })],
  ])('are none on a machine %s', (_, sys) => {
    expect(linuxSensor(fakeFiles({}, sys)).read()).toBeNull();
  });

  it('derives nothing: all of them are gauges', () => {
    const collector = linuxSensor(fakeFiles({}, chip(0, CHIP)));
    const { reading } = collector.read() as Sample<SensorReading>;
    expect(collector.derive(reading, null, null)).toEqual(reading);
  });

  it('come with a fault, not as none, where the folder cannot be listed', () => {
    const collector = linuxSensor({
      ...fakeFiles({}, chip(0, CHIP)),
      sysList: (name) => new Error(`/sys/${name} cannot be opened: this process is out of file descriptors`),
    });
    const { reading, faults } = collector.read() as Sample<SensorReading>;
    expect(reading).toEqual({ temperatures: [], fans: [], batteries: [] });
    expect(faults.flatMap(({ fields }) => fields)).toEqual(['temperatures', 'fans', 'temperatures', 'batteries']);
  });

  it('never throw or tell a number that is none, whatever the files hold', () => {
    const text = fc.oneof(
      fc.string(),
      fc.integer().map((n) => `${n}\n`),
      fc.constantFrom(
        '',
        '\n',
        'NaN',
        'Infinity',
        '-',
        '1e999',
        '0x10',
        '9'.repeat(400),
        '-999999999999999',
        '__proto__',
      ),
    );
    const names = [
      ...['class/hwmon/hwmon0/', 'class/hwmon/hwmon1/', 'class/hwmon/hwmon2/device/'].flatMap((folder) =>
        [
          'name',
          'temp1_input',
          'temp1_label',
          'temp1_crit',
          'temp1_fault',
          'temp2_input',
          'fan1_input',
          'fan1_label',
        ].map((file) => folder + file),
      ),
      ...['type', 'temp', 'trip_point_0_type', 'trip_point_0_temp'].flatMap((file) => [
        `class/thermal/thermal_zone0/${file}`,
        `class/thermal/thermal_zone1/${file}`,
      ]),
      ...[
        'scope',
        'present',
        'capacity',
        'status',
        'power_now',
        'current_now',
        'voltage_now',
        'energy_now',
        'energy_full',
      ].map((file) => `class/power_supply/BAT0/${file}`),
    ];
    const tree = fc.record(Object.fromEntries(names.map((name) => [name, text])), { requiredKeys: [] });
    fc.assert(
      fc.property(tree, (sys) => {
        const collector = linuxSensor(fakeFiles({}, { ...(sys as Tree), 'class/power_supply/BAT0/type': 'Battery\n' }));
        const { reading } = collector.read() as Sample<SensorReading>;
        const event = { at: 1, elapsedMs: null, ...collector.derive(reading, reading, 5_000) };
        expect(parseEvent('sensor', JSON.stringify(event))).not.toBeInstanceOf(Error);
        // JSON has no other word for NaN and infinity than null.
        expect(JSON.parse(JSON.stringify(event))).toEqual(event);
        for (const list of [event.temperatures, event.fans]) {
          const told = list.map(({ name }) => name);
          expect(told).toEqual([...new Set(told)].sort(naturalOrder));
        }
      }),
    );
  });
});
