import { describe, expect, it } from 'vitest';
import { Lag } from './lag.ts';

describe('the lag of a reader', () => {
  it('is nothing for one that takes everything', () => {
    const lag = new Lag(0);
    for (let now = 0; now < 10_000; now += 1_000) {
      lag.wrote(1_500, now);
      lag.observe(0, now + 100);
      expect([lag.ageMs(now + 500), lag.stalledMs(now + 500)]).toEqual([0, 0]);
    }
  });

  it('is as old as the oldest byte that waits', () => {
    const lag = new Lag(0);
    for (let now = 0; now <= 9_000; now += 1_000) lag.wrote(100, now);
    lag.observe(1_000, 9_000);
    expect(lag.ageMs(9_000)).toBe(9_000);
    // Four of ten were taken: the fifth is the oldest now.
    lag.observe(600, 9_000);
    expect(lag.ageMs(9_000)).toBe(5_000);
    lag.observe(0, 9_500);
    expect(lag.ageMs(9_500)).toBe(0);
  });

  it('is not stalled while anything at all is taken', () => {
    const lag = new Lag(0);
    lag.wrote(10_000, 0);
    for (let now = 1_000; now <= 60_000; now += 1_000) {
      lag.observe(10_000 - now / 10, now);
      expect(lag.stalledMs(now)).toBe(0);
    }
    expect(lag.stalledMs(90_000)).toBe(30_000);
  });

  it('begins to be stalled with the first byte that waits, not before', () => {
    const lag = new Lag(0);
    lag.observe(0, 1_000);
    lag.wrote(100, 50_000);
    lag.observe(100, 51_000);
    expect(lag.stalledMs(51_000)).toBe(1_000);
  });

  it('counts no byte as taken twice when more seems to wait than was written', () => {
    const lag = new Lag(0);
    lag.wrote(100, 0);
    lag.observe(0, 10);
    lag.wrote(100, 1_000);
    lag.observe(260, 2_000);
    expect([lag.ageMs(2_000), lag.stalledMs(2_000)]).toEqual([1_000, 1_000]);
  });

  it('tells what a link carries once that was seen to be less than what there was', () => {
    const lag = new Lag(0);
    // Two kB a second come, one goes.
    for (let now = 0; now < 10_000; now += 1_000) {
      lag.wrote(2_000, now);
      lag.observe(now, now);
    }
    expect([lag.fullRate, lag.rate, lag.waiting]).toEqual([1, 1, 9_000]);
    lag.forget();
    expect(lag.fullRate).toBeNull();
  });

  it('tells nothing of a link that carries all there is', () => {
    const lag = new Lag(0);
    for (let now = 0; now < 10_000; now += 1_000) {
      lag.wrote(2_000, now);
      // The last second is under way.
      lag.observe(2_000, now + 900);
    }
    expect([lag.fullRate, lag.rate]).toEqual([null, 2]);
  });

  it('does not take a stall for what a link carries', () => {
    const lag = new Lag(0);
    for (let now = 0; now <= 8_000; now += 1_000) lag.wrote(1_000, now);
    lag.observe(9_000, 8_000);
    // It is read again, from some moment of the last second on.
    lag.observe(8_900, 9_000);
    expect(lag.fullRate).toBeNull();
    lag.observe(0, 10_000);
    expect([lag.fullRate, lag.rate]).toEqual([null, 8.9]);
  });

  it('remembers a bounded number of writes', () => {
    const lag = new Lag(0);
    for (let now = 0; now < 1_000_000; now += 1_000) lag.wrote(1, now);
    expect(lag.ageMs(1_000_000)).toBe(1_000_000);
  });
});
