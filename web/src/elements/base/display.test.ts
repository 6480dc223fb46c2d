import { parseSeries, type Series } from '@telltale/shared';
import { describe, expect, it } from 'vitest';
import { commonDisplay, displayOf, displayText } from './display.ts';

const BITS = { rates: 'bits' } as const;
const BYTES = { rates: 'bytes' } as const;
const series = (name: string) => parseSeries(name) as Series;

describe('rates of the network', () => {
  it.each(['network.rxBytesPerSecond', 'network.interfaces.txBytesPerSecond:eth0'])(
    'are in bits if wanted: %s',
    (name) => {
      expect(displayOf(series(name), BITS)).toEqual({ unit: 'bitsPerSecond', factor: 8 });
      expect(displayOf(series(name), BYTES)).toEqual({ unit: 'bytesPerSecond', factor: 1 });
      expect(displayText(1_250_000, displayOf(series(name), BITS))).toBe('10\u00a0Mbit/s');
    },
  );

  it('that are absent are absent in either', () => {
    expect(displayText(null, displayOf(series('network.rxBytesPerSecond'), BITS))).toBe('–');
  });
});

it.each([
  'network.interfaces.rxBytes:eth0',
  'network.interfaces.speedBitsPerSecond:eth0',
  'network.interfaces.rxPacketsPerSecond:eth0',
  'disk.readBytesPerSecond',
  'memory.swapInBytesPerSecond',
  'self.sentBytesPerSecond',
  'cpu.usage',
])('%s is in its own unit whatever is wanted', (name) => {
  expect(displayOf(series(name), BITS)).toEqual({ unit: series(name).meta.unit, factor: 1 });
});

it('one scale has one unit, also where only some could be in bits', () => {
  const [network, disk] = [series('network.rxBytesPerSecond'), series('disk.readBytesPerSecond')];
  expect(commonDisplay([network, network], BITS).unit).toBe('bitsPerSecond');
  expect(commonDisplay([network, disk], BITS)).toEqual({ unit: 'bytesPerSecond', factor: 1 });
  expect(commonDisplay([disk, network], BITS)).toEqual({ unit: 'bytesPerSecond', factor: 1 });
});
