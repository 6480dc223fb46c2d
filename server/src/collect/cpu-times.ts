import { naturalOrder } from './natural-order.ts';
import { round } from './rate.ts';
import { countsBetween, numberAfter } from './text-lines.ts';

/** The ten columns of a `cpu` line of /proc/stat in USER_HZ, in the kernel's order (proc_stat(5)). */
export interface CpuTimes {
  readonly user: number;
  readonly nice: number;
  readonly system: number;
  readonly idle: number;
  readonly iowait: number;
  readonly irq: number;
  readonly softirq: number;
  readonly steal: number;
  readonly guest: number;
  readonly guestNice: number;
}

export interface StatReading {
  readonly all: CpuTimes;
  /** By the kernel's number for the processor: offline ones leave holes. */
  readonly cores: ReadonlyMap<string, CpuTimes>;
  readonly contextSwitches: number | null;
  readonly running: number | null;
  readonly blocked: number | null;
}

export interface CpuShares {
  usage: number | null;
  user: number | null;
  nice: number | null;
  system: number | null;
  interrupt: number | null;
  steal: number | null;
  guest: number | null;
  iowait: number | null;
  idle: number | null;
}

const UNKNOWN: CpuShares = {
  usage: null,
  user: null,
  nice: null,
  system: null,
  interrupt: null,
  steal: null,
  guest: null,
  iowait: null,
  idle: null,
};

/** A core that was switched off comes back with its counters reset; small steps back of `idle` are rounding. */
const IDLE_STEP_BACK = 300;
const LOADS = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) /;

function toTimes(columns: readonly number[]): CpuTimes | null {
  const [user, nice, system, idle, iowait = 0, irq = 0, softirq = 0, steal = 0, guest = 0, guestNice = 0] = columns;
  const times = { user, nice, system, idle, iowait, irq, softirq, steal, guest, guestNice };
  return idle === undefined ? null : (times as CpuTimes);
}

/** Parses /proc/stat. */
export function parseStat(text: string): StatReading | Error {
  let all: CpuTimes | null = null;
  const cores = new Map<string, CpuTimes>();
  // The lines of processors come first; below them one line alone, of interrupts, has thousands of columns.
  for (let start = 0; text.startsWith('cpu', start); ) {
    const end = text.indexOf('\n', start);
    if (end < 0) return new Error('/proc/stat was cut short');
    const space = text.indexOf(' ', start);
    const columns = space > 0 && space < end ? countsBetween(text, space, end) : null;
    const times = columns && toTimes(columns);
    if (!times) {
      return new Error(`/proc/stat: cannot understand "${text.slice(start, end).trim().slice(0, 60)}"`);
    }
    const core = text.slice(start + 'cpu'.length, space);
    if (core === '') all = times;
    else cores.set(core, times);
    start = end + 1;
  }
  if (!all) return new Error('/proc/stat has no "cpu" line');
  return {
    all,
    cores,
    contextSwitches: numberAfter(text, 'ctxt '),
    running: numberAfter(text, 'procs_running '),
    blocked: numberAfter(text, 'procs_blocked '),
  };
}

/**
 * Where the time between two readings went, in percent to 0.01. The eight parts add up to exactly 100: what rounding
 * leaves over goes to the parts that lost most by it. `guest` is inside `user`, and `guest_nice` inside `nice`
 * (proc_stat(5)), so they are taken out there. `iowait` may step back (ibid.) and then counts as 0.
 */
export function cpuShares(now: CpuTimes, before: CpuTimes | undefined): CpuShares {
  if (!before || now.user < before.user || now.system < before.system) return UNKNOWN;
  if (before.idle - now.idle > IDLE_STEP_BACK) return UNKNOWN;
  const grown = (field: keyof CpuTimes) => Math.max(0, now[field] - before[field]);
  const guestOnly = grown('guest');
  const guestNice = grown('guestNice');
  const ticks = [
    Math.max(0, grown('user') - guestOnly),
    Math.max(0, grown('nice') - guestNice),
    grown('system'),
    grown('irq') + grown('softirq'),
    grown('steal'),
    guestOnly + guestNice,
    grown('iowait'),
    grown('idle'),
  ];
  const total = ticks.reduce((a, b) => a + b, 0);
  if (total <= 0) return UNKNOWN;
  const [user, nice, system, interrupt, steal, guest, iowait, idle] = hundredths(ticks, total).map(
    (part) => part / 100,
  );
  const usage = round(100 - (idle as number) - (iowait as number), 2);
  return { usage, user, nice, system, interrupt, steal, guest, iowait, idle } as CpuShares;
}

/** Splits 100.00 in proportion, by largest remainder. */
function hundredths(ticks: readonly number[], total: number): number[] {
  const parts: number[] = [];
  const rests: number[] = [];
  let missing = 10_000;
  for (const part of ticks) {
    const exact = (part * 10_000) / total;
    const whole = Math.floor(exact);
    parts.push(whole);
    rests.push(exact - whole);
    missing -= whole;
  }
  for (; missing > 0; missing--) {
    const most = rests.indexOf(Math.max(...rests));
    parts[most] = (parts[most] as number) + 1;
    rests[most] = -1;
  }
  return parts;
}

/** Each core's shares under its own number. */
export function coreShares(now: StatReading, before: StatReading | null): ({ name: string } & CpuShares)[] {
  return [...now.cores]
    .map(([name, times]) => {
      const { usage, user, nice, system, interrupt, steal, guest, iowait, idle } = cpuShares(
        times,
        before?.cores.get(name),
      );
      // Not spread: see linux/cpu.ts.
      return { name, usage, user, nice, system, interrupt, steal, guest, iowait, idle };
    })
    .sort((a, b) => naturalOrder(a.name, b.name));
}

export interface LoadReading {
  readonly load1: number;
  readonly load5: number;
  readonly load15: number;
}

/** Parses /proc/loadavg (proc_loadavg(5)). */
export function parseLoadavg(text: string): LoadReading | Error {
  const [, load1, load5, load15] = LOADS.exec(text) ?? [];
  if (load15 === undefined) return new Error(`/proc/loadavg: cannot understand "${text.slice(0, 60).trim()}"`);
  return { load1: Number(load1), load5: Number(load5), load15: Number(load15) };
}
