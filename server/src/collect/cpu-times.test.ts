import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CpuTimes, coreShares, cpuShares, parseLoadavg, parseStat, type StatReading } from './cpu-times.ts';

const ZERO: CpuTimes = {
  user: 0,
  nice: 0,
  system: 0,
  idle: 0,
  iowait: 0,
  irq: 0,
  softirq: 0,
  steal: 0,
  guest: 0,
  guestNice: 0,
};
const times = (given: Partial<CpuTimes>): CpuTimes => ({ ...ZERO, ...given });
const recorded = readFileSync(new URL('../../../tests/hosts/debian-vm/1/proc/stat', import.meta.url), 'utf8');

function parsed(text: string): StatReading {
  const reading = parseStat(text);
  if (reading instanceof Error) throw reading;
  return reading;
}

describe('parseStat', () => {
  it('reads the total, every core under its own number and the single numbers', () => {
    const stat = parsed(recorded);
    const some = { user: 491_629, nice: 14_833, system: 193_768, idle: 2_167_519 };
    expect(stat.all).toEqual(times({ ...some, iowait: 6_044, softirq: 8_643, steal: 1_379 }));
    expect([...stat.cores.keys()]).toEqual(['0', '1']);
    expect(stat.contextSwitches).toBeGreaterThan(0);
    expect(stat.running).toBe(11);
    expect(stat.blocked).toBe(0);
  });

  it('keeps the holes that offline cores leave', () => {
    const stat = parsed('cpu  3 0 0 9\ncpu0 1 0 0 3\ncpu2 1 0 0 3\ncpu17 1 0 0 3\n');
    expect([...stat.cores.keys()]).toEqual(['0', '2', '17']);
  });

  it('takes the columns that an old kernel does not have for 0', () => {
    expect(parsed('cpu 1 2 3 4\n').all).toEqual(times({ user: 1, nice: 2, system: 3, idle: 4 }));
  });

  it('has null for a number that is missing or none', () => {
    expect(parsed('cpu 1 2 3 4\nctxt\nprocs_running x\n')).toMatchObject({
      contextSwitches: null,
      running: null,
      blocked: null,
    });
  });

  it.each([
    ['nothing', ''],
    ['no cpu line', 'intr 1 2 3\nctxt 5\n'],
    ['a bare name', 'cpu\n'],
    ['three columns', 'cpu  1 2 3\n'],
    ['a line that was cut short', 'cpu  1 2 3 4 5 6 7 80'],
    ['a core whose line was cut short', 'cpu  1 2 3 4\ncpu0 1 2 3 4'],
    ['a negative number', 'cpu  1 2 -3 4\n'],
    ['numbers that the kernel does not write', 'cpu  0x1 1e3 3 4\n'],
    ['a number beyond 64 bits', `cpu  ${'9'.repeat(30)} 2 3 4\n`],
    ['a word', 'cpu  1 2 three 4 5 6 7 8 9 10\n'],
    ['a core with a word', 'cpu  1 2 3 4\ncpu0 1 2 x 4\n'],
    ['something else', '<html>not found</html>'],
    ['NULs', '\0'.repeat(100)],
  ])('answers with an error for %s', (_, text) => {
    expect(parseStat(text)).toBeInstanceOf(Error);
  });
});

const ticks = fc.integer({ min: 0, max: 2 ** 40 });
const anyTimes: fc.Arbitrary<CpuTimes> = fc.record({
  user: ticks,
  nice: ticks,
  system: ticks,
  idle: ticks,
  iowait: ticks,
  irq: ticks,
  softirq: ticks,
  steal: ticks,
  guest: ticks,
  guestNice: ticks,
});

describe('cpuShares', () => {
  it('splits the interval into eight parts that add up to 100, whatever the counters did', () => {
    fc.assert(
      fc.property(anyTimes, anyTimes, (a, b) => {
        const { usage, ...parts } = cpuShares(b, a);
        const values = Object.values(parts);
        if (usage === null) {
          expect(values.every((part) => part === null)).toBe(true);
          return;
        }
        const sum = (values as number[]).reduce((x, y) => x + y, 0);
        expect(Math.abs(sum - 100)).toBeLessThan(1e-9);
        for (const part of [usage, ...(values as number[])]) {
          expect(part).toBeGreaterThanOrEqual(0);
          expect(part).toBeLessThanOrEqual(100);
        }
        expect(usage).toBeCloseTo(100 - (parts.idle as number) - (parts.iowait as number), 9);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is off by less than 0.01 in every part', () => {
    const shares = cpuShares(times({ user: 1, nice: 1, system: 1, idle: 4 }), ZERO);
    for (const part of ['user', 'nice', 'system'] as const) {
      expect(Math.abs((shares[part] as number) - 100 / 7)).toBeLessThan(0.01);
    }
  });

  it('takes guests out of user and nice, where the kernel counts them too', () => {
    const shares = cpuShares(times({ user: 50, guest: 30, nice: 20, guestNice: 10, idle: 30 }), ZERO);
    expect(shares).toMatchObject({ user: 20, nice: 10, guest: 40, idle: 30, usage: 70 });
  });

  it('counts steal and interrupts as used, and iowait as not', () => {
    const shares = cpuShares(times({ steal: 10, irq: 5, softirq: 15, iowait: 30, idle: 40 }), ZERO);
    expect(shares).toMatchObject({ steal: 10, interrupt: 20, iowait: 30, idle: 40, usage: 30 });
  });

  it('takes an iowait that steps back for none', () => {
    const shares = cpuShares(times({ user: 50, idle: 150, iowait: 95 }), times({ idle: 100, iowait: 100 }));
    expect(shares).toMatchObject({ iowait: 0, user: 50, idle: 50 });
  });

  it.each([
    ['there is no earlier reading', times({ user: 5 }), undefined],
    ['no time has passed', times({ user: 5 }), times({ user: 5 })],
    ['user went back', times({ user: 4, idle: 100 }), times({ user: 5 })],
    ['system went back', times({ system: 4, idle: 100 }), times({ system: 5 })],
    ['idle went back by seconds: the core was off', times({ user: 50, idle: 10 }), times({ idle: 5_000 })],
  ])('does not know when %s', (_, now, before) => {
    expect(Object.values(cpuShares(now, before)).every((share) => share === null)).toBe(true);
  });

  it('bears a small step back of idle', () => {
    expect(cpuShares(times({ user: 50, idle: 90 }), times({ idle: 100 })).usage).toBe(100);
  });
});

describe('coreShares', () => {
  const before = parsed('cpu 0 0 0 0\ncpu0 0 0 0 0\ncpu1 0 0 0 0\ncpu10 0 0 0 0\ncpu9 0 0 0 0\n');

  it('matches cores by number and orders them by it', () => {
    const now = parsed('cpu 0 0 0 9\ncpu10 1 0 0 3\ncpu9 0 0 0 5\ncpu0 5 0 0 0\n');
    const cores = coreShares(now, before).map(({ name, usage }) => [name, usage]);
    expect(cores).toEqual([
      ['0', 100],
      ['9', 0],
      ['10', 25],
    ]);
  });

  it('does not know a core that has just come back', () => {
    const now = parsed('cpu 0 0 0 9\ncpu0 1 0 0 0\ncpu3 4 0 0 4\n');
    expect(coreShares(now, before).map(({ usage }) => usage)).toEqual([100, null]);
  });
});

describe('parseLoadavg', () => {
  it('reads the three averages', () => {
    expect(parseLoadavg('0.03 0.07 1.50 1/83 6087\n')).toEqual({ load1: 0.03, load5: 0.07, load15: 1.5 });
  });

  it.each([
    ...['', '\n', '0.03', '0.03 0.07', '0.03 0.07 ', 'a b c 1/2 3', '0,03 0,07 1,50 1/2 3'],
    // Cut short, the last would be 1 or 1.5.
    ...['0.03 0.07 1.', '0.03 0.07 1.5', '-0.03 0.07 1.50 1/2 3', 'NaN Infinity 1e3 1/2 3'],
  ])('refuses %j', (text) => {
    expect(parseLoadavg(text)).toBeInstanceOf(Error);
  });
});
