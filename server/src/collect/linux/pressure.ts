import type { Collector } from '../collector.ts';
import { perSecond } from '../rate.ts';
import { Faults } from './faults.ts';
import type { HostFiles } from './files.ts';

/** Microseconds since boot that were lost to waiting, by the field that they become. */
export type PressureReading = ReadonlyMap<string, number>;

/** The files, and what their lines become. That no task at all could run for want of a processor says nothing (psi.rst). */
const FILES = [
  { file: 'pressure/cpu', fields: { some: 'cpuSome' } },
  { file: 'pressure/memory', fields: { some: 'memorySome', full: 'memoryFull' } },
  { file: 'pressure/io', fields: { some: 'ioSome', full: 'ioFull' } },
] as const;
const US_PER_PERCENT = 10_000;

// Without its end the number may have been cut short.
const TOTALS = { some: /^some .*\btotal=(\d{1,20})\n/m, full: /^full .*\btotal=(\d{1,20})\n/m };

/** Parses the `total` of one line of a file of /proc/pressure. `file` is for the message. */
export function parseTotal(text: string, line: keyof typeof TOTALS, file: string): number | Error {
  const total = TOTALS[line].exec(text)?.[1];
  return total === undefined ? new Error(`/proc/${file} has no total of "${line}"`) : Number(total);
}

/** Before Linux 4.20 there are no such files; a kernel that was told not to account (`psi=0`) may refuse to read its own. */
const isAbsence = (text: string | Error) =>
  text instanceof Error && /(does not exist|ENOTSUP|EOPNOTSUPP)$/.test(text.message);

/** Source: the `total` counters of /proc/pressure; the averages beside them lag behind. */
export function linuxPressure(files: HostFiles): Collector<'pressure', PressureReading> {
  return {
    read() {
      const texts = FILES.map(({ file }) => files.proc(file));
      if (texts.every(isAbsence)) return null;
      const faults = new Faults();
      const reading = new Map<string, number>();
      for (const [index, { file, fields }] of FILES.entries()) {
        const text = faults.keep(Object.values(fields), texts[index] as string | Error);
        if (text === null) continue;
        for (const [line, field] of Object.entries(fields) as [keyof typeof TOTALS, string][]) {
          const total = faults.keep([field], parseTotal(text, line, file));
          if (total !== null) reading.set(field, total);
        }
      }
      return { reading, faults: faults.list };
    },
    derive(now, before, elapsedMs) {
      const share = (field: string) => {
        const percent = (reading: PressureReading | null) => {
          const us = reading?.get(field);
          return us === undefined ? null : us / US_PER_PERCENT;
        };
        const value = perSecond(percent(now), percent(before), elapsedMs, 2);
        // The files and the clock that measures the interval are not read in the same moment.
        return value === null ? null : Math.min(value, 100);
      };
      return {
        cpuSome: share('cpuSome'),
        memorySome: share('memorySome'),
        memoryFull: share('memoryFull'),
        ioSome: share('ioSome'),
        ioFull: share('ioFull'),
      };
    },
  };
}
