import type { MetricValues } from '@telltale/shared';
import { DeviceClass } from './device-class.ts';
import type { Faults } from './linux/faults.ts';
import type { HostFiles } from './linux/files.ts';
import { round } from './rate.ts';
import { readCount, readLine, readWhole } from './sysfs.ts';

export type Battery = MetricValues<'sensor'>['batteries'][number];

interface Supply {
  readonly name: string;
  readonly folder: string;
  readonly files: ReadonlySet<string>;
}

/** Whether each status is charging. "Unknown" is not among them: then the battery does not know itself. */
const STATUSES = new Map([
  ['Charging', true],
  ['Discharging', false],
  ['Not charging', false],
  ['Full', false],
]);

/** Reads the machine's own batteries from /sys/class/power_supply (Documentation/ABI/testing/sysfs-class-power). */
export class Batteries {
  readonly #files: HostFiles;
  readonly #class: DeviceClass<readonly Supply[]>;

  constructor(files: HostFiles) {
    this.#files = files;
    this.#class = new DeviceClass(files, 'class/power_supply', /^/, (folders) => find(files, folders));
  }

  read(faults: Faults): Battery[] {
    const supplies = faults.keep(['batteries'], this.#class.read()) ?? [];
    // A bay may be empty; without the file the battery cannot be taken out.
    const present = supplies.filter(({ folder, files }) => {
      return !files.has('present') || readLine(this.#files, `${folder}/present`) !== '0';
    });
    return present.map((supply) => ({
      name: supply.name,
      percent: faults.keep(['batteries.percent'], this.#percent(supply)),
      charging: faults.keep(['batteries.charging'], this.#charging(supply)),
      watts: faults.keep(['batteries.watts'], this.#watts(supply)),
    }));
  }

  /** The driver's own figure, else what is in it of what fits, in µWh or µAh. */
  #percent(supply: Supply): number | Error {
    const capacity = this.#value(supply, 'capacity', readCount);
    // A new battery holds more than a full one is said to.
    if (!(capacity instanceof Error)) return Math.min(100, capacity);
    for (const kind of ['energy', 'charge']) {
      const now = this.#value(supply, `${kind}_now`, readCount);
      const full = this.#value(supply, `${kind}_full`, readCount);
      if (now instanceof Error || full instanceof Error || full === 0) continue;
      return Math.min(100, round((100 * now) / full, 2));
    }
    return capacity;
  }

  #charging({ name, folder }: Supply): boolean | Error {
    const status = readLine(this.#files, `${folder}/status`);
    return STATUSES.get(status ?? '') ?? new Error(`${name} does not say whether it is charging`);
  }

  /** Drivers disagree whether what goes out is negative, so the direction is left to the status. */
  #watts(supply: Supply): number | Error {
    const power = this.#value(supply, 'power_now', readWhole);
    if (!(power instanceof Error)) return round(Math.abs(power) / 1e6, 3);
    const current = this.#value(supply, 'current_now', readWhole);
    const voltage = this.#value(supply, 'voltage_now', readWhole);
    if (current instanceof Error || voltage instanceof Error) return power;
    return round(Math.abs((current / 1e6) * (voltage / 1e6)), 3);
  }

  #value(
    { name, folder, files }: Supply,
    file: string,
    read: (files: HostFiles, name: string) => number | Error,
  ): number | Error {
    return files.has(file) ? read(this.#files, `${folder}/${file}`) : new Error(`${name} does not tell its ${file}`);
  }
}

function find(files: HostFiles, folders: readonly string[]): Supply[] {
  return folders.flatMap((folder) => {
    const listed = files.sysList(folder);
    // A mouse or a headset reports its battery with the scope "Device".
    const own = readLine(files, `${folder}/type`) === 'Battery' && readLine(files, `${folder}/scope`) !== 'Device';
    if (!own || listed instanceof Error) return [];
    return [{ name: folder.slice(folder.lastIndexOf('/') + 1), folder, files: new Set(listed) }];
  });
}
