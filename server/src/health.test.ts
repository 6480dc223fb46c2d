import type { MetricName } from '@telltale/shared';
import { expect, it } from 'vitest';
import type { CollectorHealth } from './collect/sampler.ts';
import { statusOf } from './health.ts';

it.each<[string, number, [number | null, string | null][], string]>([
  [
    'everything is fresh',
    1_000,
    [
      [9_500, null],
      [9_500, null],
    ],
    'ok',
  ],
  [
    'something is missing',
    1_000,
    [
      [9_500, 'gone'],
      [9_500, null],
    ],
    'degraded',
  ],
  [
    'one collector is stuck',
    1_000,
    [
      [1, 'stuck'],
      [9_500, null],
    ],
    'degraded',
  ],
  [
    'nothing is fresh',
    1_000,
    [
      [6_999, null],
      [1, null],
    ],
    'failing',
  ],
  ['three paces have not passed', 5_000, [[1, null]], 'ok'],
  ['nothing was ever seen', 1_000, [[null, 'no /proc']], 'failing'],
])('when %s at a pace of %d ms', (_, base, seen, status) => {
  const collectors = new Map(
    seen.map(([lastSuccessAt, fault], i): [MetricName, CollectorHealth] => [
      ['cpu', 'memory'][i] as MetricName,
      { lastSuccessAt, durationMs: 1, fault },
    ]),
  );
  expect(statusOf(collectors, base, 10_000, { fault: null })).toBe(status);
});

it('is failing when nothing is fresh but what the server sees of itself', () => {
  const health = (lastSuccessAt: number): CollectorHealth => ({ lastSuccessAt, durationMs: 1, fault: null });
  const collectors = new Map<MetricName, CollectorHealth>([
    ['cpu', health(1)],
    ['self', health(10_000)],
  ]);
  expect(statusOf(collectors, 1_000, 10_000, { fault: null })).toBe('failing');
});
