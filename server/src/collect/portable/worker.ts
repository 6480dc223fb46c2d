// biome-ignore lint/style/noRestrictedImports: here is where other processes are started
import childProcess from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import type { Systeminformation } from 'systeminformation';
import { ProcessShares } from '../process-shares.ts';
import { programName } from '../program-name.ts';

// Runs systeminformation apart from the server: it starts processes, blocks, and has been seen to throw outside of its
// promises and to never settle them. Only what is named in CALLS is ever asked of it, and never with a text from outside
// but the names of interfaces. Its rates are kept in its modules and belong to whoever asks, so counters are handed on.

// It keeps answers for half a second by the wall clock: set back by an hour, that would be an hour.
Date.now = () => Math.floor(performance.timeOrigin + performance.now());
// An interface may be called "__proto__". Node, which collects them by name, fails then as it does at "constructor".
Object.preventExtensions(Object.prototype);

/** What it waits for with this thread would block all else, and the end of the server, if it hung. */
const LIMIT = { timeout: 5_000, killSignal: 'SIGKILL' } as const;
const { execSync, execFileSync } = childProcess;
Object.assign(childProcess, {
  execSync: (command: string, options?: object) => execSync(command, { ...LIMIT, ...options }),
  execFileSync: (file: string, args: string[], options?: object) => execFileSync(file, args, { ...LIMIT, ...options }),
});
// Not before, since it takes them at its start.
const { default: si } = await import('systeminformation');

/** Monotonic ms, the same in all threads and before and after a restart. */
const monotonic = () => Number(process.hrtime.bigint()) / 1e6;
/** Sums begin anew with each worker; two of them can only be compared when they began together. */
const since = monotonic();
/** The library repeats its last answer when it is asked sooner. */
const KEPT_MS = 500;
const KEPT_CPU_MS = 200;

/** Asked again too soon, answers with what was measured last, and when. */
function seldom<T>(everyMs: number, measure: () => Promise<T>): () => Promise<T> {
  let last: { readonly value: T; readonly at: number } | null = null;
  return async () => {
    if (last === null || monotonic() - last.at >= everyMs) last = { value: await measure(), at: monotonic() };
    return last.value;
  };
}

/** Processor time in ms. */
export interface PortableTimes {
  user: number;
  nice: number;
  system: number;
  irq: number;
  idle: number;
}

const noTimes = (): PortableTimes => ({ user: 0, nice: 0, system: 0, irq: 0, idle: 0 });
const all = noTimes();
let cores: PortableTimes[] = [];

/** The library tells what was spent since it was last asked; added up, that is a counter which any pace can use. */
async function cpuTimes() {
  const load = await si.currentLoad();
  all.user += load.rawCurrentLoadUser;
  all.nice += load.rawCurrentLoadNice;
  all.system += load.rawCurrentLoadSystem;
  all.irq += load.rawCurrentLoadIrq;
  all.idle += load.rawCurrentLoadIdle;
  cores = load.cpus.map((core, i) => {
    const own = cores[i] ?? noTimes();
    own.user += core.rawLoadUser;
    own.nice += core.rawLoadNice;
    own.system += core.rawLoadSystem;
    own.irq += core.rawLoadIrq;
    own.idle += core.rawLoadIdle;
    return own;
  });
  // Windows has no load average; Node answers with zeros there.
  return { measuredAt: monotonic(), since, all, cores, load: os.platform() === 'win32' ? null : os.loadavg() };
}

/** A shell is started for each, at every look. */
const MAX_INTERFACES = 64;
/** The library cuts a list of names at commas and bars, takes out what a shell might understand, and "*" means all. */
const isAskable = (name: string) => /^[^\s,|*-][^,|*]*$/.test(name);

export interface PortableInterface {
  readonly name: string;
  readonly internal: boolean;
  /** `null` where it cannot be asked. */
  readonly counters: Systeminformation.NetworkStatsData | null;
}

async function interfaceCounters() {
  const found = Object.entries(os.networkInterfaces());
  const names = found.map(([name]) => name).slice(0, MAX_INTERFACES);
  const askable = names.filter(isAskable);
  // Without a name it would tell of the default route alone.
  const told = askable.length === 0 ? [] : await si.networkStats(askable.join(','));
  const counters = new Map(askable.map((name, i) => [name, told[i]]));
  const interfaces = names.map((name, i): PortableInterface => {
    // Zeros under a name that was changed on its way are not ours.
    const own = counters.get(name)?.iface === name ? counters.get(name) : undefined;
    return { name, internal: found[i]?.[1]?.some(({ internal }) => internal) ?? false, counters: own ?? null };
  });
  return { measuredAt: monotonic(), interfaces, isComplete: found.length === names.length };
}

async function fileSystemTraffic() {
  // Its types do not say that there are platforms on which it answers with nothing.
  const traffic = (await si.fsStats()) as Systeminformation.FsStatsData | null;
  return traffic && { measuredAt: monotonic(), readBytes: traffic.rx, writtenBytes: traffic.wx };
}

/** The library writes local time: that of the moment on Windows, elsewhere with the offset of today. */
function epochOf(local: string): number {
  const iso = local.replace(' ', 'T');
  return os.platform() === 'win32' ? Date.parse(iso) : Date.parse(`${iso}Z`) + new Date().getTimezoneOffset() * 60_000;
}

/** Beside Windows the library takes arguments for a part of the name where no dash begins them. */
function nameOf({ name, path }: Systeminformation.ProcessesProcessData): string {
  const exists = (program: string) => path !== '' && existsSync(join(path, program));
  return os.platform() === 'win32' ? name : programName(name, exists);
}

/** Elsewhere `ps` averages. */
const isMeasured = os.platform() === 'linux' || os.platform() === 'win32';
const shares = new ProcessShares(isMeasured);

async function processes() {
  const { list } = await si.processes();
  const told = list.map((each) => ({
    pid: each.pid,
    name: nameOf(each),
    startedAt: epochOf(each.started),
    user: each.user,
    state: each.state,
    residentBytes: each.memRss * 1024,
    cpu: each.cpu,
    cpuu: each.cpuu,
    cpus: each.cpus,
  }));
  return shares.update(told, monotonic(), os.cpus().length || Number.NaN);
}

const CALLS = {
  cpu: seldom(KEPT_CPU_MS, cpuTimes),
  memory: () => si.mem(),
  network: seldom(KEPT_MS, interfaceCounters),
  disk: seldom(KEPT_MS, fileSystemTraffic),
  filesystem: () => si.fsSize(),
  process: seldom(KEPT_MS, processes),
  sensor: async () => ({ temperature: await si.cpuTemperature(), battery: await si.battery() }),
  // What it tells of screens, such as their serial numbers, is nobody's business.
  graphics: async () => {
    const graphics = (await si.graphics()) as Systeminformation.GraphicsData | null;
    return graphics && { controllers: graphics.controllers };
  },
  processor: () => si.cpu(),
  system: () => si.osInfo(),
};

export type Call = keyof typeof CALLS;
export type Answers = { readonly [C in Call]: Awaited<ReturnType<(typeof CALLS)[C]>> };
export interface Request {
  readonly call: Call;
}
export type Reply = { readonly call: Call } & ({ readonly value: unknown } | { readonly error: string });

/** What is still being answered: a program that hangs is not started once more, whoever asks again waits for the first. */
const running = new Map<Call, Promise<unknown>>();

function answer(call: Call): Promise<unknown> {
  const first = running.get(call);
  if (first !== undefined) return first;
  const promise = (CALLS[call]() as Promise<unknown>).finally(() => running.delete(call));
  running.set(call, promise);
  return promise;
}

parentPort?.on('message', async ({ call }: Request) => {
  let reply: Reply;
  try {
    reply = { call, value: await answer(call) };
  } catch (error) {
    reply = { call, error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});
