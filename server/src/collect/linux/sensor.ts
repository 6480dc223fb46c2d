import type { MetricValues } from '@telltale/shared';
import { Batteries } from '../batteries.ts';
import type { Collector } from '../collector.ts';
import { distinctNames } from '../distinct-names.ts';
import { Hwmon } from '../hwmon.ts';
import { naturalOrder } from '../natural-order.ts';
import { ThermalZones } from '../thermal-zones.ts';
import { Faults } from './faults.ts';
import type { HostFiles } from './files.ts';

/** Everything here is a gauge, so a reading is already the values. */
export type SensorReading = MetricValues<'sensor'>;

/** Of each list; a server with more sensors has hundreds of cores, each with its own. */
const MAX_LISTED = 512;

export function linuxSensor(files: HostFiles): Collector<'sensor', SensorReading> {
  const hwmon = new Hwmon(files);
  const zones = new ThermalZones(files);
  const batteries = new Batteries(files);
  return {
    read() {
      const faults = new Faults();
      const { thermometers, temperatures, fans } = hwmon.read(faults);
      const reading = {
        temperatures: toList('temperatures', [...temperatures, ...zones.read(faults, thermometers)], faults),
        fans: toList('fans', fans, faults),
        batteries: toList('batteries', batteries.read(faults), faults),
      };
      const nothing = faults.list.length === 0 && Object.values(reading).every((list) => list.length === 0);
      return nothing ? null : { reading, faults: faults.list };
    },
    derive: (now) => now,
  };
}

function toList<T extends { name: string }>(field: string, things: readonly T[], faults: Faults): T[] {
  if (things.length > MAX_LISTED) {
    faults.keep([field], new Error(`${things.length} ${field}: only the first ${MAX_LISTED} are shown`));
  }
  const listed = things.slice(0, MAX_LISTED);
  const names = distinctNames(listed.map(({ name }) => ({ name, place: null })));
  return listed
    .map((thing, i) => ({ ...thing, name: names[i] ?? thing.name }))
    .sort((a, b) => naturalOrder(a.name, b.name));
}
