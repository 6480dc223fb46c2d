import { describe, expect, it } from 'vitest';
import { ProcessShares, type ToldProcess } from './process-shares.ts';

const told = (pid: number, cpuu: number, cpus: number, own: Partial<ToldProcess> = {}): ToldProcess => ({
  ...{ pid, name: `p${pid}`, startedAt: 100_000, user: 'me', state: 'running', residentBytes: 4_096 },
  ...{ cpu: cpuu + cpus, cpuu, cpus },
  ...own,
});

describe('of shares that are measured', () => {
  it('adds up what was used of all processors since the process was first seen', () => {
    const shares = new ProcessShares(true);
    // The first share is since the machine was started.
    expect(shares.update([told(1, 40, 2)], 1_000, 4).processes).toMatchObject([{ pid: 1, cpuMs: 0 }]);
    // 15 % of four processors in 2000 ms.
    expect(shares.update([told(1, 10, 5)], 3_000, 4).processes).toMatchObject([{ share: 60, cpuMs: 1_200 }]);
    expect(shares.update([told(1, 0, 0), told(2, 3, 0)], 4_000, 4)).toMatchObject({
      ...{ since: 1_000, measuredAt: 4_000, isMeasured: true },
      processes: [
        { pid: 1, cpuMs: 1_200 },
        { pid: 2, cpuMs: 0 },
      ],
    });
  });

  it('keeps the start of a process, which wavers, and takes another start for another process', () => {
    const shares = new ProcessShares(true);
    shares.update([told(1, 1, 0)], 0, 1);
    const wavering = shares.update([told(1, 50, 0, { startedAt: 101_000 })], 1_000, 1);
    expect(wavering.processes).toMatchObject([{ startedAt: 100_000, cpuMs: 500 }]);
    const another = shares.update([told(1, 50, 0, { startedAt: 150_000 })], 2_000, 1);
    expect(another.processes).toMatchObject([{ startedAt: 150_000, cpuMs: 0 }]);
  });

  it('forgets a process that has ended, and leaves out one that ended while it was looked at', () => {
    const shares = new ProcessShares(true);
    shares.update([told(1, 1, 0), told(2, 1, 0)], 0, 1);
    shares.update([told(2, 50, 0), told(3, 0, 0, { cpu: 99 })], 1_000, 1);
    expect(shares.update([told(1, 50, 0), told(2, 50, 0)], 2_000, 1).processes).toMatchObject([
      { pid: 1, cpuMs: 0 },
      { pid: 2, cpuMs: 1_000 },
    ]);
  });

  it('does not take what ps said for measured where nothing could be, and begins anew', () => {
    const shares = new ProcessShares(true);
    shares.update([told(1, 1, 0)], 0, 1);
    expect(() => shares.update([told(1, 0, 0, { cpu: 7 })], 1_000, 1)).toThrow('could not be measured');
    const next = shares.update([told(1, 20, 0)], 2_000, 1);
    expect(next).toMatchObject({ since: 2_000, processes: [{ cpuMs: 0 }] });
  });

  it('tells no number where the number of processors is not known', () => {
    const [process] = new ProcessShares(true).update([told(1, 1, 0)], 0, Number.NaN).processes;
    expect(process?.share).toBeNaN();
  });
});

it('hands on what ps averages where nothing is measured', () => {
  const shares = new ProcessShares(false);
  const { isMeasured, processes } = shares.update([told(1, 0, 0, { cpu: 12.5 })], 0, 8);
  expect(isMeasured).toBe(false);
  expect(processes).toMatchObject([{ share: 12.5 }]);
});
