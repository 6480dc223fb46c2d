import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { transfer } from '../support/load.ts';
import { startServer } from '../support/server.ts';
import { openStream } from '../support/sse.ts';
import { df, free, iostat, mpstat, ps, scrape, type Told, vmstat } from './agree-oracles.ts';
import { findExporter, startExporter } from './collect-sides.ts';

// Whether our numbers are those of programs that we did not write, over the same ten seconds, idle and under load.

const SECONDS = 10;
const METRICS = 'cpu,memory,network,disk,pressure,self';
/** Those that tell the state of a moment at a pace of their own. */
const STATES = 'filesystem,process';
/** Between the kernel's telling us and its telling another program lies some time in which the machine moves on. */
const BYTES_PER_SECOND = 40_000_000;

// biome-ignore lint/suspicious/noExplicitAny: an event is looked into by name
type Data = any;
interface Row {
  readonly name: string;
  readonly ours: number | null;
  readonly theirs: number | undefined;
  readonly by: string;
}
type Scrape = Awaited<ReturnType<typeof scrape>>;

/** The events of one interval, and what the others said of it. */
interface Window {
  readonly events: ReadonlyMap<string, Data>;
  readonly states: ReadonlyMap<string, Data>;
  readonly mpstat: Told;
  readonly iostat: Told;
  readonly vmstat: Told;
  readonly free: Told;
  readonly df: Told;
  readonly ps: Told;
  readonly before: Scrape | null;
  readonly after: Scrape | null;
}

async function observe(url: string, pid: number, exporter: string | null): Promise<Window> {
  // What it costs to load the programs is not a part of the interval.
  await Promise.all([mpstat(1), iostat(1), vmstat(1), free(), df(), ps(pid)]);
  const reader = await openStream(`${url}/api/stream?metrics=${METRICS}&interval=${SECONDS}s`);
  const states = await openStream(`${url}/api/stream?metrics=${STATES}`);
  try {
    // The next events begin their interval where these end it.
    await reader.waitFor(({ name, data }) => name === 'self' && data.elapsedMs !== null);
    const before = exporter === null ? null : await scrape(exporter);
    const spans = Promise.all([mpstat(SECONDS), iostat(SECONDS), vmstat(SECONDS)]);
    const events = new Map<string, Data>();
    await reader.waitFor(({ name, data }) => {
      if (data.elapsedMs !== null) events.set(name, data);
      // The last of its tick.
      return name === 'self' && data.elapsedMs !== null;
    });
    const after = exporter === null ? null : await scrape(exporter);
    const now = await Promise.all([free(), df(), ps(pid)]);
    const [mp, io, vm] = await spans;
    return {
      ...{
        events,
        states: new Map(states.events.map(({ name, data }) => [name, data])),
        before,
        after,
        mpstat: mp,
        iostat: io,
        vmstat: vm,
      },
      ...{ free: now[0], df: now[1], ps: now[2] },
    };
  } finally {
    reader.close();
    states.close();
  }
}

function compare(window: Window): Row[] {
  const { events, states, before, after } = window;
  const [cpu, memory, network] = [events.get('cpu'), events.get('memory'), events.get('network')];
  const [disk, pressure, self] = ['disk', 'pressure', 'self'].map((name) => events.get(name));
  const [filesystem, processes] = STATES.split(',').map((name) => states.get(name));
  const rate = (name: string, factor = 1) => {
    const [from, to] = [before?.values.get(name), after?.values.get(name)];
    if (from === undefined || to === undefined) return undefined;
    return (factor * (to - from) * 1_000) / ((after as Scrape).at - (before as Scrape).at);
  };
  const now = (name: string) => after?.values.get(name);
  const exporter = (name: string, ours: number | null, theirs: number | undefined): Row => ({
    ...{ name, ours, theirs },
    by: 'node_exporter',
  });
  const shares = ['usage', 'user', 'nice', 'system', 'interrupt', 'steal', 'guest', 'iowait', 'idle'];
  const by = (who: string, told: Told, name: string, ours: number | null, key: string): Row => ({
    ...{ name, ours, by: who },
    theirs: told?.get(key),
  });

  return [
    ...shares.map((share) => by('mpstat', window.mpstat, `cpu.${share}`, cpu[share], `all ${share}`)),
    ...cpu.cores.flatMap((core: Data) =>
      ['usage', 'system'].map((share) =>
        by('mpstat', window.mpstat, `cpu.cores.${share}:${core.name}`, core[share], `${core.name} ${share}`),
      ),
    ),
    by('vmstat', window.vmstat, 'cpu.contextSwitchesPerSecond', cpu.contextSwitchesPerSecond, 'cs'),
    ...[1, 5, 15].map((minutes) => exporter(`cpu.load${minutes}`, cpu[`load${minutes}`], now(`node_load${minutes}`))),
    by('free', window.free, 'memory.totalBytes', memory.totalBytes, 'total'),
    by('free', window.free, 'memory.usedBytes', memory.usedBytes, 'used'),
    by('free', window.free, 'memory.freeBytes', memory.freeBytes, 'free'),
    by('free', window.free, 'memory.sharedBytes', memory.sharedBytes, 'shared'),
    by('free', window.free, 'memory.buffersBytes', memory.buffersBytes, 'buffers'),
    by('free', window.free, 'memory.cacheBytes + shared', memory.cacheBytes + memory.sharedBytes, 'cache'),
    by('free', window.free, 'memory.availableBytes', memory.availableBytes, 'available'),
    by('free', window.free, 'memory.swapTotalBytes', memory.swapTotalBytes, 'swap total'),
    by('free', window.free, 'memory.swapUsedBytes', memory.swapUsedBytes, 'swap used'),
    exporter('memory.dirtyBytes', memory.dirtyBytes, now('node_memory_Dirty_bytes')),
    exporter('memory.writebackBytes', memory.writebackBytes, now('node_memory_Writeback_bytes')),
    exporter('memory.majorFaultsPerSecond', memory.majorFaultsPerSecond, rate('node_vmstat_pgmajfault')),
    exporter('memory.swapInBytesPerSecond', memory.swapInBytesPerSecond, rate('node_vmstat_pswpin', 4_096)),
    exporter('memory.swapOutBytesPerSecond', memory.swapOutBytesPerSecond, rate('node_vmstat_pswpout', 4_096)),
    ...network.interfaces.flatMap((each: Data) =>
      (['rx', 'receive', 'tx', 'transmit'] as const).flatMap((way, i, ways) => {
        if (i % 2 === 1) return [];
        const theirs = (what: string) => `node_network_${ways[i + 1]}_${what}_total{device="${each.name}"}`;
        return [
          exporter(`network.${way}BytesPerSecond:${each.name}`, each[`${way}BytesPerSecond`], rate(theirs('bytes'))),
          exporter(
            `network.${way}PacketsPerSecond:${each.name}`,
            each[`${way}PacketsPerSecond`],
            rate(theirs('packets')),
          ),
        ];
      }),
    ),
    exporter('network.tcp.established', network.tcp?.established, now('node_netstat_Tcp_CurrEstab')),
    exporter(
      'network.tcp.retransmitsPerSecond',
      network.tcp?.retransmitsPerSecond,
      rate('node_netstat_Tcp_RetransSegs'),
    ),
    ...(disk?.devices ?? []).flatMap(({ name, ...values }: Data) =>
      Object.entries(values).map(([field, value]) =>
        by('iostat', window.iostat, `disk.${field}:${name}`, value as number, `${name} ${field}`),
      ),
    ),
    ...(
      [
        ['cpuSome', 'cpu_waiting'],
        ['memorySome', 'memory_waiting'],
        ['memoryFull', 'memory_stalled'],
        ['ioSome', 'io_waiting'],
        ['ioFull', 'io_stalled'],
      ] as const
    ).map(([field, name]) =>
      exporter(`pressure.${field}`, pressure?.[field] ?? null, rate(`node_pressure_${name}_seconds_total`, 100)),
    ),
    ...(filesystem?.mounts ?? []).flatMap((mount: Data) =>
      ['totalBytes', 'usedBytes', 'availableBytes', 'usedPercent', 'inodesTotal', 'inodesUsed'].map((field) =>
        by('df', window.df, `filesystem.${field}:${mount.name}`, mount[field], `${mount.name} ${field}`),
      ),
    ),
    by('ps', window.ps, 'process.count', processes?.count, 'processes'),
    by('ps', window.ps, 'process.threads', processes?.threads, 'threads'),
    by('ps', window.ps, 'self.residentBytes', self.residentBytes, 'resident'),
  ];
}

const plain = (value: number | null | undefined) =>
  value === null || value === undefined ? '-' : Number.isInteger(value) ? String(value) : value.toFixed(2);

function report(title: string, rows: readonly Row[]): void {
  console.log(
    `\n${title}\n${'value'.padEnd(44)}${'telltale'.padStart(16)}${'theirs'.padStart(18)}${'difference'.padStart(14)}  by`,
  );
  for (const { name, ours, theirs, by } of rows) {
    const known = typeof ours === 'number' && theirs !== undefined;
    const scale = known ? Math.max(Math.abs(ours), Math.abs(theirs)) : 0;
    const difference = !known ? '' : scale === 0 ? '0' : `${plain(ours - theirs)}`;
    const share = known && scale > 0 ? ` ${((100 * (ours - theirs)) / scale).toFixed(1)} %` : '';
    console.log(
      `${name.padEnd(44)}${plain(ours).padStart(16)}${plain(theirs).padStart(18)}${difference.padStart(14)}${share.padStart(10)}  ${by}`,
    );
  }
  const compared = rows.filter(({ ours, theirs }) => typeof ours === 'number' && theirs !== undefined).length;
  console.log(`${compared} values compared, ${rows.length - compared} that one of the two does not tell`);
}

/** Keeps processors, memory, disk and loopback busy until it is stopped. */
function startLoad(): { stop: () => Promise<void> } {
  const seconds = SECONDS * 4;
  const args = ['--cpu', '1', '--vm', '1', '--vm-bytes', '512m', '--hdd', '1', '--io', '1', '--timeout', `${seconds}s`];
  const stress = spawn('stress-ng', ['--temp-path', '/tmp', ...args], { stdio: 'ignore' });
  stress.on('error', () => console.log('stress-ng: left out, since it is not installed'));
  const bytes = transfer(BYTES_PER_SECOND, seconds * 1_000);
  return {
    async stop() {
      const ended = stress.exitCode === null && stress.pid !== undefined ? once(stress, 'exit') : null;
      stress.kill('SIGINT');
      await Promise.all([ended, bytes]);
    },
  };
}

/** Prints two tables: the machine as it is, and under load. */
export async function bench(): Promise<void> {
  if (process.platform !== 'linux') {
    console.log('agree: left out: the programs to compare with are those of Linux');
    return;
  }
  const server = await startServer('--log-level', 'error');
  const file = findExporter();
  const exporter =
    file === null ? null : await startExporter(file, 'node_exporter', ['--collector.netdev.device-exclude=^$']);
  try {
    report('idle', compare(await observe(server.url, server.pid, exporter?.url ?? null)));
    const load = startLoad();
    report('under load', compare(await observe(server.url, server.pid, exporter?.url ?? null)));
    await load.stop();
    explain();
  } finally {
    exporter?.stop();
    await server.stop();
  }
}

function explain(): void {
  console.log(`
The programs begin some ms after our interval and end as much later, and what tells a state is asked after it: under load
the machine has moved on by then. tcp.established: node_exporter counts the connections by which it is asked. usedPercent:
df rounds up to whole percent. cache: free counts what is shared in it, so ours is shown with it.`);
}
