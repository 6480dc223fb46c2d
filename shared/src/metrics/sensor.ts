import { count, flag, list, share, temperature } from '../field.ts';
import { metric } from '../metric.ts';

/** Source: /sys/class/hwmon, /sys/class/thermal, /sys/class/power_supply (Documentation/hwmon/sysfs-interface.rst). */
export const sensor = metric({
  title: 'Sensors',
  pace: 5_000,
  fields: {
    temperatures: list('Temperatures', 'Chips and thermal zones', {
      celsius: temperature('Temperature', 'As the driver says'),
      criticalCelsius: temperature('Critical', 'Where the hardware protects itself; null where the driver has none', {
        aggregate: 'last',
      }),
    }),
    fans: list('Fans', 'Fans with a tachometer', {
      rpm: count('Speed', 'Turns per minute', { unit: 'rpm' }),
    }),
    batteries: list('Batteries', 'Batteries of the machine itself, not of its mice', {
      percent: share('Charge', 'Charge as a share of a full one', { aggregate: 'last' }),
      charging: flag('Charging', 'Whether it is being charged'),
      watts: count('Power', 'What goes in or out', { unit: 'watts' }),
    }),
  },
});
