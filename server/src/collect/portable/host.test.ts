import os from 'node:os';
import { expect, it } from 'vitest';
import { fakeCalls } from '../../testing/fake-calls.ts';
import { portableHost } from './host.ts';

const own = { machineId: 'm', release: null, arch: 'arm64', timezone: 'Europe/Vienna' };
const processor = { manufacturer: 'Apple', brand: 'M1', physicalCores: 1 };
const system = { distro: 'macOS', release: '14.5' };
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('answers at once with what Node knows, and with the rest once it was told', async () => {
  const calls = fakeCalls({ processor, system });
  const host = portableHost(calls, own, 1_800_000_000_000);
  const first = host();
  expect(first).toMatchObject({
    name: os.hostname(),
    os: { version: null, kernel: os.release(), arch: 'arm64' },
    cpu: { cores: null, threads: os.cpus().length },
    memory: { totalBytes: os.totalmem() },
    timezone: 'Europe/Vienna',
  });
  expect(first.id).toMatch(/^[0-9a-f]{16}$/);
  await settled();
  expect(host()).toMatchObject({ id: first.id, os: { name: 'macOS', version: '14.5' }, cpu: { cores: 1 } });
  await settled();
  expect(calls.asked).toEqual(['processor', 'system']);
});

it('takes the name of a Linux from its own file, and does not ask', async () => {
  const calls = fakeCalls({ processor });
  const host = portableHost(calls, { ...own, release: { name: 'Debian GNU/Linux', version: '12' } }, 0);
  expect(host().os).toMatchObject({ name: 'Debian GNU/Linux', version: '12' });
  await settled();
  expect(host().os).toMatchObject({ name: 'Debian GNU/Linux', version: '12' });
  expect(calls.asked).toEqual(['processor']);
});

it('asks again where it was not told', async () => {
  const calls = fakeCalls({ processor: new Error('systeminformation: no') });
  const host = portableHost(calls, own, 0);
  for (const times of [1, 2, 3]) {
    expect(host().cpu.cores).toBeNull();
    await settled();
    expect(calls.asked).toHaveLength(times);
  }
});

it.each([
  ['no cores', { ...processor, physicalCores: 0 }, system, { cores: null }],
  ['more cores than processors', { ...processor, physicalCores: 1_000 }, system, { cores: null }],
  ['no number of cores', { ...processor, physicalCores: Number.NaN }, system, { cores: null }],
])('does not believe %s', async (_, told, version, cpu) => {
  const host = portableHost(fakeCalls({ processor: told, system: version }), own, 0);
  host();
  await settled();
  expect(host()).toMatchObject({ cpu });
});

it('keeps the name that Node knows where the library says "unknown"', async () => {
  const host = portableHost(fakeCalls({ processor, system: { distro: 'unknown', release: 'unknown' } }), own, 0);
  const { name } = host().os;
  await settled();
  expect(host().os).toMatchObject({ name, version: null });
});
