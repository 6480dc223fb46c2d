import { findCpuQuota, LOOKS_BETWEEN_LIMITS } from '../cgroup.ts';
import type { Collector } from '../collector.ts';
import { coreShares, cpuShares, type LoadReading, parseLoadavg, parseStat, type StatReading } from '../cpu-times.ts';
import { happeningsPerSecond } from '../rate.ts';
import { Seldom } from '../seldom.ts';
import { Faults } from './faults.ts';
import type { HostFiles } from './files.ts';

export interface CpuReading {
  readonly stat: StatReading | null;
  readonly load: LoadReading | null;
  /** Processors that a cgroup allows; `null` without a limit. */
  readonly quotaCores: number | null;
}

/** The single numbers of /proc/stat: what each becomes, and the line it is in. */
const STAT_LINES = [
  { key: 'contextSwitches', field: 'contextSwitchesPerSecond', line: 'ctxt' },
  { key: 'running', field: 'running', line: 'procs_running' },
  { key: 'blocked', field: 'blocked', line: 'procs_blocked' },
] as const;
const STAT_FIELDS = [
  ...['usage', 'user', 'nice', 'system', 'interrupt', 'steal', 'guest', 'iowait', 'idle'],
  ...['running', 'blocked', 'contextSwitchesPerSecond', 'cores'],
];
const NO_SHARES = cpuShares(
  { user: 0, nice: 0, system: 0, idle: 0, iowait: 0, irq: 0, softirq: 0, steal: 0, guest: 0, guestNice: 0 },
  undefined,
);

export function linuxCpu(files: HostFiles): Collector<'cpu', CpuReading> {
  const quota = new Seldom(LOOKS_BETWEEN_LIMITS, () => findCpuQuota(files));
  return {
    read() {
      const faults = new Faults();
      const stat = faults.parse(STAT_FIELDS, files.proc('stat'), parseStat);
      for (const { key, field, line } of STAT_LINES) {
        if (stat && stat[key] === null) faults.keep([field], new Error(`/proc/stat has no "${line}" line`));
      }
      const load = faults.parse(['load1', 'load5', 'load15'], files.proc('loadavg'), parseLoadavg);
      const quotaCores = faults.keep(['quota'], quota.read());
      return { reading: { stat, load, quotaCores }, faults: faults.list };
    },
    derive({ stat, load, quotaCores }, before, elapsedMs) {
      const earlier = before?.stat ?? null;
      const all = stat ? cpuShares(stat.all, earlier?.all) : NO_SHARES;
      return {
        // One by one: what follows a spread has V8 make a new hidden class each time, a third of what all this cost.
        usage: all.usage,
        user: all.user,
        nice: all.nice,
        system: all.system,
        interrupt: all.interrupt,
        steal: all.steal,
        guest: all.guest,
        iowait: all.iowait,
        idle: all.idle,
        load1: load?.load1 ?? null,
        load5: load?.load5 ?? null,
        load15: load?.load15 ?? null,
        running: stat?.running ?? null,
        blocked: stat?.blocked ?? null,
        contextSwitchesPerSecond: happeningsPerSecond(stat?.contextSwitches, earlier?.contextSwitches, elapsedMs),
        cores: stat ? coreShares(stat, earlier) : [],
        quota: quotaCores === null ? null : { cores: quotaCores },
      };
    },
  };
}
