import { describe, expect, it } from 'vitest';
import { chip, failing, lookAtSensors, zone } from '../testing/sensor-tree.ts';

describe('thermal zones', () => {
  // Both as procfs has them among its test data.
  const PI = zone(0, { type: 'bcm2835_thermal\n', temp: '49925\n', policy: 'step_wise\n' });
  const ACPI = zone(1, { type: 'acpitz\n', temp: '-44000\n', mode: 'enabled\n' });

  it('tell degrees under the name of their type', () => {
    expect(lookAtSensors({ ...PI, ...ACPI }).temperatures).toEqual([
      { name: 'acpitz', celsius: -44, criticalCelsius: null },
      { name: 'bcm2835_thermal', celsius: 49.925, criticalCelsius: null },
    ]);
  });

  it('tell where the kernel switches off', () => {
    const trips = {
      ...{ trip_point_0_type: 'passive\n', trip_point_0_temp: '95000\n' },
      ...{ trip_point_1_type: 'critical\n', trip_point_1_temp: '110000\n' },
    };
    const { temperatures } = lookAtSensors(zone(0, { type: 'cpu-thermal\n', temp: '50000\n', ...trips }));
    expect(temperatures).toEqual([{ name: 'cpu-thermal', celsius: 50, criticalCelsius: 110 }]);
  });

  it('are shown once where hwmon has the same zone, whose name has no dash there', () => {
    const { temperatures } = lookAtSensors({
      ...zone(0, { type: 'cpu-thermal\n', temp: '50000\n' }),
      ...zone(1, { type: 'gpu-thermal\n', temp: '40000\n' }),
      ...chip(0, { name: 'cpu_thermal\n', temp1_input: '50000\n', temp1_crit: '110000\n' }),
    });
    expect(temperatures.map(({ name }) => name)).toEqual(['cpu_thermal temp1', 'gpu-thermal']);
  });

  it('are shown when the chip of the same name has no temperature', () => {
    const { temperatures } = lookAtSensors({ ...ACPI, ...chip(0, { name: 'acpitz\n', in0_input: '1\n' }) });
    expect(temperatures.map(({ name }) => name)).toEqual(['acpitz']);
  });

  it('leave out the one that always says 20 °C', () => {
    const { temperatures } = lookAtSensors({ ...PI, ...zone(4, { type: 'INT3400 Thermal\n', temp: '20000\n' }) });
    expect(temperatures.map(({ name }) => name)).toEqual(['bcm2835_thermal']);
  });

  it('of one type are told apart by device, else by number', () => {
    const acpi = (number: number) => zone(number, { type: 'acpitz\n', temp: `${number}000\n` });
    const links = { 'class/thermal/thermal_zone0/device': '../../../LNXSYSTM:00/LNXSYBUS:01/LNXTHERM:00' };
    const { temperatures } = lookAtSensors({ ...acpi(0), ...acpi(1) }, links);
    expect(temperatures.map(({ name }) => name)).toEqual(['acpitz LNXTHERM:00', 'acpitz thermal_zone1']);
  });

  it('say null and why where the driver has no answer yet', () => {
    const { temperatures, faults } = lookAtSensors(PI, {}, failing('EAGAIN', 'class/thermal/thermal_zone0/temp'));
    expect(temperatures).toMatchObject([{ celsius: null }]);
    expect(faults).toEqual([
      { fields: ['temperatures.celsius'], reason: '/sys/class/thermal/thermal_zone0/temp cannot be read: EAGAIN' },
    ]);
  });

  it("say null for the kernel's word for no temperature", () => {
    const trip = { trip_point_0_type: 'critical\n', trip_point_0_temp: '-274000\n' };
    const { temperatures } = lookAtSensors(zone(0, { type: 'iwlwifi_1\n', temp: '-274000\n', ...trip }));
    expect(temperatures).toEqual([{ name: 'iwlwifi_1', celsius: null, criticalCelsius: null }]);
  });
});
