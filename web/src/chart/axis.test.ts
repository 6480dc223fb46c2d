import { describe, expect, it } from 'vitest';
import { AxisTop, formatTick } from './axis.ts';

describe('the value axis', () => {
  it('grows at once, and shrinks only when the data stayed small for a while', () => {
    const top = new AxisTop('bytesPerSecond');
    expect(top.follow(0, 0)).toBe(10_000);
    expect(top.follow(1_200_000, 1_000)).toBe(2_000_000);
    expect(top.follow(100_000, 2_000)).toBe(2_000_000);
    expect(top.follow(100_000, 16_000)).toBe(2_000_000);
    expect(top.follow(100_000, 17_000)).toBe(200_000);
  });

  it('is round in bits where it is written in bits', () => {
    const top = new AxisTop('bitsPerSecond');
    expect(top.follow(0, 0)).toBe(100_000);
    expect(top.follow(1_200_000 * 8, 1_000)).toBe(20_000_000);
  });

  it('stays when a burst comes back before it would have shrunk', () => {
    const top = new AxisTop('bytesPerSecond');
    top.follow(1_900_000, 0);
    top.follow(10, 1_000);
    top.follow(1_900_000, 10_000);
    expect(top.follow(10, 17_000)).toBe(2_000_000);
  });

  it.each([
    [100, 'percent', '100\u00a0%'],
    [0, 'bytesPerSecond', '0\u00a0B/s'],
    [2_500_000, 'bytesPerSecond', '2.5\u00a0MB/s'],
    [12_884_901_888, 'bytes', '12\u00a0GiB'],
    [0.5, 'load', '0.5'],
  ] as const)('shows %d in %s as %j', (value, unit, text) => {
    expect(formatTick(value, unit)).toBe(text);
  });
});
