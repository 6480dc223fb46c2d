import { describe, expect, it } from 'vitest';
import { parseEvent } from './events.ts';
import { blankValues } from './metric.ts';
import { METRIC_NAMES, metrics } from './metrics/registry.ts';

const memory = { at: 1, elapsedMs: 1_000, ...blankValues(metrics.memory.fields), totalBytes: 5 };
const gap = { from: null, to: 5, reason: 'slow' };

describe('parseEvent', () => {
  it('reads metric and control events', () => {
    expect(parseEvent('memory', JSON.stringify(memory))).toEqual({ name: 'memory', data: memory });
    expect(parseEvent('gap', JSON.stringify(gap))).toEqual({ name: 'gap', data: gap });
  });

  it.each(METRIC_NAMES)('reads a %s event of which nothing could be seen', (name) => {
    const data = { at: 1, elapsedMs: null, ...blankValues(metrics[name].fields) };
    expect(parseEvent(name, JSON.stringify(data))).toEqual({ name, data });
  });

  it.each(['', 'message', 'disks', 'CPU', 'constructor', '__proto__'])(
    'passes over the event %j, which it does not know',
    (name) => {
      expect(parseEvent(name, '{}')).toBeNull();
    },
  );

  it('tolerates fields that it does not know, and drops them', () => {
    const more = JSON.stringify({
      ...memory,
      hugePages: 5,
      constructor: 1,
      cgroup: { scope: '/a', limitBytes: 1, usedBytes: 1, x: 1 },
    });
    const read = parseEvent('memory', more.replace('{', '{"__proto__":{"polluted":true},'));
    expect(read).toEqual({ name: 'memory', data: { ...memory, cgroup: { scope: '/a', limitBytes: 1, usedBytes: 1 } } });
    expect(read).not.toHaveProperty('data.polluted');
  });

  it('reads what was recorded before a field was added as if that could not be told', () => {
    const before = { name: 'x', pid: 1, startedAt: 1, user: 'me', usage: 1, residentBytes: 1, state: 'S', threads: 1 };
    const row = { ...before, arguments: null };
    const event = { at: 1, elapsedMs: 2_000, count: 1, threads: 1, byCpu: [row], byMemory: [] };
    const untold = { ...row, readBytesPerSecond: null, writeBytesPerSecond: null };
    const data = { ...event, byCpu: [untold], byIo: [] };
    expect(parseEvent('process', JSON.stringify(event))).toEqual({ name: 'process', data });
  });

  it.each([
    ['no JSON', 'memory', '{', 'is not JSON'],
    ['an empty text', 'memory', '', 'is not JSON'],
    ['null', 'memory', 'null', 'event "memory"'],
    ['a list', 'cpu', '[]', 'event "cpu"'],
    ['a missing field', 'memory', JSON.stringify({ ...memory, freeBytes: undefined }), 'freeBytes'],
    ['text for a number', 'memory', JSON.stringify({ ...memory, freeBytes: '5' }), 'freeBytes'],
    ['a negative size', 'memory', JSON.stringify({ ...memory, freeBytes: -1 }), 'freeBytes'],
    ['null for the time', 'memory', JSON.stringify({ ...memory, at: null }), 'at'],
    ['an unknown reason', 'gap', JSON.stringify({ ...gap, reason: 'boredom' }), 'reason'],
    [
      'a share above 100',
      'cpu',
      JSON.stringify({ at: 1, elapsedMs: 1, ...blankValues(metrics.cpu.fields), usage: 101 }),
      'usage',
    ],
  ])('answers with an error that names the place for %s', (_, name, json, part) => {
    const error = parseEvent(name, json);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toContain(part);
  });
});
