import { expect, it } from 'vitest';
import { type OwnCost, selfCollector } from './self.ts';

const COST: OwnCost = {
  cpuUs: 1_000_000,
  residentBytes: 70_000_000,
  lagMs: 1.26,
  subscribers: 3,
  sentBytes: 10_000,
  conflated: 4,
  history: {
    bytes: 8_192,
    tiers: [
      { name: 'raw', from: 1_000, to: 61_000, bytes: 4_000, bytesPerSample: 0.125 },
      { name: 'hour', from: null, to: null, bytes: 0, bytesPerSample: null },
    ],
  },
  durations: new Map([
    ['memory', 0.2],
    ['cpu', 0.4],
  ]),
};

it('tells rates from counters, and gauges as they are', () => {
  const { derive } = selfCollector(() => COST);
  const later = { ...COST, cpuUs: 1_012_345, sentBytes: 13_000, conflated: 7 };
  expect(derive(later, COST, 2_000)).toEqual({
    cpuMsPerSecond: 6.2,
    residentBytes: 70_000_000,
    eventLoopLagMs: 1.3,
    subscribers: 3,
    sentBytesPerSecond: 1_500,
    conflatedPerSecond: 1.5,
    historyBytes: 8_192,
    history: [
      { name: 'hour', spanMs: null, bytes: 0, bytesPerSample: null },
      { name: 'raw', spanMs: 60_000, bytes: 4_000, bytesPerSample: 0.125 },
    ],
    collectors: [
      { name: 'cpu', durationMs: 0.4 },
      { name: 'memory', durationMs: 0.2 },
    ],
  });
});

it('has no rates in its first event', () => {
  const { read, derive } = selfCollector(() => COST);
  const look = read();
  expect(look).toEqual({ reading: COST, faults: [] });
  expect(derive(COST, null, null)).toMatchObject({
    cpuMsPerSecond: null,
    sentBytesPerSecond: null,
    conflatedPerSecond: null,
    subscribers: 3,
  });
});
