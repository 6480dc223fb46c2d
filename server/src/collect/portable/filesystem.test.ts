import { expect, it } from 'vitest';
import { fakeCalls } from '../../testing/fake-calls.ts';
import type { Sample } from '../collector.ts';
import { portableFilesystem } from './filesystem.ts';

const { derive } = portableFilesystem(fakeCalls({}));
type Reading = Parameters<typeof derive>[0];

/** fsSize() of systeminformation 5.33.23 on a Linux machine. */
const root = {
  ...{ fs: '/dev/vda', type: 'ext4', size: 270_553_174_016, used: 24_643_063_808, available: 84_301_230_080 },
  ...{ use: 22.62, mount: '/', rw: true },
};
async function look(...filesystem: object[]) {
  const { reading, faults } = (await portableFilesystem(fakeCalls({ filesystem })).read()) as Sample<Reading>;
  const passing = faults.filter(({ permanent }) => !permanent);
  return { mounts: derive(reading, null, null).mounts, faults, passing };
}

it('tells a file system as df does', async () => {
  const { mounts, faults } = await look(root);
  expect(mounts).toEqual([
    {
      ...{ name: '/', device: '/dev/vda', type: 'ext4', totalBytes: 270_553_174_016, usedBytes: 24_643_063_808 },
      // 24643063808 / (24643063808 + 84301230080)
      ...{ availableBytes: 84_301_230_080, usedPercent: 22.62, inodesTotal: null, inodesUsed: null, readOnly: false },
    },
  ]);
  expect(faults).toMatchObject([{ fields: ['mounts.inodesTotal', 'mounts.inodesUsed'], permanent: true }]);
});

it('sorts them as people do, leaves out what has no size, and shows what covers another at the same place', async () => {
  const at = (mount: string, own: object = {}) => ({ ...root, mount, ...own });
  const { mounts } = await look(at('/d10'), at('/d2'), at('/dev', { size: 0 }), at('/d2', { fs: '/dev/vdb' }), at(''));
  expect(mounts.map(({ name, device }) => [name, device])).toEqual([
    ['/d2', '/dev/vdb'],
    ['/d10', '/dev/vda'],
  ]);
});

it.each<[string, object, boolean | null]>([
  ['a device that is mounted read-only', { rw: false }, true],
  ['a drive of Windows', { fs: 'C:', mount: 'C:', rw: true }, false],
  ['a file server, of which the library looks for no mount', { fs: 'nas:/home', type: 'nfs4', rw: false }, null],
  ['a pool, likewise', { fs: 'tank/home', type: 'zfs', rw: false }, null],
  ['what is not known', { rw: null }, null],
])('of %s says whether it is read-only: %j', async (_, own, readOnly) => {
  const { mounts, faults } = await look({ ...root, ...own });
  expect(mounts).toMatchObject([{ readOnly }]);
  const isNamed = faults.some(({ fields, permanent }) => permanent && fields.includes('mounts.readOnly'));
  expect(isNamed).toBe(readOnly === null);
});

it.each([
  ['no numbers', { used: Number.NaN }, { usedBytes: null, usedPercent: null }],
  ['more used than there is', { used: 3e11 }, { usedBytes: null, usedPercent: null }],
  ['less than nothing', { available: -1 }, { availableBytes: null, usedPercent: null }],
  ['a size that is none', { size: Number.NaN }, { totalBytes: null, usedBytes: null }],
])('takes %s for a fault', async (_, own, values) => {
  const { mounts, passing } = await look({ ...root, ...own }, { ...root, mount: '/fine' });
  expect(mounts).toMatchObject([values, { name: '/fine', usedPercent: 22.62 }]);
  expect(passing).toMatchObject([{ fields: expect.arrayContaining(Object.keys(values).map((f) => `mounts.${f}`)) }]);
});

it('shows 512 of them, and says so', async () => {
  const { mounts, passing } = await look(...Array.from({ length: 600 }, (_, i) => ({ ...root, mount: `/m${i}` })));
  expect(mounts).toHaveLength(512);
  expect(passing).toMatchObject([{ fields: ['mounts'] }]);
});

it('does not believe that there is none', async () => {
  await expect(look()).rejects.toThrow('systeminformation told no file system');
  await expect(look({ ...root, size: 0 })).rejects.toThrow('systeminformation told no file system');
});
