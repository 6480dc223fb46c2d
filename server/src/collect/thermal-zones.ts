import { DeviceClass } from './device-class.ts';
import { distinctNames } from './distinct-names.ts';
import type { Temperature } from './hwmon.ts';
import type { Faults } from './linux/faults.ts';
import type { HostFiles } from './linux/files.ts';
import { linkedName, readCelsius, readLine } from './sysfs.ts';

interface Zone {
  readonly name: string;
  readonly type: string;
  readonly folder: string;
  /** Degrees Celsius at which the kernel switches the machine off. */
  readonly critical: number | null;
}

/** A zone that stands for Intel's policies and always says 20 °C ("faked temp sensor", int3400_thermal.c). */
const FAKED = 'INT3400 Thermal';

/** Reads the zones of /sys/class/thermal (Documentation/ABI/testing/sysfs-class-thermal). */
export class ThermalZones {
  readonly #files: HostFiles;
  readonly #class: DeviceClass<readonly Zone[]>;

  constructor(files: HostFiles) {
    this.#files = files;
    this.#class = new DeviceClass(files, 'class/thermal', /^thermal_zone\d+$/, (folders) => find(files, folders));
  }

  /** All zones but those that are among the chips with a temperature as well. */
  read(faults: Faults, thermometers: ReadonlySet<string>): Temperature[] {
    const zones = faults.keep(['temperatures'], this.#class.read()) ?? [];
    return zones
      .filter(({ type }) => !thermometers.has(chipOf(type)))
      .map(({ name, folder, critical }) => ({
        name,
        celsius: faults.keep(['temperatures.celsius'], readCelsius(this.#files, `${folder}/temp`)),
        criticalCelsius: critical,
      }));
  }
}

/** Zones of a type share a chip, and a chip's name has no dash (thermal_hwmon.c). */
const chipOf = (type: string) => type.replaceAll('-', '_');

function find(files: HostFiles, folders: readonly string[]): Zone[] {
  const zones = folders.flatMap((folder) => {
    const type = readLine(files, `${folder}/type`);
    return type === null || type === FAKED ? [] : [{ type, folder, critical: findCritical(files, folder) }];
  });
  const names = distinctNames(
    zones.map(({ type, folder }) => ({
      name: type,
      place: linkedName(files, `${folder}/device`) ?? folder.slice(folder.lastIndexOf('/') + 1),
    })),
  );
  return zones.map((zone, i) => ({ ...zone, name: names[i] ?? zone.type }));
}

function findCritical(files: HostFiles, folder: string): number | null {
  const listed = files.sysList(folder);
  const types = listed instanceof Error ? [] : listed.filter((file) => /^trip_point_\d+_type$/.test(file));
  const critical = types.find((file) => readLine(files, `${folder}/${file}`) === 'critical');
  const value = critical ? readCelsius(files, `${folder}/${critical.slice(0, -'type'.length)}temp`) : null;
  return value instanceof Error ? null : value;
}
