import { formatText, type MetricEvents, type MetricName } from '@telltale/shared';
import { pagePreferences, type Source } from '../../client/index.ts';

/** The one number by which a section is known, so short that it fits beside its name; empty where there is none yet. */
type Glances = { readonly [M in MetricName]?: (event: MetricEvents[M]) => string };

const percent = (value: number | null): string => (value === null ? '' : `${Math.round(value)}\u00a0%`);

const rateText = (bytes: number): string =>
  pagePreferences.choices.rates === 'bits'
    ? formatText(bytes * 8, 'bitsPerSecond')
    : formatText(bytes, 'bytesPerSecond');

function largest<T>(list: readonly T[], value: (each: T) => number | null): number | null {
  return list.reduce<number | null>((most, each) => {
    const own = value(each);
    return own === null || (most !== null && most >= own) ? most : own;
  }, null);
}

const GLANCES: Glances = {
  cpu: ({ usage }) => percent(usage),
  memory: ({ usedBytes, totalBytes }) =>
    usedBytes !== null && totalBytes ? percent((100 * usedBytes) / totalBytes) : '',
  disk: ({ devices }) => percent(largest(devices, ({ busy }) => busy)),
  filesystem: ({ mounts }) => percent(largest(mounts, ({ usedPercent }) => usedPercent)),
  network: ({ rxBytesPerSecond, txBytesPerSecond }) =>
    rxBytesPerSecond === null || txBytesPerSecond === null ? '' : rateText(rxBytesPerSecond + txBytesPerSecond),
  sensor: ({ temperatures }) => {
    const hottest = largest(temperatures, ({ celsius }) => celsius);
    return hottest === null ? '' : `${Math.round(hottest)}\u00a0°C`;
  },
  gpu: ({ cards }) => percent(largest(cards, ({ usage }) => usage)),
  process: ({ count }) => formatText(count, 'count'),
  self: ({ cpuMsPerSecond }) => (cpuMsPerSecond === null ? '' : `${(cpuMsPerSecond / 10).toFixed(1)}\u00a0%`),
};

export function glanceOf(source: Source | null, metric: MetricName): string {
  const event = source?.latest(metric) ?? null;
  const glance = GLANCES[metric] as ((event: unknown) => string) | undefined;
  return event === null || !glance ? '' : glance(event);
}

/** Whether a machine has nothing to show for a section: it was waited for, or its lists are empty. */
export function isMissing(source: Source | null, metric: MetricName): boolean {
  if (!source) return false;
  if (source.lacks(metric)) return true;
  if (metric === 'gpu') return source.latest('gpu')?.cards.length === 0;
  const sensors = metric === 'sensor' ? source.latest('sensor') : null;
  return !!sensors && sensors.temperatures.length + sensors.fans.length + sensors.batteries.length === 0;
}
