import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeFiles } from '../../testing/fake-files.ts';
import type { Sample } from '../collector.ts';
import type { HostFiles } from './files.ts';
import { linuxPressure, type PressureReading, parseTotal } from './pressure.ts';

/** Linux 6.18, and what Linux 5.10 has for processors. */
const CPU =
  'some avg10=10.69 avg60=18.27 avg300=10.09 total=1170802424\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n';
const OLD_CPU = 'some avg10=10.69 avg60=18.27 avg300=10.09 total=1170802424\n';
const MEMORY =
  'some avg10=0.21 avg60=0.28 avg300=0.65 total=52402984\nfull avg10=0.15 avg60=0.17 avg300=0.46 total=35265220\n';
const IO = 'some avg10=0.00 avg60=0.00 avg300=0.00 total=69170\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=20050\n';
const ALL = { 'pressure/cpu': CPU, 'pressure/memory': MEMORY, 'pressure/io': IO };

const file = (someUs: number, fullUs: number) =>
  `some avg10=0.00 avg60=0.00 avg300=0.00 total=${someUs}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=${fullUs}\n`;
const look = (proc: Readonly<Record<string, string>>) =>
  linuxPressure(fakeFiles(proc)).read() as Sample<PressureReading>;
/** As some kernels do with `psi=0`. */
const refusing = (code: string): HostFiles => ({
  ...fakeFiles({}),
  proc: (name) => new Error(`/proc/${name} cannot be read: ${code}`),
});
const { derive } = linuxPressure(fakeFiles({}));
const after = (now: Sample<PressureReading>, before: Sample<PressureReading>, elapsedMs = 1_000) =>
  derive(now.reading, before.reading, elapsedMs);
const NOTHING = { cpuSome: null, memorySome: null, memoryFull: null, ioSome: null, ioFull: null };

describe('a total', () => {
  it.each<[string, 'some' | 'full', number]>([
    [CPU, 'some', 1_170_802_424],
    [CPU, 'full', 0],
    [OLD_CPU, 'some', 1_170_802_424],
    [MEMORY, 'full', 35_265_220],
    ['some total=5\n', 'some', 5],
  ])('is found in %j', (text, line, expected) => expect(parseTotal(text, line, 'pressure/cpu')).toBe(expected));

  it.each([
    '',
    'full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n',
    'some avg10=10.69 avg60=18.27\n',
    'some avg10=10.69 avg60=18.27 avg300=10.09 total=\n',
    'some avg10=10.69 avg60=18.27 avg300=10.09 total=-5\n',
    'some avg10=10.69 avg60=18.27 avg300=10.09 total=5e3\n',
    'some avg10=10.69 avg60=18.27 avg300=10.09 total=11708',
    `some avg10=10.69 avg60=18.27 avg300=10.09 total=${'9'.repeat(30)}\n`,
    'some avg10=10.69 avg60=18.27 avg300=10.09 subtotal=5\n',
    'something total=5\n',
    '\0\0\0',
    '{"some": {"total": 5}}',
  ])('is not found in %j', (text) => {
    expect(parseTotal(text, 'some', 'pressure/cpu')).toEqual(new Error('/proc/pressure/cpu has no total of "some"'));
  });
});

describe('the pressure of Linux', () => {
  it('is the share of the interval that was lost to waiting', () => {
    const before = look(ALL);
    const now = look({
      'pressure/cpu': file(1_170_802_424 + 125_000, 0),
      'pressure/memory': file(52_402_984 + 40_000, 35_265_220 + 1_000),
      'pressure/io': file(69_170, 20_050),
    });
    expect(now.faults).toEqual([]);
    // 125 ms of 500 are a quarter, 40 are 8 %, 1 is 0.2 %.
    expect(after(now, before, 500)).toEqual({ cpuSome: 25, memorySome: 8, memoryFull: 0.2, ioSome: 0, ioFull: 0 });
    // Of two seconds 40 ms are 2 %, and 1 ms is 0.05 %.
    expect(after(now, before, 2_000)).toMatchObject({ cpuSome: 6.25, memorySome: 2, memoryFull: 0.05 });
  });

  it('has no values before there is an interval', () => {
    expect(derive(look(ALL).reading, null, null)).toEqual(NOTHING);
  });

  it('has no value for a counter that went back', () => {
    const before = look(ALL);
    const now = look({ ...ALL, 'pressure/io': file(0, 30_050) });
    expect(after(now, before)).toMatchObject({ cpuSome: 0, ioSome: null, ioFull: 1 });
  });

  it('is never more than the whole interval, however the clocks were read', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.nat(10_000_000), fc.integer({ min: 1, max: 60_000 }), (start, us, elapsedMs) => {
        const now = look({ ...ALL, 'pressure/cpu': file(start + us, 0) });
        const { cpuSome } = after(now, look({ ...ALL, 'pressure/cpu': file(start, 0) }), elapsedMs);
        expect(cpuSome).toBeGreaterThanOrEqual(0);
        expect(cpuSome).toBeLessThanOrEqual(100);
        expect(cpuSome).toBeCloseTo(Math.min(100, us / (elapsedMs * 10)), 1);
      }),
    );
  });

  it('needs no "full" line for processors, which Linux before 5.13 has not', () => {
    expect(look({ ...ALL, 'pressure/cpu': OLD_CPU }).faults).toEqual([]);
  });

  it('is not there on a kernel that does not account for it', () => {
    expect(linuxPressure(fakeFiles({})).read()).toBeNull();
    expect(linuxPressure(refusing('ENOTSUP')).read()).toBeNull();
    expect(linuxPressure(refusing('EOPNOTSUPP')).read()).toBeNull();
  });

  it('is there, and faulty, where the files cannot be read for another reason', () => {
    const { reading, faults } = linuxPressure(refusing('EIO')).read() as Sample<PressureReading>;
    expect(derive(reading, reading, 1_000)).toEqual(NOTHING);
    expect(faults).toEqual([
      { fields: ['cpuSome'], reason: '/proc/pressure/cpu cannot be read: EIO' },
      { fields: ['memorySome', 'memoryFull'], reason: '/proc/pressure/memory cannot be read: EIO' },
      { fields: ['ioSome', 'ioFull'], reason: '/proc/pressure/io cannot be read: EIO' },
    ]);
  });

  it.each([
    ['cpu', ['cpuSome'], { memorySome: 0, memoryFull: 0, ioSome: 0, ioFull: 0 }],
    ['memory', ['memorySome', 'memoryFull'], { cpuSome: 0, ioSome: 0, ioFull: 0 }],
    ['io', ['ioSome', 'ioFull'], { cpuSome: 0, memorySome: 0, memoryFull: 0 }],
  ])('says null and why without the file for %s, and the rest all the same', (name, fields, rest) => {
    const { [`pressure/${name}` as keyof typeof ALL]: _, ...others } = ALL;
    const sample = look(others);
    expect(sample.faults).toEqual([{ fields, reason: `/proc/pressure/${name} does not exist` }]);
    expect(after(sample, sample)).toEqual({ ...NOTHING, ...rest });
  });

  it('says null and why for a line that cannot be understood, and the rest all the same', () => {
    const sample = look({ ...ALL, 'pressure/memory': MEMORY.slice(0, MEMORY.indexOf('full') + 9) });
    expect(sample.faults).toEqual([{ fields: ['memoryFull'], reason: '/proc/pressure/memory has no total of "full"' }]);
    expect(after(sample, sample)).toMatchObject({ memorySome: 0, memoryFull: null, ioFull: 0 });
  });

  it('begins anew with a file that comes back', () => {
    const { 'pressure/io': _, ...others } = ALL;
    expect(after(look(ALL), look(others))).toMatchObject({ cpuSome: 0, ioSome: null, ioFull: null });
  });
});
