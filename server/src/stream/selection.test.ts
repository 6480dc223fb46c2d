import { DEFAULT_METRICS, type MetricName, type Pace } from '@telltale/shared';
import { describe, expect, it } from 'vitest';
import { HttpProblem } from '../errors.ts';
import { parseSelection, selectionKey } from './selection.ts';

const paceOf = (_: MetricName, asked: Pace | null): Pace => asked ?? 1_000;
const key = (metrics?: string, interval?: string) => selectionKey(parseSelection(metrics, interval, paceOf));

describe('a selection', () => {
  it('is of all metrics at their own pace unless asked otherwise', () => {
    expect(key()?.split(',')).toEqual(DEFAULT_METRICS.map((name) => `${name}@1000`).sort());
    expect(key()).not.toContain('process');
    expect(key('process')).toBe('process@1000');
    expect(key('memory', '5s')).toBe('memory@5000');
  });

  it('is the same in any order and with repetitions', () => {
    expect(key('memory,cpu,memory')).toBe(key('cpu,memory'));
  });

  it.each([
    ['disks', undefined, 'is not one of cpu, memory, network'],
    ['', undefined, 'metric ""'],
    ['cpu,', undefined, 'metric ""'],
    ['CPU', undefined, 'metric "CPU"'],
    ['constructor', undefined, 'metric "constructor"'],
    ['*', undefined, 'metric "*"'],
    [undefined, '3s', 'is not one of 100ms, 200ms'],
    [undefined, '', 'interval ""'],
    ['x'.repeat(5_000), undefined, `metric "${'x'.repeat(64)}…"`],
  ])('of %s at %s is refused with what is allowed', (metrics, interval, part) => {
    const ask = () => parseSelection(metrics, interval, paceOf);
    expect(ask).toThrow(HttpProblem);
    expect(ask).toThrow(part);
  });
});
