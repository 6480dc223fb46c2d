import type { Collector } from '../collector.ts';
import { cpuShares } from '../cpu-times.ts';
import type { PortableBridge } from './bridge.ts';
import type { PortableTimes } from './worker.ts';

interface Reading {
  readonly all: PortableTimes;
  readonly cores: readonly PortableTimes[];
  readonly load: readonly number[] | null;
}

/** What the operating systems beside Linux do not tell apart. */
const NOT_TOLD = ['steal', 'guest', 'iowait', 'running', 'blocked', 'contextSwitchesPerSecond'];

function shares(now: PortableTimes, before: PortableTimes | undefined) {
  const full = (times: PortableTimes) => ({
    ...times,
    ...{ iowait: 0, softirq: 0, steal: 0, guest: 0, guestNice: 0 },
  });
  const told = cpuShares(full(now), before && full(before));
  return { ...told, steal: null, guest: null, iowait: null };
}

export function portableCpu(bridge: PortableBridge): Collector<'cpu', Reading> {
  return {
    async read() {
      const reading = (await bridge.call('cpu')) as Reading;
      if (!(reading.all.idle >= 0) || reading.cores.length === 0)
        throw new Error('systeminformation told no CPU times');
      const faults = [{ fields: NOT_TOLD, reason: 'systeminformation does not tell' }];
      if (!reading.load)
        faults.push({ fields: ['load1', 'load5', 'load15'], reason: 'this system has no load average' });
      return { reading, faults };
    },
    derive({ all, cores, load }, before) {
      return {
        ...shares(all, before?.all),
        load1: load?.[0] ?? null,
        load5: load?.[1] ?? null,
        load15: load?.[2] ?? null,
        running: null,
        blocked: null,
        contextSwitchesPerSecond: null,
        cores: cores.map((core, i) => ({ name: String(i), ...shares(core, before?.cores[i]) })),
        quota: null,
      };
    },
  };
}
