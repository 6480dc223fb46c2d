import { METRIC_NAMES, type MetricName, metrics } from '@telltale/shared';
import { chartsOf } from './charts-of.ts';
import type { ChartPanel, PanelElement, PanelSpec } from './panel-spec.ts';

/** A part of the dashboard: all that there is to see of one topic. */
export interface Section {
  /** As the address names it. */
  readonly id: string;
  readonly title: string;
  /** What its value in the sidebar is made of. */
  readonly metric: MetricName;
  readonly panels: readonly PanelSpec[];
}

const chart = (heading: string, series: string, rest: Pick<ChartPanel, 'stacked' | 'max'> = {}): ChartPanel => ({
  heading,
  series,
  ...rest,
});

const card = (heading: string, element: PanelElement): PanelSpec => ({ heading, element });

const WAITS_FOR_CPU = chart('Waiting for a processor', 'pressure.cpuSome', { max: 100 });
const WAITS_FOR_MEMORY = chart('Waiting for memory', 'pressure.memorySome,pressure.memoryFull', { max: 100 });
const WAITS_FOR_IO = chart('Waiting for I/O', 'pressure.ioSome,pressure.ioFull', { max: 100 });

interface Plan {
  readonly id: string;
  readonly title: string;
  readonly metric: MetricName;
  /** What comes first: elements with the whole of their topic, and charts that show several numbers for a reason. */
  readonly first: readonly PanelSpec[];
  /** Series of the metric that the elements draw, or that nobody needs as a chart of its own. */
  readonly drawn?: string;
}

const NUMBERS_OF_A_PROCESS = ['usage', 'residentBytes', 'readBytesPerSecond', 'writeBytesPerSecond', 'threads'];

/** A core has nine shares; three of them say something that all of them together do not. */
const CORES = ['user', 'nice', 'system', 'interrupt', 'guest', 'idle'].map((name) => `cpu.cores.${name}:*`).join();

const PLANS: readonly Plan[] = [
  {
    id: 'cpu',
    title: 'CPU',
    metric: 'cpu',
    first: [
      card('CPU', 'cpu'),
      card('Cores', 'cores'),
      chart('Load', 'cpu.load1,cpu.load5,cpu.load15'),
      WAITS_FOR_CPU,
      chart('Tasks', 'cpu.running,cpu.blocked'),
      chart('Context switches', 'cpu.contextSwitchesPerSecond'),
    ],
    drawn: `cpu.usage,cpu.user,cpu.nice,cpu.system,cpu.interrupt,cpu.steal,cpu.guest,cpu.iowait,cpu.idle,${CORES}`,
  },
  {
    id: 'memory',
    title: 'Memory',
    metric: 'memory',
    first: [
      card('Memory', 'memory'),
      WAITS_FOR_MEMORY,
      chart('Available', 'memory.usedBytes,memory.availableBytes', { stacked: true }),
      chart('Swap used', 'memory.swapUsedBytes'),
      chart('Swapping', 'memory.swapInBytesPerSecond,memory.swapOutBytesPerSecond'),
      chart('Major page faults', 'memory.majorFaultsPerSecond'),
      chart('On the way to disk', 'memory.dirtyBytes,memory.writebackBytes'),
    ],
    drawn:
      'memory.totalBytes,memory.swapTotalBytes,memory.freeBytes,memory.buffersBytes,memory.cacheBytes,memory.sharedBytes,memory.zfsArcBytes,memory.otherBytes',
  },
  {
    id: 'disk',
    title: 'Disks',
    metric: 'disk',
    first: [
      card('Disks', 'disk'),
      WAITS_FOR_IO,
      chart('Busy', 'disk.devices.busy:*', { max: 100 }),
      chart('Read latency', 'disk.devices.readLatencyMs:*'),
      chart('Write latency', 'disk.devices.writeLatencyMs:*'),
      chart('Queue', 'disk.devices.queue:*'),
      chart('Read, each disk', 'disk.devices.readBytesPerSecond:*'),
      chart('Written, each disk', 'disk.devices.writeBytesPerSecond:*'),
      chart('Read requests', 'disk.devices.readsPerSecond:*'),
      chart('Write requests', 'disk.devices.writesPerSecond:*'),
    ],
    drawn: 'disk.readBytesPerSecond,disk.writeBytesPerSecond',
  },
  {
    id: 'filesystem',
    title: 'File systems',
    metric: 'filesystem',
    first: [
      card('File systems', 'filesystem'),
      chart('Used', 'filesystem.mounts.usedPercent:*', { max: 100 }),
      chart('Available', 'filesystem.mounts.availableBytes:*'),
      chart('Inodes used', 'filesystem.mounts.inodesUsed:*'),
    ],
    drawn: 'filesystem.mounts.totalBytes:*,filesystem.mounts.usedBytes:*,filesystem.mounts.inodesTotal:*',
  },
  {
    id: 'network',
    title: 'Network',
    metric: 'network',
    first: [
      card('Network', 'network'),
      chart('Received, each interface', 'network.interfaces.rxBytesPerSecond:*'),
      chart('Sent, each interface', 'network.interfaces.txBytesPerSecond:*'),
      chart('TCP connections', 'network.tcp.established'),
      chart('TCP retransmits', 'network.tcp.retransmitsPerSecond'),
    ],
    drawn:
      'network.rxBytesPerSecond,network.txBytesPerSecond,network.interfaces.speedBitsPerSecond:*,network.interfaces.rxBytes:*,network.interfaces.txBytes:*',
  },
  {
    id: 'sensors',
    title: 'Sensors',
    metric: 'sensor',
    first: [card('Sensors', 'sensors'), chart('Temperatures', 'sensor.temperatures.celsius:*')],
    drawn: 'sensor.temperatures.criticalCelsius:*',
  },
  { id: 'gpu', title: 'GPU', metric: 'gpu', first: [card('GPU', 'gpu')], drawn: 'gpu.cards.memoryTotalBytes:*' },
  {
    id: 'processes',
    title: 'Processes',
    metric: 'process',
    first: [
      card('Processes', 'processes'),
      chart('CPU used', 'cpu.usage', { max: 100 }),
      chart('Processes and threads', 'process.count,process.threads'),
    ],
    // Whoever is among the busiest changes all the time: lines of them would be bits and pieces.
    drawn: ['byCpu', 'byMemory', 'byIo']
      .flatMap((list) => NUMBERS_OF_A_PROCESS.map((name) => `process.${list}.${name}:*`))
      .join(),
  },
  {
    id: 'telltale',
    title: 'Telltale itself',
    metric: 'self',
    first: [
      chart('Processor time', 'self.cpuMsPerSecond'),
      chart('Memory', 'self.residentBytes'),
      chart('Time to collect', 'self.collectors.durationMs:*'),
      chart('Streams', 'self.subscribers'),
      chart('Sent', 'self.sentBytesPerSecond'),
      chart('Event loop lag', 'self.eventLoopLagMs'),
    ],
    // How far back it reaches: a line that rises by a second a second.
    drawn: 'self.history.spanMs:*',
  },
];

const isChartPanel = (panel: PanelSpec): panel is ChartPanel => 'series' in panel;

function toSection({ id, title, metric, first, drawn }: Plan): Section {
  const known = [...first.filter(isChartPanel), ...(drawn === undefined ? [] : [chart('', drawn)])];
  return { id, title, metric, panels: [...first, ...chartsOf(metric, known)] };
}

/** Shown in the sections of what is waited for. */
const ELSEWHERE: ReadonlySet<MetricName> = new Set<MetricName>(['pressure']);

const planned = new Set(PLANS.map(({ metric }) => metric));

/** All of them, in the order in which a person looks; a metric that nobody has planned for comes at the end. */
export const SECTIONS: readonly Section[] = [
  ...PLANS.map(toSection),
  ...METRIC_NAMES.filter((name) => !planned.has(name) && !ELSEWHERE.has(name)).map((name) =>
    toSection({ id: name, title: metrics[name].title, metric: name, first: [] }),
  ),
];

/**
 * What the first screen draws: what says "slow", then what may be behind it. As many as there are for the machine at
 * hand, up to twelve: three rows of four. All come at the base pace, so that history is asked for them at once.
 */
export const OVERVIEW_CHARTS: readonly ChartPanel[] = [
  chart('CPU', 'cpu.usage,cpu.iowait,cpu.steal', { max: 100 }),
  chart('Load', 'cpu.load1,cpu.load15'),
  chart('Waiting (pressure)', 'pressure.cpuSome,pressure.memorySome,pressure.ioSome', { max: 100 }),
  chart('Tasks', 'cpu.running,cpu.blocked'),
  chart('Memory', 'memory.usedBytes,memory.cacheBytes', { stacked: true }),
  chart('Swapping', 'memory.swapInBytesPerSecond,memory.swapOutBytesPerSecond'),
  chart('Disk', 'disk.readBytesPerSecond,disk.writeBytesPerSecond'),
  chart('Disk busy', 'disk.devices.busy:*', { max: 100 }),
  chart('Network', 'network.rxBytesPerSecond,network.txBytesPerSecond'),
  chart('TCP retransmits', 'network.tcp.retransmitsPerSecond'),
  chart('TCP connections', 'network.tcp.established'),
  chart('Context switches', 'cpu.contextSwitchesPerSecond'),
  chart('Temperatures', 'sensor.temperatures.celsius:*'),
  chart('Major page faults', 'memory.majorFaultsPerSecond'),
];

export const OVERVIEW_COUNT = 12;

export const sectionOf = (id: string): Section | null => SECTIONS.find((each) => each.id === id) ?? null;
