import { describe, expect, it } from 'vitest';
import { fakeCalls } from '../../testing/fake-calls.ts';
import type { Sample } from '../collector.ts';
import { portableNetwork } from './network.ts';

const { derive } = portableNetwork(fakeCalls({}));
type Reading = Parameters<typeof derive>[0];

const stats = (bytes: number, own: object = {}) => ({
  ...{
    operstate: 'up',
    rx_bytes: bytes,
    tx_bytes: 2 * bytes,
    rx_errors: 0,
    tx_errors: 0,
    rx_dropped: 1,
    tx_dropped: 0,
  },
  ...{ rx_sec: null, tx_sec: null, ms: 0 },
  ...own,
});
const named = (name: string, counters: object | null, internal = false) => ({ name, internal, counters });
const LO = named('lo', stats(5_000, { operstate: 'unknown' }), true);

async function look(interfaces: object[], measuredAt = 0, isComplete = true): Promise<Sample<Reading>> {
  const network = { measuredAt, interfaces, isComplete };
  return (await portableNetwork(fakeCalls({ network })).read()) as Sample<Reading>;
}
const between = async (before: object[], now: object[], elapsedMs = 2_000) =>
  derive((await look(now, 10_000 + elapsedMs)).reading, (await look(before, 10_000)).reading, elapsedMs);

it('tells rates over the time between two measurements, and totals of all but loopback', async () => {
  const values = await between([LO, named('en0', stats(1_000))], [LO, named('en0', stats(4_000, { rx_dropped: 5 }))]);
  expect(values).toMatchObject({ rxBytesPerSecond: 1_500, txBytesPerSecond: 3_000, totalOf: 'all', tcp: null });
  expect(values.interfaces).toMatchObject([
    { name: 'en0', kind: null, up: true, rxBytesPerSecond: 1_500, rxDropsPerSecond: 2, rxBytes: 4_000, reset: false },
    { name: 'lo', kind: 'loopback', up: true, rxBytesPerSecond: 0, txBytes: 10_000 },
  ]);
});

it('divides by the time that was measured, not by what was asked for', async () => {
  const before = (await look([named('en0', stats(0))], 0)).reading;
  const now = (await look([named('en0', stats(600))], 600)).reading;
  expect(derive(now, before, 1_000)).toMatchObject({ rxBytesPerSecond: 1_000 });
  // The library had not looked again meanwhile.
  expect(derive(now, now, 100)).toMatchObject({ rxBytesPerSecond: null, txBytesPerSecond: null });
});

it('tells a counter that went back, and an interface that is new, from a rate', async () => {
  const values = await between([named('en0', stats(9_000))], [named('en0', stats(10)), named('en1', stats(7_000))]);
  expect(values.interfaces).toMatchObject([
    { name: 'en0', reset: true, rxBytesPerSecond: null, rxBytes: 10 },
    { name: 'en1', reset: false, rxBytesPerSecond: null, rxBytes: 7_000 },
  ]);
});

describe('what could not be read', () => {
  const invented = { operstate: 'unknown', rx_bytes: 0, tx_bytes: 0, rx_dropped: 0 };

  it.each<[string, object | null]>([
    ['zeros that the library invented', stats(0, invented)],
    ['a name that it could not ask for', null],
    ['no number', stats(1, { tx_bytes: Number.NaN })],
    ['nothing where a number should be', stats(1, { rx_errors: null })],
    ['less than nothing', stats(-1)],
  ])('is null, with a fault: %s', async (_, counters) => {
    const { reading, faults } = await look([LO, named('en0', counters)]);
    const values = derive(reading, (await look([LO, named('en0', stats(7))])).reading, 1_000);
    expect(values.interfaces[0]).toMatchObject({ name: 'en0', up: null, rxBytes: null, rxBytesPerSecond: null });
    expect(values).toMatchObject({ rxBytesPerSecond: null, txBytesPerSecond: null });
    const [, fault] = faults;
    expect(fault).toMatchObject({ fields: expect.arrayContaining(['interfaces', 'rxBytesPerSecond']) });
    expect(fault).not.toHaveProperty('permanent');
  });

  it('does not become a rate when it comes back', async () => {
    const values = await between([named('en0', stats(0, invented))], [named('en0', stats(14_000_000_000))]);
    expect(values.interfaces).toMatchObject([{ rxBytes: 14_000_000_000, rxBytesPerSecond: null }]);
  });

  it('is not an interface that is really silent, of which the library has an earlier look', async () => {
    const { reading, faults } = await look([named('lo', stats(0, { ...invented, ms: 1_000 }), true)]);
    expect(faults).toHaveLength(1);
    expect(derive(reading, null, null).interfaces).toMatchObject([{ rxBytes: 0, up: true }]);
  });

  it('is said where there are more interfaces than are asked', async () => {
    expect((await look([LO], 0, false)).faults).toHaveLength(2);
  });

  it('takes the whole metric where Node cannot list them', async () => {
    const network = new Error("Cannot assign to read only property 'length' of function");
    await expect(portableNetwork(fakeCalls({ network })).read()).rejects.toThrow('Cannot assign');
  });
});

it.each(['constructor', '__proto__', 'toString', '<img>', 'Ethernet 2'])(
  'takes %j for nothing but a name',
  async (name) => {
    const values = await between([named(name, stats(0))], [named(name, stats(2_000))]);
    expect(values.interfaces).toMatchObject([{ name, rxBytesPerSecond: 1_000 }]);
  },
);
