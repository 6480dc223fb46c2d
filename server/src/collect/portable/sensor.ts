import type { MetricValues } from '@telltale/shared';
import type { Systeminformation } from 'systeminformation';
import type { Collector, ReadFault } from '../collector.ts';
import { naturalOrder } from '../natural-order.ts';
import { round } from '../rate.ts';
import { neverTold, told } from '../told.ts';
import type { PortableCalls } from './bridge.ts';

type Sensors = MetricValues<'sensor'>;

const NOT_TOLD = neverTold(['temperatures.criticalCelsius', 'fans', 'batteries.watts']);
const NO_STATE = neverTold(['batteries.charging']);
const NO_TEMPERATURE: ReadFault = {
  fields: ['temperatures.celsius'],
  reason: 'systeminformation told temperatures that cannot be',
};
const NO_CHARGE: ReadFault = { fields: ['batteries.percent'], reason: 'systeminformation told no charge' };

/** What it could not read it tells as 0 °C, or as absolute zero. */
function celsius(value: number): number | null {
  const degrees = value === 0 ? null : told(value, -100, 200);
  return degrees === null ? null : round(degrees, 1);
}

function toTemperatures(temperature: Systeminformation.CpuTemperatureData): Sensors['temperatures'] {
  const { main, chipset, cores, socket = [] } = temperature;
  const numbered = (what: string, values: readonly number[]) =>
    values.map((value, i): [string, number] => [`${what} ${i}`, value]);
  const all: [string, number | null | undefined][] = [
    ['cpu', main],
    ['chipset', chipset],
    ...numbered('core', cores),
    ...numbered('socket', socket),
  ];
  return all
    .flatMap(([name, value]) => (value == null ? [] : { name, celsius: celsius(value), criticalCelsius: null }))
    .sort((a, b) => naturalOrder(a.name, b.name));
}

function toBatteries(first: Systeminformation.BatteryData, tellsCharging: boolean): Sensors['batteries'] {
  return [first, ...(first.additionalBatteries ?? [])]
    .filter(({ hasBattery }) => hasBattery)
    .map(({ percent, currentCapacity, isCharging }, i) => {
      // Where it knows nothing of the charge it tells 0, of an empty battery as of any other.
      const isInvented = percent === 0 && !(currentCapacity > 0);
      const charge = isInvented ? null : told(percent, 0, 100);
      return {
        name: `battery ${i}`,
        percent: charge === null ? null : round(charge, 2),
        charging: tellsCharging ? isCharging : null,
        watts: null,
      };
    });
}

/** `platform`: as Node names it. On BSD the library takes a machine that is not plugged in for one that is charged. */
export function portableSensor(bridge: PortableCalls, platform: string): Collector<'sensor', Sensors> {
  const tellsCharging = !platform.endsWith('bsd');
  return {
    async read() {
      const { temperature, battery } = await bridge.call('sensor');
      const temperatures = toTemperatures(temperature);
      const batteries = toBatteries(battery, tellsCharging);
      if (temperatures.length === 0 && batteries.length === 0) return null;
      const faults = tellsCharging ? [NOT_TOLD] : [NOT_TOLD, NO_STATE];
      if (temperatures.some((each) => each.celsius === null)) faults.push(NO_TEMPERATURE);
      if (batteries.some(({ percent }) => percent === null)) faults.push(NO_CHARGE);
      return { reading: { temperatures, fans: [], batteries }, faults };
    },
    derive: (now) => now,
  };
}
