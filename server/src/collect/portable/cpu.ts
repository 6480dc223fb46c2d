import type { Collector } from '../collector.ts';
import { cpuShares } from '../cpu-times.ts';
import { neverTold, told } from '../told.ts';
import type { PortableCalls } from './bridge.ts';
import type { Answers, PortableTimes } from './worker.ts';

type Reading = Answers['cpu'];

/** What the operating systems beside Linux do not tell apart. */
const NOT_TOLD = neverTold([
  ...['steal', 'guest', 'iowait', 'running', 'blocked', 'contextSwitchesPerSecond', 'quota'],
  ...['steal', 'guest', 'iowait'].map((field) => `cores.${field}`),
]);
const LOADS = {
  fields: ['load1', 'load5', 'load15'],
  reason: 'this system has no load average',
  permanent: true,
} as const;

function shares(now: PortableTimes, before: PortableTimes | undefined) {
  const full = (times: PortableTimes) => ({
    ...times,
    ...{ iowait: 0, softirq: 0, steal: 0, guest: 0, guestNice: 0 },
  });
  const parts = cpuShares(full(now), before && full(before));
  return { ...parts, steal: null, guest: null, iowait: null };
}

const isTold = (times: PortableTimes) => Object.values(times).every((value) => told(value) !== null);

export function portableCpu(bridge: PortableCalls): Collector<'cpu', Reading> {
  return {
    async read() {
      const reading = await bridge.call('cpu');
      const { measuredAt, all, cores, load } = reading;
      if (cores.length === 0 || ![all, ...cores].every(isTold)) throw new Error('systeminformation told no CPU times');
      return { reading, measuredAt, faults: load ? [NOT_TOLD] : [NOT_TOLD, LOADS] };
    },
    derive({ since, all, cores, load }, before) {
      const earlier = before?.since === since ? before : null;
      return {
        ...shares(all, earlier?.all),
        load1: load?.[0] ?? null,
        load5: load?.[1] ?? null,
        load15: load?.[2] ?? null,
        running: null,
        blocked: null,
        contextSwitchesPerSecond: null,
        cores: cores.map((core, i) => ({ name: String(i), ...shares(core, earlier?.cores[i]) })),
        quota: null,
      };
    },
  };
}
