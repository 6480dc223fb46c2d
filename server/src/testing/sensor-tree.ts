import type { Sample } from '../collect/collector.ts';
import type { HostFiles } from '../collect/linux/files.ts';
import { linuxSensor, type SensorReading } from '../collect/linux/sensor.ts';
import { fakeFiles } from './fake-files.ts';

export type Tree = Record<string, string>;

/** Files below a folder. */
const below = (folder: string, files: Tree): Tree =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
export const chip = (number: number, files: Tree) => below(`class/hwmon/hwmon${number}`, files);
export const zone = (number: number, files: Tree) => below(`class/thermal/thermal_zone${number}`, files);
export const supply = (name: string, files: Tree) => below(`class/power_supply/${name}`, files);

/** One look at the sensors of a machine with these files and links below `/sys`, perhaps changed on the way. */
export function lookAtSensors(
  sys: Tree,
  links: Tree = {},
  change: (files: HostFiles) => Partial<HostFiles> = () => ({}),
) {
  const files = fakeFiles({}, sys, links);
  const sample = linuxSensor({ ...files, ...change(files) }).read() as Sample<SensorReading>;
  return { ...sample.reading, faults: sample.faults };
}

/** A machine of which these files cannot be read. */
export const failing =
  (code: string, ...names: string[]) =>
  (files: HostFiles): Partial<HostFiles> => ({
    sysOnce: (name) => (names.includes(name) ? new Error(`/sys/${name} cannot be read: ${code}`) : files.sysOnce(name)),
  });
