import type { Metric, Values } from './recorded-host.ts';

const SHARES = ['usage', 'user', 'nice', 'system', 'interrupt', 'steal', 'guest', 'iowait', 'idle'];
const BY_METRIC: Partial<Record<Metric, readonly string[]>> = {
  cpu: SHARES,
  disk: ['busy', 'queue', 'readLatencyMs', 'writeLatencyMs'],
  pressure: ['cpuSome', 'memorySome', 'memoryFull', 'ioSome', 'ioFull'],
  process: ['usage'],
};

/** Whether a number needs an interval. How fast a link is and how busy a card says it is do not. */
const isOfInterval = (metric: Metric, field: string): boolean =>
  (field.endsWith('PerSecond') && field !== 'speedBitsPerSecond') || (BY_METRIC[metric] ?? []).includes(field);

/** What the first event has of these values: `also` are fields that need an interval on this machine alone. */
export function withoutInterval(metric: Metric, value: unknown, also: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutInterval(metric, each, also));
  if (typeof value !== 'object' || value === null) return value;
  const first = (field: string, each: unknown): unknown => {
    // Nothing has been seen to go back, and nobody's use is known.
    if (field === 'reset') return false;
    if (field === 'byCpu' || field === 'byIo') return [];
    const needsOne = isOfInterval(metric, field) || also.includes(`${metric}.${field}`);
    return needsOne ? null : withoutInterval(metric, each, also);
  };
  return Object.fromEntries(Object.entries(value).map(([field, each]) => [field, first(field, each)]));
}

/**
 * How far a value may be from the exact one: half of what it is rounded to. Shares of a processor are rounded by largest
 * remainder, so each is off by less than the whole of it, and what is used is what two of them leave.
 */
function toleranceOf(metric: Metric, path: string, exact: number, things: number): number {
  const field = path.split('.').at(-1) ?? '';
  if (metric === 'cpu' && SHARES.includes(field)) return field === 'usage' ? 0.02 : 0.01;
  // A total adds up rounded numbers.
  if (field.endsWith('BytesPerSecond')) return path.includes('.') ? 0.5 : 0.5 * Math.max(1, things);
  if (metric === 'disk') return 0.005;
  if (field.endsWith('PerSecond')) return exact < 10 ? 0.005 : exact < 100 ? 0.05 : 0.5;
  if (isOfInterval(metric, field) || field === 'cores' || field === 'percent') return 0.005;
  return field === 'watts' ? 0.0005 : 0;
}

function compare(metric: Metric, actual: unknown, expected: unknown, things: number, path: string): string[] {
  if (typeof expected === 'number' && typeof actual === 'number') {
    const tolerance = toleranceOf(metric, path, expected, things);
    return Math.abs(actual - expected) <= tolerance + 1e-9 ? [] : [`${path}: ${actual}, not ${expected}`];
  }
  if (typeof expected === 'object' && expected !== null && typeof actual === 'object' && actual !== null) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => {
      const at = path === '' ? key : `${path}.${key}`;
      return compare(metric, (actual as Values)[key], (expected as Values)[key], things, at);
    });
  }
  return Object.is(actual, expected) ? [] : [`${path}: ${String(actual)}, not ${String(expected)}`];
}

/** Every place where values differ from the exact ones by more than is allowed. */
export function differences(metric: Metric, actual: Values | null, expected: Values | null): string[] {
  const lengths = Object.values(expected ?? {}).map((value) => (Array.isArray(value) ? value.length : 0));
  return compare(metric, actual, expected, Math.max(0, ...lengths), '');
}

/** How many values these are, at any depth. */
export const countOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((all, each) => all + countOf(each), 0)
    : 1;

/** Every number that is none, at any depth. Only temperatures are ever below zero. */
export function brokenNumbers(value: unknown, path = ''): string[] {
  if (typeof value === 'number') {
    return Number.isFinite(value) && (value >= 0 || /elsius$/.test(path)) ? [] : [`${path}: ${value}`];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => brokenNumbers(each, `${path}.${key}`));
}

interface Pair {
  /** As faults name it: `interfaces.kind`. */
  readonly path: string;
  readonly now: unknown;
  readonly whole: unknown;
}

/** The values of an event beside those of another. Members of lists go by their names; those without a match are left out. */
function pairs(now: unknown, whole: unknown, path = ''): Pair[] {
  if (Array.isArray(now) && Array.isArray(whole)) {
    return now.flatMap((each) => {
      const same = whole.find(({ name, pid }) => name === each.name && pid === each.pid);
      return same === undefined ? [] : pairs(each, same, path);
    });
  }
  if (typeof now === 'object' && now !== null && typeof whole === 'object' && whole !== null) {
    return Object.entries(now).flatMap(([key, each]) => {
      return pairs(each, (whole as Values)[key], path === '' ? key : `${path}.${key}`);
    });
  }
  return [{ path, now, whole }];
}

/** The fields that were told of the whole and are `null` now. */
export const lost = (now: Values | null, whole: Values | null): string[] =>
  now === null
    ? []
    : pairs(now, whole)
        .filter((pair) => pair.now === null && pair.whole !== null)
        .map(({ path }) => path);

/** What adds up or counts lines, some of which may be gone, and what is worked out with a line that some kernels lack. */
const ADDED_UP = [
  ...['rxBytesPerSecond', 'txBytesPerSecond', 'totalOf', 'readBytesPerSecond', 'writeBytesPerSecond'],
  ...['count', 'threads', 'cacheBytes', 'otherBytes'],
];

/** What is told otherwise than of the whole. */
export const invented = (now: Values | null, whole: Values | null): string[] =>
  pairs(now, whole)
    .filter((pair) => pair.now !== null && !Object.is(pair.now, pair.whole) && !ADDED_UP.includes(pair.path))
    .map((pair) => `${pair.path}: ${String(pair.now)}, not ${String(pair.whole)}`);
