import { share } from '../field.ts';
import { metric } from '../metric.ts';

const some = (what: string) => `Share of the interval in which at least one task waited for ${what}`;
const full = (what: string) => `Share of the interval in which every task that was not idle waited for ${what}`;

/** Source: the `total` counters of /proc/pressure (Documentation/accounting/psi.rst). */
export const pressure = metric({
  title: 'Pressure',
  pace: 'base',
  subSecond: true,
  fields: {
    cpuSome: share('CPU', some('a processor')),
    memorySome: share('Memory', some('memory')),
    memoryFull: share('Memory, all tasks', full('memory')),
    ioSome: share('I/O', some('I/O')),
    ioFull: share('I/O, all tasks', full('I/O')),
  },
});
