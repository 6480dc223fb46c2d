import { readdirSync, readFileSync } from 'node:fs';
import { type HostFiles, linuxCollectors, openHostFiles } from '@telltale/server/collect';
import { METRIC_NAMES, type MetricName, parseEvent } from '@telltale/shared';
import { describe, expect, it } from 'vitest';

const HERE = new URL('.', import.meta.url).pathname;
const HOSTS = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

interface Expected {
  readonly elapsedMs: number;
  readonly events: Record<MetricName, Record<string, unknown>>;
}

const open = (host: string, snapshot: 1 | 2) =>
  openHostFiles(`${HERE}${host}/${snapshot}/proc`, `${HERE}${host}/${snapshot}/sys`);
const expectedOf = (host: string): Expected => JSON.parse(readFileSync(`${HERE}${host}/expected.json`, 'utf8'));

function read(files: HostFiles, metric: MetricName) {
  const sample = linuxCollectors(files)[metric].read();
  if (sample instanceof Promise) throw new Error('the files of a host are read at once');
  return sample;
}

/**
 * How far a value may be from the exact one. Shares are rounded to 0.01, and by largest remainder, so off by less than
 * 0.01; rates to whole numbers, those of swap before they become bytes, and a total adds up rounded ones. Sizes, counts
 * and everything else are exact.
 */
function toleranceOf(field: string): number {
  if (field.startsWith('swap') && field.endsWith('PerSecond')) return 2_048;
  if (field.endsWith('PerSecond')) return 0.5;
  return /^(usage|user|nice|system|interrupt|steal|guest|iowait|idle)$/.test(field) ? 0.01 : 0;
}

/** Every place where two values differ by more than is allowed. */
function differences(actual: unknown, expected: unknown, path: string): string[] {
  if (typeof expected === 'number' && typeof actual === 'number') {
    const field = path.split('.').at(-1) ?? '';
    return Math.abs(actual - expected) <= toleranceOf(field) + 1e-9 ? [] : [`${path}: ${actual}, not ${expected}`];
  }
  if (typeof expected === 'object' && expected !== null && typeof actual === 'object' && actual !== null) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) =>
      differences((actual as never)[key], (expected as never)[key], `${path}${path === '' ? '' : '.'}${key}`),
    );
  }
  return Object.is(actual, expected) ? [] : [`${path}: ${String(actual)}, not ${String(expected)}`];
}

/** Every number that is none, at any depth. */
function brokenNumbers(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? [] : [`${path}: ${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => brokenNumbers(each, `${path}.${key}`));
}

describe.each(HOSTS)('the recorded host %s', (host) => {
  const { elapsedMs, events } = expectedOf(host);

  it.each(METRIC_NAMES)('has the %s values that were worked out by other means', (metric) => {
    const before = read(open(host, 1), metric);
    const now = read(open(host, 2), metric);
    const values = linuxCollectors(open(host, 2))[metric].derive(now.reading, before.reading, elapsedMs);
    expect(now.faults).toEqual([]);
    expect(differences(values, events[metric], '')).toEqual([]);
  });

  it.each(METRIC_NAMES)('has gauges but no rates in its first %s event', (metric) => {
    const { reading } = read(open(host, 2), metric);
    const first = linuxCollectors(open(host, 2))[metric].derive(reading, null, null);
    const rates = Object.entries(first).filter(([field]) => field.endsWith('PerSecond'));
    expect(rates.every(([, value]) => value === null)).toBe(true);
    const gauges = Object.entries(events[metric]).filter(([field]) => /Bytes$|^load|^running$|^totalOf$/.test(field));
    expect(first).toMatchObject(Object.fromEntries(gauges));
  });

  it.each(METRIC_NAMES)('says nothing wrong of %s from files that were cut short anywhere', (metric) => {
    const whole = open(host, 2);
    const before = read(open(host, 1), metric).reading;
    for (let share = 0; share < 1; share += 0.01) {
      const cut: HostFiles = {
        ...whole,
        proc(name) {
          const text = whole.proc(name);
          return text instanceof Error ? text : text.slice(0, Math.floor(text.length * share));
        },
      };
      const values = linuxCollectors(cut)[metric].derive(read(cut, metric).reading, before, elapsedMs);
      expect(brokenNumbers(values)).toEqual([]);
      expect(parseEvent(metric, JSON.stringify({ at: 1, elapsedMs, ...values }))).not.toBeInstanceOf(Error);
    }
  });

  it.each(METRIC_NAMES)('names by a fault whatever of %s is null when lines are missing', (metric) => {
    const whole = open(host, 2);
    const before = read(open(host, 1), metric).reading;
    for (let lines = 0; lines < 60; lines++) {
      const cut: HostFiles = {
        ...whole,
        proc(name) {
          const text = whole.proc(name);
          return text instanceof Error ? text : text.split('\n').slice(0, lines).join('\n');
        },
      };
      const sample = read(cut, metric);
      const values = linuxCollectors(cut)[metric].derive(sample.reading, before, elapsedMs);
      const named = new Set(sample.faults.flatMap(({ fields }) => fields));
      const silent = Object.entries(values)
        // Without a limit these are null by their meaning.
        .filter(([field, value]) => value === null && field !== 'quota' && field !== 'cgroup')
        .filter(([field]) => !named.has(field));
      expect(silent, `${lines} lines`).toEqual([]);
    }
  });

  it('is nobody else: what its files do not hold is null', () => {
    const files = openHostFiles(`${HERE}${host}/nothing`, `${HERE}${host}/nothing`);
    for (const metric of METRIC_NAMES) {
      const { reading, faults } = read(files, metric);
      expect(faults.length).toBeGreaterThan(0);
      const values = linuxCollectors(files)[metric].derive(reading, null, null);
      expect(Object.values(values).every((value) => value === null || Array.isArray(value))).toBe(true);
    }
  });
});
