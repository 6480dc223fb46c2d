import { type Fields, fieldKind, type MetricName, metrics, type Unit } from '@telltale/shared';

// A machine that never was: every metric as a function of time alone, so that history and stream agree and a photograph
// can be taken twice.

const NAMES: Readonly<Record<string, readonly string[]>> = {
  cores: ['0', '1', '2', '3', '4', '5', '6', '7'],
  interfaces: ['eth0', 'wlan0', '<b>not markup</b>'],
  devices: ['nvme0n1', 'sda'],
  mounts: ['/', '/home', '/srv/a long name that has no room anywhere'],
  temperatures: ['coretemp Package', 'nvme Composite'],
  fans: ['cpu fan'],
  batteries: ['BAT0'],
  cards: ['Radeon Pro'],
  byCpu: ['node', 'postgres', 'stress-ng'],
  byMemory: ['postgres', 'chromium', 'node'],
  byIo: ['postgres'],
};
const TOP: Readonly<Partial<Record<Unit, number>>> = {
  percent: 60,
  bytes: 2 ** 33,
  bytesPerSecond: 4e6,
  bitsPerSecond: 1e9,
  perSecond: 900,
  count: 40,
  load: 3,
  ms: 20,
  msPerSecond: 6,
  celsius: 70,
  rpm: 1_800,
  watts: 45,
};
const CPU_PARTS = ['user', 'system', 'iowait', 'interrupt', 'nice', 'steal', 'guest'];

/** 0 to 1: slow waves of two lengths and a spike now and then, different for each name. */
function wave(at: number, name: string): number {
  let seed = 7;
  for (const char of name) seed = (seed * 31 + char.charCodeAt(0)) % 997;
  const t = at / 1_000 + seed;
  const base = 0.45 + 0.25 * Math.sin(t / 19) + 0.15 * Math.sin(t / 5.3);
  return Math.min(1, Math.max(0, base + (t % 97 < 3 ? 0.3 : 0)));
}

const rounded = (value: number) => Math.round(value * 100) / 100;

function valuesOf(fields: Fields, at: number, path: string): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(fields)) {
    const field = fieldKind(schema);
    const own = `${path}.${name}`;
    if (field.kind === 'list') {
      values[name] = (NAMES[name] ?? ['a', 'b']).map((each) => ({
        name: each,
        ...valuesOf(field.fields, at, `${own}:${each}`),
      }));
    } else if (field.kind === 'group') values[name] = null;
    else if (field.kind === 'number') {
      const { max, unit } = field.meta;
      const value = wave(at, own) * Math.min(max ?? Number.POSITIVE_INFINITY, TOP[unit] ?? 1_000);
      values[name] = unit === 'percent' ? rounded(value) : Math.round(value);
    } else if (field.kind === 'flag') values[name] = name === 'up';
    else values[name] = name === 'totalOf' || name === 'kind' ? 'physical' : name;
  }
  return values;
}

function cpuShares(at: number, name: string): Record<string, number> {
  const shares = Object.fromEntries(
    CPU_PARTS.map((part, i) => [part, i > 3 ? 0 : rounded((wave(at, `${name}${part}`) * 40) / (i + 1))]),
  );
  const busy = Object.values(shares).reduce((sum, value) => sum + value, 0);
  return { ...shares, idle: rounded(100 - busy), usage: rounded(busy - (shares['iowait'] ?? 0)) };
}

/** The event of a metric at a moment. */
export function madeUp(metric: MetricName, at: number): Record<string, unknown> {
  const values = valuesOf(metrics[metric].fields, at, metric);
  if (metric === 'cpu') {
    Object.assign(values, cpuShares(at, 'all'), { load1: 1 + wave(at, 'load1'), load5: 1.4, load15: 1.2 });
    values['cores'] = (NAMES['cores'] ?? []).map((name) => ({ name, ...cpuShares(at, name) }));
  }
  if (metric === 'memory') {
    const total = 2 ** 34;
    const parts = { otherBytes: 0.3, sharedBytes: 0.04, buffersBytes: 0.03, cacheBytes: 0.25 };
    let free = total;
    for (const [name, share] of Object.entries(parts)) {
      const bytes = Math.round(total * share * (0.8 + 0.3 * wave(at, name)));
      values[name] = bytes;
      free -= bytes;
    }
    const availableBytes = free + (values['cacheBytes'] as number);
    Object.assign(values, { totalBytes: total, freeBytes: free, zfsArcBytes: 0, availableBytes });
    Object.assign(values, { usedBytes: total - availableBytes, swapTotalBytes: 2 ** 32, swapUsedBytes: 2 ** 29 });
  }
  return { at, elapsedMs: 1_000, ...values };
}
