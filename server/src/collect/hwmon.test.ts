import { describe, expect, it } from 'vitest';
import { fakeFiles } from '../testing/fake-files.ts';
import { chip, failing, lookAtSensors, type Tree } from '../testing/sensor-tree.ts';
import type { Sample } from './collector.ts';
import { linuxSensor, type SensorReading } from './linux/sensor.ts';

/** As Samsung's SSDs have it (UshakovVasilii/gnome-shell-extension-freon#307). */
const SAMSUNG = {
  name: 'nvme\n',
  temp1_alarm: '0\n',
  temp1_crit: '84850\n',
  temp1_input: '38850\n',
  temp1_label: 'Composite\n',
  temp1_max: '80850\n',
  temp1_min: '-273150\n',
  temp2_input: '39850\n',
  temp2_label: 'Sensor 1\n',
  temp2_max: '65261850\n',
};
const CORETEMP = {
  name: 'coretemp\n',
  temp1_crit: '100000\n',
  temp1_input: '45000\n',
  temp1_label: 'Package id 0\n',
  temp2_crit: '100000\n',
  temp2_input: '41000\n',
  temp2_label: 'Core 0\n',
  temp12_input: '43000\n',
  temp12_label: 'Core 10\n',
  temp3_input: '42000\n',
  temp3_label: 'Core 9\n',
};

describe('hwmon', () => {
  it('tells degrees and where the hardware protects itself, named by chip and label, in order', () => {
    const { temperatures, faults } = lookAtSensors({ ...chip(3, CORETEMP), ...chip(1, SAMSUNG) });
    expect(temperatures).toEqual([
      { name: 'coretemp Core 0', celsius: 41, criticalCelsius: 100 },
      { name: 'coretemp Core 9', celsius: 42, criticalCelsius: null },
      { name: 'coretemp Core 10', celsius: 43, criticalCelsius: null },
      { name: 'coretemp Package id 0', celsius: 45, criticalCelsius: 100 },
      { name: 'nvme Composite', celsius: 38.85, criticalCelsius: 84.85 },
      { name: 'nvme Sensor 1', celsius: 39.85, criticalCelsius: null },
    ]);
    expect(faults).toEqual([]);
  });

  it('calls a sensor without a label by its number', () => {
    const { temperatures } = lookAtSensors(chip(0, { name: 'acpitz\n', temp1_input: '16800\n' }));
    expect(temperatures).toEqual([{ name: 'acpitz temp1', celsius: 16.8, criticalCelsius: null }]);
  });

  it('tells two sensors of a chip apart that share a label', () => {
    const labels = { temp1_label: 'CPU\n', temp2_label: 'CPU\n', temp1_input: '1\n', temp2_input: '2\n' };
    const { temperatures } = lookAtSensors(chip(0, { name: 'it8728\n', ...labels }));
    expect(temperatures.map(({ name }) => name)).toEqual(['it8728 CPU temp1', 'it8728 CPU temp2']);
  });

  // As in lm-sensors/lm-sensors#285, where the chips of 5.8 belong to the PCI slots, and as newer kernels have it.
  it.each([
    ['the slot', '../../../0000:01:00.0', '../../../0000:3d:00.0', 'nvme 0000:01:00.0', 'nvme 0000:3d:00.0'],
    ['the name of the device', '../../nvme0', '../../nvme1', 'nvme0', 'nvme1'],
  ])('tells two drives apart by %s', (_, first, second, one, other) => {
    const links = { 'class/hwmon/hwmon5/device': first, 'class/hwmon/hwmon2/device': second };
    const { temperatures } = lookAtSensors(
      { ...chip(5, SAMSUNG), ...chip(2, { ...SAMSUNG, temp1_input: '50850\n' }) },
      links,
    );
    expect(temperatures).toMatchObject([
      { name: `${one} Composite`, celsius: 38.85 },
      { name: `${one} Sensor 1` },
      { name: `${other} Composite`, celsius: 50.85 },
      { name: `${other} Sensor 1` },
    ]);
  });

  it('keeps the names when the numbers are given otherwise at the next boot', () => {
    const boot = (first: number, second: number) =>
      lookAtSensors(
        { ...chip(first, SAMSUNG), ...chip(second, { ...SAMSUNG, temp1_input: '50850\n' }) },
        { [`class/hwmon/hwmon${first}/device`]: '../../nvme0', [`class/hwmon/hwmon${second}/device`]: '../../nvme1' },
      ).temperatures;
    expect(boot(4, 11)).toEqual(boot(7, 0));
  });

  it('prefers the label that the board gives a chip', () => {
    const ina = (number: number, label: string) => chip(number, { name: 'tmp75\n', label, temp1_input: '20000\n' });
    const { temperatures } = lookAtSensors({ ...ina(0, 'inlet\n'), ...ina(1, 'outlet\n') });
    expect(temperatures.map(({ name }) => name)).toEqual(['tmp75 inlet temp1', 'tmp75 outlet temp1']);
  });

  it('finds the files of an old driver in the folder of the device', () => {
    const { temperatures, fans } = lookAtSensors(
      chip(0, {
        'device/name': 'w83627hf\n',
        'device/temp1_input': '-5500\n',
        'device/fan2_input': '1500\n',
        uevent: '',
      }),
    );
    expect(temperatures).toEqual([{ name: 'w83627hf temp1', celsius: -5.5, criticalCelsius: null }]);
    expect(fans).toEqual([{ name: 'w83627hf fan2', rpm: 1500 }]);
  });

  it('tells turns per minute, of a fan that stands still as well', () => {
    const fans = { fan1_input: '0\n', fan2_input: '1234\n', fan2_label: 'cpu_fan\n', pwm1: '80\n', fan1_min: '300\n' };
    expect(lookAtSensors(chip(0, { name: 'thinkpad\n', ...fans })).fans).toEqual([
      { name: 'thinkpad cpu_fan', rpm: 1234 },
      { name: 'thinkpad fan1', rpm: 0 },
    ]);
  });

  it.each(['ENODATA', 'EAGAIN', 'EIO', 'ENXIO'])('says null and why where a driver answers %s', (code) => {
    const { temperatures, faults } = lookAtSensors(
      chip(0, CORETEMP),
      {},
      failing(code, 'class/hwmon/hwmon0/temp2_input'),
    );
    expect(temperatures).toMatchObject([{ celsius: null, criticalCelsius: 100 }, { celsius: 42 }, {}, { celsius: 45 }]);
    expect(faults).toEqual([
      { fields: ['temperatures.celsius'], reason: `/sys/class/hwmon/hwmon0/temp2_input cannot be read: ${code}` },
    ]);
  });

  it('does not believe a sensor of which its chip says that it is broken', () => {
    const { temperatures, fans, faults } = lookAtSensors(
      chip(0, {
        name: 'lm90\n',
        ...{ temp1_input: '40000\n', temp1_fault: '0\n', temp2_input: '127000\n', temp2_fault: '1\n' },
        ...{ fan1_input: '65535\n', fan1_fault: '1\n' },
      }),
    );
    expect(temperatures).toMatchObject([{ celsius: 40 }, { celsius: null }]);
    expect(fans).toEqual([{ name: 'lm90 fan1', rpm: null }]);
    expect(faults).toEqual([
      { fields: ['temperatures.celsius'], reason: 'lm90 temp2 is said to be faulty' },
      { fields: ['fans.rpm'], reason: 'lm90 fan1 is said to be faulty' },
    ]);
  });

  it('lets a sleeping device sleep', () => {
    const read: string[] = [];
    const amdgpu = { name: 'amdgpu\n', temp1_input: '38000\n', temp1_label: 'edge\n', temp1_crit: '94000\n' };
    const sys = chip(2, { ...amdgpu, fan1_input: '900\n', 'device/power/runtime_status': 'suspended\n' });
    const { temperatures, fans, faults } = lookAtSensors(sys, {}, (files) => ({
      sysOnce(name) {
        read.push(name);
        return files.sysOnce(name);
      },
    }));
    expect(temperatures).toEqual([{ name: 'amdgpu edge', celsius: null, criticalCelsius: 94 }]);
    expect(fans).toEqual([{ name: 'amdgpu fan1', rpm: null }]);
    expect(faults[0]?.reason).toBe('amdgpu is suspended, and reading would wake it');
    expect(read.filter((name) => name.endsWith('_input'))).toEqual([]);
  });

  it.each(['active\n', 'unsupported\n', 'resuming\n', 'error\n'])('reads a device whose state is %j', (state) => {
    expect(lookAtSensors(chip(0, { ...SAMSUNG, 'device/power/runtime_status': state })).faults).toEqual([]);
  });

  it.each(['', '\n', 'N/A\n', '12.5\n', '0x40\n', '1 2\n', '--1\n', '9'.repeat(16), '\0', '{"temp":1}', 'Infinity'])(
    'refuses %j for a temperature or a speed',
    (text) => {
      const { temperatures, fans, faults } = lookAtSensors(
        chip(0, { name: 'x\n', temp1_input: text, fan1_input: text }),
      );
      expect(temperatures).toMatchObject([{ celsius: null }]);
      expect(fans).toMatchObject([{ rpm: null }]);
      expect(faults.map(({ reason }) => reason)).toEqual([
        '/sys/class/hwmon/hwmon0/temp1_input holds no whole number',
        '/sys/class/hwmon/hwmon0/fan1_input holds no whole number',
      ]);
    },
  );

  it('refuses what cannot be: colder than absolute zero, turning backwards', () => {
    const { temperatures, fans, faults } = lookAtSensors(
      chip(0, {
        name: 'x\n',
        temp1_input: '-274000\n',
        temp2_input: '-273150\n',
        temp2_crit: '-274000\n',
        fan1_input: '-1\n',
      }),
    );
    expect(temperatures).toMatchObject([{ celsius: null }, { celsius: -273.15, criticalCelsius: null }]);
    expect(fans).toMatchObject([{ rpm: null }]);
    expect(faults).toHaveLength(2);
  });

  it.each(['__proto__', 'constructor', '<img>', '$(id)', 'ünï', 'a:b,c*%'])(
    'takes the label %s for nothing but a label',
    (label) => {
      const { temperatures } = lookAtSensors(
        chip(0, { name: `${label}\n`, temp1_input: '1000\n', temp1_label: `${label}\n` }),
      );
      expect(temperatures).toEqual([{ name: `${label} ${label}`, celsius: 1, criticalCelsius: null }]);
    },
  );

  it('sees a chip come and go, and another come under the same number', () => {
    const sys: Tree = chip(0, CORETEMP);
    const links: Tree = {};
    const collector = linuxSensor(fakeFiles({}, sys, links));
    const names = () => (collector.read() as Sample<SensorReading>).reading.temperatures.map(({ name }) => name);
    const put = (files: Tree, target: string) => {
      for (const file of Object.keys(sys))
        if (file.startsWith('class/hwmon/hwmon1/')) Reflect.deleteProperty(sys, file);
      Object.assign(sys, files);
      links['class/hwmon/hwmon1'] = target;
    };
    expect(names()).toHaveLength(4);
    put(chip(1, SAMSUNG), '../../devices/pci0000:00/0000:01:00.0/nvme/nvme0/hwmon1');
    expect(names().slice(4)).toEqual(['nvme Composite', 'nvme Sensor 1']);
    put(chip(1, { name: 'drivetemp\n', temp1_input: '30000\n' }), '../../devices/pci0000:00/ata1/0:0:0:0/hwmon/hwmon1');
    expect(names().slice(4)).toEqual(['drivetemp temp1']);
    put({}, '');
    Reflect.deleteProperty(links, 'class/hwmon/hwmon1');
    expect(names()).toHaveLength(4);
  });

  it('reads labels and limits anew only now and then', () => {
    const sys = chip(0, { ...SAMSUNG });
    const read: string[] = [];
    const files = fakeFiles({}, sys);
    const sysOnce = (name: string) => {
      read.push(name);
      return files.sysOnce(name);
    };
    const collector = linuxSensor({ ...files, sysOnce });
    collector.read();
    read.length = 0;
    collector.read();
    expect(read.filter((name) => /_(?:label|crit)$/.test(name))).toEqual([]);
    sys['class/hwmon/hwmon0/temp1_crit'] = '70000\n';
    for (let looks = 0; looks < 12; looks++) collector.read();
    expect((collector.read() as Sample<SensorReading>).reading.temperatures[0]?.criticalCelsius).toBe(70);
  });

  it('shows no more than it can bear, and says so', () => {
    const inputs = Array.from({ length: 600 }, (_, i) => [`temp${600 - i}_input`, '1000\n']);
    const { temperatures, faults } = lookAtSensors(chip(0, { name: 'x\n', ...Object.fromEntries(inputs) }));
    expect(temperatures).toHaveLength(512);
    expect(temperatures.at(-1)?.name).toBe('x temp512');
    expect(faults).toEqual([{ fields: ['temperatures'], reason: '600 temperatures: only the first 512 are shown' }]);
  });
});
