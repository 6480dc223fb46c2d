import os from 'node:os';
import { parentPort } from 'node:worker_threads';
import si from 'systeminformation';

/**
 * Runs systeminformation apart from the server: it starts processes, blocks, and has been seen to throw outside of its
 * promises and to never settle them. Only the calls named here exist.
 */
const CALLS = {
  cpu: cpuTimes,
  memory: () => si.mem(),
  network: interfaceCounters,
};

export type Call = keyof typeof CALLS;
export interface Request {
  readonly id: number;
  readonly call: Call;
}
export type Reply = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string });

/** systeminformation answers with its last result when it is asked again sooner than this. */
const CACHED_MS = 250;

export interface PortableTimes {
  user: number;
  nice: number;
  system: number;
  irq: number;
  idle: number;
}

let lastLoadAt = 0;
/** The library tells what was spent since it was last asked; added up, that is a counter which any pace can use. */
const all: PortableTimes = { user: 0, nice: 0, system: 0, irq: 0, idle: 0 };
const cores: PortableTimes[] = [];

async function cpuTimes() {
  if (Date.now() - lastLoadAt >= CACHED_MS) {
    lastLoadAt = Date.now();
    const load = await si.currentLoad();
    all.user += load.rawCurrentLoadUser;
    all.nice += load.rawCurrentLoadNice;
    all.system += load.rawCurrentLoadSystem;
    all.irq += load.rawCurrentLoadIrq;
    all.idle += load.rawCurrentLoadIdle;
    load.cpus.forEach((core, i) => {
      cores[i] ??= { user: 0, nice: 0, system: 0, irq: 0, idle: 0 };
      const own = cores[i];
      own.user += core.rawLoadUser;
      own.nice += core.rawLoadNice;
      own.system += core.rawLoadSystem;
      own.irq += core.rawLoadIrq;
      own.idle += core.rawLoadIdle;
    });
  }
  const [load1 = 0, load5 = 0, load15 = 0] = os.loadavg();
  // Windows has no load average; Node answers with zeros there.
  return { all, cores, load: os.platform() === 'win32' ? null : [load1, load5, load15] };
}

async function interfaceCounters() {
  // Our own list of names: without one the library tells of the default route alone.
  const facts = Object.entries(os.networkInterfaces()).map(([name, addresses]) => ({
    name,
    internal: addresses?.some(({ internal }) => internal) ?? false,
  }));
  const counters = facts.length === 0 ? [] : await si.networkStats(facts.map(({ name }) => name).join(','));
  return { facts, counters };
}

parentPort?.on('message', async ({ id, call }: Request) => {
  let reply: Reply;
  try {
    reply = { id, value: await CALLS[call]() };
  } catch (error) {
    reply = { id, error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});
