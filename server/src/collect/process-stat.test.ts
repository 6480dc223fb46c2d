import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCharacter } from '../testing/any-character.ts';
import { type ProcessStat, parseProcessStat, parseProcessStatus } from './process-stat.ts';

/** Linux 6.18. */
const statOf = (name: string) =>
  `1 (${name}) S 0 0 0 0 -1 4194560 170897 125337501 0 18041 867 3701 407742 116931 10 -10 13 0 25 54132736 5207 18446744073709551615 1 1 0 0 0 0 0 4096 1256 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n`;
const KERNEL_THREAD =
  '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 25 0 0 18446744073709551615 0 0 0 0 0 0 0 2147483647 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n';
const STATUS = `Name:\tinit
Umask:\t0022
State:\tS (sleeping)
Tgid:\t1
Pid:\t1
Uid:\t1000\t33\t33\t33
Gid:\t0\t0\t0\t0
FDSize:\t512
VmPeak:\t   64152 kB
VmHWM:\t   32820 kB
VmRSS:\t   21176 kB
RssAnon:\t   14872 kB
Threads:\t13
`;

describe('the stat of a process', () => {
  it('is read as Linux writes it', () => {
    expect(parseProcessStat(statOf('init'))).toEqual({
      name: 'init',
      state: 'S',
      parent: 0,
      reapedFaults: 125_337_501,
      cpuTicks: 867 + 3_701,
      threads: 13,
      startTicks: 25,
      residentPages: 5_207,
    });
    expect(parseProcessStat(KERNEL_THREAD)).toMatchObject({ name: 'kthreadd', cpuTicks: 0, residentPages: 0 });
  });

  it.each([
    ['spaces', 'Web Content'],
    ['parentheses', '(sd-pam)'],
    ['more that is closed than opened', ') R 1 1 1) S'],
    ['what looks like the rest of the line', 'x) R 0 0 0 0 -1 4194560 1 1 0 1 99 99'],
    ['line ends', 'two\nlines\r\n'],
    ['control characters', '\u001b[31m\u0007'],
    ['writing from right to left', '\u202egnp.exe'],
    ['nothing', ''],
    ['a word of JavaScript', '__proto__'],
    ['markup', '<b>x</b>'],
  ])('may have a name with %s', (_, name) => {
    expect(parseProcessStat(statOf(name))).toMatchObject({ name, state: 'S', cpuTicks: 4_568, startTicks: 25 });
  });

  it('takes any name for nothing but a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (name) => {
        expect((parseProcessStat(statOf(name)) as ProcessStat).name).toBe(name);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['zeros', '\0\0\0'],
    ['no name', '1 init S 0 0'],
    ['a name that does not end', '1 (init S 0 0 0 0 -1 4194560 1 1 0 1 867 3701 4 1 10 -10 13 0 25 54132736 5207 1'],
    ['a name that does not begin', '1 init) S 0 0 0 0 -1 4194560 1 1 0 1 867 3701 4 1 10 -10 13 0 25 54132736 5207 1'],
    ['words for numbers', statOf('init').replace(' 867 ', ' many ')],
    ['nothing for a number', statOf('init').replace(' 867 ', '  ')],
    ['a number below zero', statOf('init').replace(' 13 ', ' -1 ')],
    ['a number of more digits than the kernel has', statOf('init').replace(' 867 ', ` ${'9'.repeat(21)} `)],
    ['a fraction', statOf('init').replace(' 13 ', ' 1.5 ')],
    ['something else', '{"name": "(init)"}'],
  ])('is refused with %s', (_, text) => expect(parseProcessStat(text)).toBeInstanceOf(Error));

  it('is refused or right wherever it is cut short', () => {
    const whole = parseProcessStat(statOf('a (b) c'));
    for (let length = 0; length < statOf('a (b) c').length; length++) {
      const cut = parseProcessStat(statOf('a (b) c').slice(0, length));
      expect(cut instanceof Error || cut).toEqual(cut instanceof Error ? true : whole);
    }
  });
});

describe('the status of a process', () => {
  it('tells whose rights it has, not who started it, and its resident set', () => {
    expect(parseProcessStatus(STATUS)).toEqual({ uid: 33, residentBytes: 21_176 * 1_024 });
  });

  it('has no resident set for what has no memory', () => {
    expect(parseProcessStatus(STATUS.replace(/^Vm.*\n/gm, ''))).toEqual({ uid: 33, residentBytes: null });
  });

  it('is not what the name of the process says it is', () => {
    const hostile = STATUS.replace('init', 'x\nUid:\t0\t0\t0\t0\nVmRSS:\t       1 kB');
    expect(parseProcessStatus(hostile)).toEqual({ uid: 33, residentBytes: 21_176 * 1_024 });
  });

  it.each([
    '',
    'Name:\tx\n',
    'Name:\tx\nUid:\t5\n',
    'Name:\tx\nUid:\tme\tme\tme\tme\n',
    'Name:\tx\nUid: 5 5 5 5\n',
    STATUS.slice(0, STATUS.indexOf('\t33')),
    '\0',
  ])('tells nothing as %j', (text) => {
    expect(parseProcessStatus(text)).toEqual({
      uid: new Error('the status of a process tells no "Uid"'),
      residentBytes: new Error('the status of a process tells no "VmRSS"'),
    });
  });

  it.each([
    'VmRSS:\t   21176 kB',
    'VmRSS:\t   21176',
    'VmRSS:\t   2',
    'VmRSS:\t',
    '',
    'VmRSS:\tmuch kB\nThreads:\t1\n',
  ])('tells no resident set when it ends with %j', (end) => {
    const cut = STATUS.slice(0, STATUS.indexOf('VmRSS')) + end;
    expect(parseProcessStatus(cut)).toEqual({ uid: 33, residentBytes: expect.any(Error) });
  });
});
