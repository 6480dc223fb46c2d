import type { MetricValues } from '@telltale/shared';
import { DeviceClass } from './device-class.ts';
import { distinctNames } from './distinct-names.ts';
import type { Faults } from './linux/faults.ts';
import type { HostFiles } from './linux/files.ts';
import { naturalOrder } from './natural-order.ts';
import { isSuspended, linkedName, readCelsius, readCount, readLine, readWhole } from './sysfs.ts';

export type Temperature = MetricValues<'sensor'>['temperatures'][number];
export type Fan = MetricValues<'sensor'>['fans'][number];

export interface HwmonReading {
  /** The chips that have a temperature, as their drivers call them. */
  readonly thermometers: ReadonlySet<string>;
  readonly temperatures: readonly Temperature[];
  readonly fans: readonly Fan[];
}

interface Chip {
  readonly name: string;
  readonly folder: string;
  /** Where its files are, and their names; an `Error` where they cannot be listed. */
  readonly place: string;
  readonly files: readonly string[] | Error;
}

interface Sensor {
  /** The chip's name and the sensor's label: "coretemp Package id 0". */
  readonly name: string;
  readonly chip: Chip;
  /** What its files begin with: "class/hwmon/hwmon2/temp1". */
  readonly path: string;
  readonly tellsFault: boolean;
  /** Degrees Celsius. */
  readonly critical: number | null;
}

interface Found {
  readonly chips: readonly Chip[];
  readonly temperatures: readonly Sensor[];
  readonly fans: readonly Sensor[];
}

const INPUT = /^(?:temp|fan)\d+_input$/;
const NOTHING: HwmonReading = { thermometers: new Set(), temperatures: [], fans: [] };

/** Reads the sensor chips of /sys/class/hwmon (Documentation/hwmon/sysfs-interface.rst). */
export class Hwmon {
  readonly #files: HostFiles;
  readonly #class: DeviceClass<Found>;

  constructor(files: HostFiles) {
    this.#files = files;
    this.#class = new DeviceClass(files, 'class/hwmon', /^hwmon\d+$/, (folders) => find(files, folders));
  }

  read(faults: Faults): HwmonReading {
    const found = faults.keep(['temperatures', 'fans'], this.#class.read());
    if (!found) return NOTHING;
    const { chips } = found;
    for (const chip of chips) faults.keep(['temperatures', 'fans'], chip.files);
    const asleep = new Set(chips.filter(({ folder }) => isSuspended(this.#files, `${folder}/device`)));
    const value = (sensor: Sensor, read: (files: HostFiles, name: string) => number | Error) => {
      const { chip, name, path, tellsFault } = sensor;
      if (asleep.has(chip)) return new Error(`${chip.name} is suspended, and reading would wake it`);
      if (tellsFault && readWhole(this.#files, `${path}_fault`) === 1) return new Error(`${name} is said to be faulty`);
      return read(this.#files, `${path}_input`);
    };
    return {
      thermometers: new Set(found.temperatures.map(({ chip }) => chip.name)),
      temperatures: found.temperatures.map((sensor) => ({
        name: sensor.name,
        celsius: faults.keep(['temperatures.celsius'], value(sensor, readCelsius)),
        criticalCelsius: sensor.critical,
      })),
      fans: found.fans.map((sensor) => ({
        name: sensor.name,
        rpm: faults.keep(['fans.rpm'], value(sensor, readCount)),
      })),
    };
  }
}

function find(files: HostFiles, folders: readonly string[]): Found {
  const chips = folders.map((folder) => findChip(files, folder));
  const names = distinctNames(
    chips.map(({ name, folder }) => ({
      name,
      place: readLine(files, `${folder}/label`) ?? linkedName(files, `${folder}/device`),
    })),
  );
  const sensors = (kind: 'temp' | 'fan') => chips.flatMap((chip, i) => findSensors(files, chip, names[i] ?? '', kind));
  return { chips, temperatures: sensors('temp'), fans: sensors('fan') };
}

function findChip(files: HostFiles, folder: string): Chip {
  const own = files.sysList(folder);
  // Drivers from before 2013 have their files in the folder of the device.
  const older = own instanceof Error || own.some((file) => INPUT.test(file)) ? null : files.sysList(`${folder}/device`);
  const place = Array.isArray(older) && older.some((file) => INPUT.test(file)) ? `${folder}/device` : folder;
  const name = readLine(files, `${folder}/name`) ?? readLine(files, `${folder}/device/name`) ?? 'unnamed';
  return { name, folder, place, files: place === folder || older === null ? own : older };
}

function findSensors(files: HostFiles, chip: Chip, chipName: string, kind: 'temp' | 'fan'): Sensor[] {
  if (chip.files instanceof Error) return [];
  const present = new Set(chip.files);
  const inputs = chip.files.filter((file) => INPUT.test(file) && file.startsWith(kind)).sort(naturalOrder);
  const channels = inputs.map((file) => file.slice(0, -'_input'.length));
  const labels = channels.map((channel) => {
    const label = present.has(`${channel}_label`) ? readLine(files, `${chip.place}/${channel}_label`) : null;
    return { name: label ?? channel, place: channel };
  });
  return distinctNames(labels).map((label, i) => {
    const path = `${chip.place}/${channels[i]}`;
    const critical = present.has(`${channels[i]}_crit`) ? readCelsius(files, `${path}_crit`) : null;
    return {
      name: `${chipName} ${label}`,
      chip,
      path,
      tellsFault: present.has(`${channels[i]}_fault`),
      critical: critical instanceof Error ? null : critical,
    };
  });
}
