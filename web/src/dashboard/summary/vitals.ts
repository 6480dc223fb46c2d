import { formatText, formatValue, type MetricEvents, type Unit } from '@telltale/shared';
import { type Choices, pagePreferences, type Source } from '../../client/index.ts';

/** A number of the first screen: what it is now, over time, and how much is left. */
export interface Vital {
  readonly label: string;
  readonly definition: string;
  readonly text: string;
  readonly symbol: string;
  /** What its line over time is of, and the top of that; `null` for the largest that is shown. */
  readonly series: string;
  readonly max: number | null;
  /** How much is left, or what it is of; empty where nothing says. */
  readonly headroom: string;
}

type Event<M extends keyof MetricEvents> = MetricEvents[M] | null;

function vital(
  label: string,
  [value, unit]: readonly [number | null, Unit],
  rest: Pick<Vital, 'definition' | 'series' | 'headroom'> & { max?: number | null },
): Vital {
  return { label, ...formatValue(value, unit), max: null, ...rest };
}

function cpuVital(cpu: Event<'cpu'>): Vital {
  const count = cpu?.cores.length ?? 0;
  const of = count === 0 ? '' : `of ${count} ${count === 1 ? 'processor' : 'processors'}, `;
  const load = cpu?.load1 == null || count === 0 ? '' : `load ${(cpu.load1 / count).toFixed(2)} each`;
  return vital('CPU', [cpu?.usage ?? null, 'percent'], {
    ...{ definition: '100 - idle - iowait', series: 'cpu.usage', max: 100, headroom: `${of}${load}` },
  });
}

const MEMORY = {
  available: { field: 'usedBytes', definition: 'total - available, as free(1) shows it' },
  programs: { field: 'otherBytes', definition: 'total - free - buffers - cache - shared: programs and the kernel' },
} as const;

function memoryVital(memory: Event<'memory'>, choices: Choices): Vital {
  const available = memory?.availableBytes ?? null;
  const { field, definition } = MEMORY[choices.memory];
  return vital('Memory', [memory?.[field] ?? null, 'bytes'], {
    definition,
    series: `memory.${field}`,
    max: memory?.totalBytes ?? null,
    headroom: available === null ? '' : `${formatText(available, 'bytes')} available`,
  });
}

/** The busiest device: one that is full holds up everybody, however idle the others are. */
function diskVital(disk: Event<'disk'>, filesystem: Event<'filesystem'>): Vital {
  const busiest = (disk?.devices ?? []).reduce<MetricEvents['disk']['devices'][number] | null>(
    (most, each) => ((each.busy ?? -1) > (most?.busy ?? -1) ? each : most),
    null,
  );
  const fullest = filesystem?.mounts.reduce<(typeof filesystem.mounts)[number] | null>(
    (most, each) => ((each.usedPercent ?? -1) > (most?.usedPercent ?? -1) ? each : most),
    null,
  );
  const full = fullest?.usedPercent == null ? '' : `${fullest.name} ${formatText(fullest.usedPercent, 'percent')} full`;
  return vital('Disk', [busiest?.busy ?? null, 'percent'], {
    definition: 'Share of time with a request under way, of the busiest device',
    series: busiest ? `disk.devices.busy:${encodeURIComponent(busiest.name)}` : 'disk.readBytesPerSecond',
    max: 100,
    headroom: full,
  });
}

function networkVital(network: Event<'network'>, { rates }: Choices): Vital {
  const [rx, tx] = [network?.rxBytesPerSecond ?? null, network?.txBytesPerSecond ?? null];
  const speed = Math.max(
    ...(network?.interfaces ?? []).map((each) => (each.up ? (each.speedBitsPerSecond ?? 0) : 0)),
    0,
  );
  const of = speed > 0 ? `, link ${formatText(speed, 'bitsPerSecond')}` : '';
  const [factor, unit] = rates === 'bits' ? ([8, 'bitsPerSecond'] as const) : ([1, 'bytesPerSecond'] as const);
  return vital('Network in', [rx === null ? null : rx * factor, unit], {
    definition: 'Received over physical interfaces, or all but loopback where there are none',
    series: 'network.rxBytesPerSecond',
    headroom: `out ${formatText(tx === null ? null : tx * factor, unit)}${of}`,
  });
}

/** What tasks wait for most: it says "slow" better than load. */
function pressureVital(pressure: Event<'pressure'>): Vital {
  const { cpuSome = null, memorySome = null, ioSome = null } = pressure ?? {};
  const waits = [
    ['a processor', cpuSome, 'pressure.cpuSome'],
    ['memory', memorySome, 'pressure.memorySome'],
    ['I/O', ioSome, 'pressure.ioSome'],
  ] as const;
  const [what, value, series] = waits.reduce((most, each) => ((each[1] ?? -1) > (most[1] ?? -1) ? each : most));
  return vital('Waiting', [value, 'percent'], {
    definition: `Share of the interval in which at least one task waited for ${what} (PSI)`,
    ...{ series, max: 100 },
    headroom: value === null ? '' : value > 0 ? `mostly for ${what}` : 'nobody waits for anything',
  });
}

/** What there is to say first of a machine; what it lacks is left out once that is known, so that nothing moves before. */
export function vitalsOf(source: Source | null, choices = pagePreferences.choices): Vital[] {
  const latest = <M extends keyof MetricEvents>(metric: M): Event<M> => source?.latest(metric) ?? null;
  const [disk, pressure] = [latest('disk'), latest('pressure')];
  return [
    cpuVital(latest('cpu')),
    memoryVital(latest('memory'), choices),
    ...(disk?.devices.length === 0 || source?.lacks('disk') ? [] : [diskVital(disk, latest('filesystem'))]),
    networkVital(latest('network'), choices),
    ...(source?.lacks('pressure') ? [] : [pressureVital(pressure)]),
  ];
}
