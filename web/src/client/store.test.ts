import { type AnyEvent, blankValues, metrics } from '@telltale/shared';
import { describe, expect, it } from 'vitest';
import { Store } from './store.ts';
import { TimeWindow } from './time-window.ts';

const ALL = 'disk.devices.busy:*';
const disk = (at: number, ...names: readonly string[]) => {
  const devices = names.map((name) => ({ name, busy: 1 }));
  return { name: 'disk', data: { at, elapsedMs: 1_000, ...blankValues(metrics.disk.fields), devices } } as AnyEvent;
};

describe('the store', () => {
  it('keeps so many series and no more, whatever names come', () => {
    const store = new Store(new TimeWindow(), () => 1_000);
    store.want(ALL);
    for (let i = 0; i < 1_500; i++) store.accept(disk(i * 1_000, `disk${i}`), null);
    expect(store.names(ALL)).toHaveLength(1_024);
    const times = [1_000];
    const series = Object.fromEntries(['disk0', 'new'].map((name) => [`disk.devices.busy:${name}`, { avg: [5] }]));
    store.fill([ALL], { cursor: null, from: 0, to: 1_000, stepMs: 1_000, times, series }, false);
    expect(store.names(ALL)).toHaveLength(1_024);
    // Those that are not there any more make room.
    store.fill([ALL], { cursor: null, from: 0, to: 1_000, stepMs: 1_000, times, series }, true);
    expect(store.names(ALL)).toEqual(['disk.devices.busy:disk0', 'disk.devices.busy:new']);
  });

  it('takes no more wishes than it could fulfil', () => {
    const store = new Store(new TimeWindow(), () => 1_000);
    for (let i = 0; i < 1_500; i++) store.want(`disk.devices.busy:disk${i}`);
    expect(store.wanted).toHaveLength(1_024);
  });

  it('counts a sample once for a series that is asked for by name and with all others', () => {
    const store = new Store(new TimeWindow(), () => 1_000);
    for (const name of [ALL, 'disk.devices.busy:sda']) store.want(name);
    store.accept(disk(500, 'sda'), null);
    expect([...(store.steps('disk.devices.busy:sda')?.points().times ?? [])]).toEqual([500]);
  });
});
