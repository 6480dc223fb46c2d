import { type Fields, fieldKind, type NumberMeta } from './field.ts';
import { isMetricName, METRIC_NAMES, type MetricName, metrics } from './metrics/registry.ts';

/**
 * One number over time: `cpu.usage`, `memory.cgroup.usedBytes`, or for a member of a list `cpu.cores.usage:0`.
 * `instance` is the member's name, `*` (as {@link ALL_INSTANCES}) for all of them, `null` for a plain field.
 */
export interface Series {
  readonly metric: MetricName;
  /** Field names below the event: one, or two for a field of a list or a group. */
  readonly path: readonly [string] | readonly [string, string];
  readonly instance: string | null;
  readonly allInstances: boolean;
  readonly meta: NumberMeta;
}

function numberMeta(fields: Fields, name: string): NumberMeta | null {
  const schema = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const field = schema && fieldKind(schema);
  return field?.kind === 'number' ? field.meta : null;
}

/** Every series of a metric, members of lists as `:NAME`. */
function seriesOf(metric: string, fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, schema]) => {
    const field = fieldKind(schema);
    if (field.kind === 'number') return [`${metric}.${name}`];
    if (field.kind !== 'list' && field.kind !== 'group') return [];
    const suffix = field.kind === 'list' ? ':NAME' : '';
    return seriesOf(`${metric}.${name}`, field.fields).map((series) => `${series}${suffix}`);
  });
}

function decodeInstance(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Percent-encodes what a series name cannot hold: `,` `*` `%` and control characters. Everything else stays readable. */
export function encodeInstance(name: string): string {
  return name.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is encoded
    /[,*%\u0000-\u001f\u007f]/g,
    (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
}

export function formatSeries(metric: string, path: readonly string[], instance: string | null = null): string {
  const name = `${metric}.${path.join('.')}`;
  return instance === null ? name : `${name}:${encodeInstance(instance)}`;
}

/** What was read before: every frame of a chart asks again. Names that nobody asks for any more are few. */
const known = new Map<string, Series | Error>();
const MAX_KNOWN = 4_096;

/** Reads a series name. An `Error` says what is wrong with it and is fit for a user. */
export function parseSeries(text: string): Series | Error {
  const before = known.get(text);
  if (before !== undefined) return before;
  const series = readSeries(text);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(text, series);
  return series;
}

function readSeries(text: string): Series | Error {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const suffix = colon < 0 ? null : text.slice(colon + 1);
  const [metric = '', first = '', second, ...rest] = name.split('.');
  if (!isMetricName(metric))
    return new Error(`unknown series "${text}": it begins with one of ${METRIC_NAMES.join(', ')}`);
  const fields: Fields = metrics[metric].fields;
  const unknown = () => new Error(`unknown series "${text}": ${metric} has ${seriesOf(metric, fields).join(', ')}`);
  if (rest.length > 0) return unknown();

  if (second === undefined) {
    const meta = numberMeta(fields, first);
    if (!meta) return unknown();
    if (suffix !== null)
      return new Error(`series "${text}": ${metric}.${first} has no members, so nothing follows a ":"`);
    return { metric, path: [first], instance: null, allInstances: false, meta };
  }

  const schema = Object.hasOwn(fields, first) ? fields[first] : undefined;
  const parent = schema && fieldKind(schema);
  if (parent?.kind !== 'list' && parent?.kind !== 'group') return unknown();
  const meta = numberMeta(parent.fields, second);
  if (!meta) return unknown();
  if (parent.kind === 'group') {
    if (suffix !== null)
      return new Error(`series "${text}": ${metric}.${first} has no members, so nothing follows a ":"`);
    return { metric, path: [first, second], instance: null, allInstances: false, meta };
  }
  if (suffix === null || suffix === '')
    return new Error(`series "${text}" needs a member, like "${name}:NAME", or "${name}:*" for all`);
  if (suffix === '*') return { metric, path: [first, second], instance: null, allInstances: true, meta };
  const instance = decodeInstance(suffix);
  if (instance === null) return new Error(`series "${text}": "${suffix}" is not percent-encoded right`);
  return { metric, path: [first, second], instance, allInstances: false, meta };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const finite = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** The members of the list that a series speaks of, by name; empty when the event has none. */
function members(event: object, list: string): readonly Record<string, unknown>[] {
  const value = (event as Record<string, unknown>)[list];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The names that `*` stands for in this event. */
export function instancesOf(event: object, series: Series): string[] {
  return members(event, series.path[0]).map((member) => String(member['name']));
}

/** The series' value in an event of its metric, `null` when it is absent. */
export function seriesValue(event: object, series: Series): number | null {
  const [first, second] = series.path;
  if (second === undefined) return finite((event as Record<string, unknown>)[first]);
  if (series.instance === null) {
    const group = (event as Record<string, unknown>)[first];
    return isRecord(group) ? finite(group[second]) : null;
  }
  const member = members(event, first).find(({ name }) => name === series.instance);
  return member ? finite(member[second]) : null;
}
