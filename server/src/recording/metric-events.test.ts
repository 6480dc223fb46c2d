import { readdirSync } from 'node:fs';
import { type Fields, fieldKind, formatSeries, METRIC_NAMES, type MetricName, metrics } from '@telltale/shared';
import { describe, expect, it } from 'vitest';
import type { HostCollectors } from '../collect/collector.ts';
import { openHostFiles } from '../collect/linux/files.ts';
import { linuxCollectors } from '../collect/linux/index.ts';
import { EngineStore } from '../history/engine-store.ts';
import { openEngine } from '../history/open-engine.ts';
import { KEEP_ALL } from '../history/retention.ts';
import { ask } from '../testing/history-contract.ts';
import { absentFields, toMetricEvents } from './metric-events.ts';

const HOSTS = new URL('../../../tests/hosts/', import.meta.url).pathname;
const hosts = readdirSync(HOSTS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const ofMachine = METRIC_NAMES.filter((name): name is keyof HostCollectors => name !== 'self' && name !== 'process');

type Values = Record<string, unknown>;

/** The two events of a metric of a recorded host, as the stream would have them. */
async function eventsOf(host: string, metric: keyof HostCollectors): Promise<Values[]> {
  const looks = await Promise.all(
    ['1', '2'].map((look) =>
      linuxCollectors(openHostFiles(`${HOSTS}${host}/${look}/proc`, `${HOSTS}${host}/${look}/sys`))[metric].read(),
    ),
  );
  const [first, second] = looks;
  if (!first || !second) return [];
  const own = linuxCollectors(openHostFiles('/nonexistent', '/nonexistent'))[metric];
  return [
    { at: 10_000, elapsedMs: 10_000, ...own.derive(first.reading, null, null) },
    { at: 20_000, elapsedMs: 10_000, ...own.derive(second.reading, first.reading, 10_000) },
  ];
}

/** Every series of a metric, members of lists by `*`. */
function everySeries(metric: MetricName): string[] {
  const walk = (path: string[], fields: Fields): string[] =>
    Object.entries(fields).flatMap(([name, schema]) => {
      const field = fieldKind(schema);
      if (field.kind === 'number') return [formatSeries(metric, [...path, name])];
      if (!('fields' in field)) return [];
      return walk([name], field.fields).map((series) => (field.kind === 'list' ? `${series}:*` : series));
    });
  return walk([], metrics[metric].fields);
}

/** An event as numbers and names alone, since that is what history keeps. */
function kept(metric: MetricName, event: Values): Values {
  const walk = (fields: Fields, values: Values): Values =>
    Object.fromEntries(
      Object.entries(fields).map(([name, schema]) => {
        const field = fieldKind(schema);
        const value = values[name];
        if (field.kind === 'number') return [name, value];
        if (field.kind === 'list') {
          const members = value as Values[];
          const numbers = members.map((member): Values => ({ name: member['name'], ...walk(field.fields, member) }));
          return [name, numbers.filter(({ name, ...rest }) => Object.values(rest).some((number) => number !== null))];
        }
        if (field.kind !== 'group' || value === null) return [name, null];
        const group = walk(field.fields, value as Values);
        return [name, Object.values(group).every((number) => number === null) ? null : group];
      }),
    );
  return { at: event['at'], elapsedMs: event['elapsedMs'], ...walk(metrics[metric].fields, event) };
}

/** Through the history, one series after the other, as there may be any number. */
async function throughHistory(metric: MetricName, events: readonly Values[]) {
  const engine = openEngine({ folder: null, retention: KEEP_ALL, pid: 1, now: () => 20_000, tell: () => {} });
  engine.write(events.map((data) => [metric, JSON.stringify(data)] as const));
  const store = new EngineStore(engine);
  const asked = { from: 0, to: 20_000, points: 10, paces: { [metric]: 10_000 } };
  const answers = await Promise.all(everySeries(metric).map((series) => ask(store, [series], asked)));
  const [first] = answers;
  if (!first) throw new Error(`${metric} has no series`);
  return { ...first, series: Object.assign(Object.create(null), ...answers.map(({ series }) => series)) };
}

describe('events from columns', () => {
  describe.each(hosts.map(({ name }) => name))('of the host %s', (host) => {
    it.each(ofMachine)('are those of %s, numbers and names', async (metric) => {
      const events = await eventsOf(host, metric);
      const history = await throughHistory(metric, events);
      const known = events.map((event) => kept(metric, event)).filter(hasNumbers);
      expect(toMetricEvents(history)).toEqual(known.map((data) => ({ name: metric, data })));
    });
  });

  it('take the value that stands for a wide step', () => {
    const column = { avg: [1.5], min: [1], max: [2], last: [2] };
    const series = { 'cpu.usage': column, 'network.interfaces.rxBytes:eth0': column };
    const [cpu, network] = toMetricEvents({ times: [60_000], stepMs: 60_000, series });
    expect(cpu).toMatchObject({ name: 'cpu', data: { at: 60_000, elapsedMs: 60_000, usage: 1.5 } });
    expect(network).toMatchObject({ data: { interfaces: [{ name: 'eth0', rxBytes: 2, kind: null }] } });
  });

  it('are none where nothing is known', () => {
    const series = { 'cpu.usage': { avg: [null, 5, null] } };
    expect(toMetricEvents({ times: [1, 2, 3], stepMs: 1, series }).map(({ data }) => data)).toMatchObject([{ at: 2 }]);
  });

  it('have their members in order, whatever they are called', () => {
    const names = ['eth10', 'eth2', '__proto__', 'a%2Cb'];
    const series = Object.assign(
      Object.create(null),
      ...names.map((name) => ({ [`network.interfaces.rxBytes:${name}`]: { avg: [1] } })),
    );
    const [event] = toMetricEvents({ times: [1], stepMs: 1, series });
    expect(event).toMatchObject({
      data: { interfaces: ['__proto__', 'a,b', 'eth2', 'eth10'].map((name) => ({ name })) },
    });
  });

  it.each<[string, unknown]>([
    ['weather.rain', { avg: [1] }],
    ['cpu.cores.usage:*', { avg: [1] }],
    ['cpu.usage', { avg: 'one' }],
    ['cpu.usage', { avg: ['one'] }],
    ['cpu.usage', {}],
    ['cpu.usage', { avg: [101] }],
    ['cpu.usage:0', { avg: [1] }],
  ])('are not made of %s %j', (name, columns) => {
    expect(toMetricEvents({ times: [1], stepMs: 1, series: { [name]: columns as { avg: number[] } } })).toEqual([]);
  });

  it('say what they do not tell', () => {
    expect(absentFields('network')).toEqual([
      ...['network.totalOf', 'network.interfaces.kind', 'network.interfaces.up', 'network.interfaces.reset'],
    ]);
    expect(absentFields('pressure')).toEqual([]);
  });
});

function hasNumbers({ at, elapsedMs, ...values }: Values): boolean {
  const any = (value: unknown): boolean =>
    typeof value === 'number' ||
    (Array.isArray(value)
      ? value.some(any)
      : typeof value === 'object' && value !== null && Object.values(value).some(any));
  return Object.values(values).some(any);
}
