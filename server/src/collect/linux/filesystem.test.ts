import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { fakeFiles } from '../../testing/fake-files.ts';
import type { Look, Sample } from '../collector.ts';
import type { FileSystemSizes } from '../file-system-sizes.ts';
import { type FileSystemReading, linuxFilesystem } from './filesystem.ts';

/** A virtual machine with Linux 6.18, shortened. */
const RECORDED = `22 27 0:21 / /proc rw,relatime - proc proc rw
23 27 0:22 / /sys rw,relatime - sysfs sysfs rw
24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw,size=12334460k,nr_inodes=3083615,mode=755
25 24 0:23 / /dev/shm rw,relatime - tmpfs tmpfs rw,size=24684084k
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard,resv_strict,resuid=65534,resgid=65534
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
42 27 254:0 /run/netns /run/netns rw,relatime shared:1 - ext4 /dev/vda rw,discard
43 42 0:4 net:[4026532177] /run/netns/nb rw shared:2 - nsfs nsfs rw
`;
/** What Docker gives a container: a volume, a single file, and the three that it always puts into /etc. */
const CONTAINER = `601 500 0:52 / / rw,relatime master:180 - overlay overlay rw,lowerdir=/l/A:/l/B,upperdir=/u,workdir=/w
602 601 0:55 / /proc rw,nosuid - proc proc rw
603 601 0:56 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
610 601 8:1 /srv/app.conf /app.conf rw,relatime - ext4 /dev/sda1 rw
611 601 8:1 /var/lib/docker/volumes/data/_data /var/data rw,relatime - ext4 /dev/sda1 rw
612 601 8:1 /var/lib/docker/containers/2c/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/sda1 rw
613 601 8:1 /var/lib/docker/containers/2c/hostname /etc/hostname rw,relatime - ext4 /dev/sda1 rw
614 601 8:1 /var/lib/docker/containers/2c/hosts /etc/hosts rw,relatime - ext4 /dev/sda1 rw
`;
const ROOT = '27 1 254:0 / / rw - ext4 /dev/vda rw\n';
const GIB = 2 ** 30;
const SIZES: FileSystemSizes = {
  ...{ totalBytes: 100 * GIB, freeBytes: 40 * GIB, availableBytes: 30 * GIB },
  ...{ inodes: 1_000, inodesFree: 900 },
};
const SIZE_FIELDS = ['totalBytes', 'usedBytes', 'availableBytes', 'usedPercent', 'inodesTotal', 'inodesUsed'].map(
  (field) => `mounts.${field}`,
);

/** Lines for mounts below the root, each of a file system of its own. */
const mounts = (...lines: readonly (readonly [point: string, type: string, source?: string])[]) =>
  ROOT +
  lines
    .map(([point, type, source = '/dev/sd'], i) => `${50 + i} 27 0:${50 + i} / ${point} rw - ${type} ${source} rw\n`)
    .join('');

/** Calls that stay under way until they are answered. */
class Calls {
  readonly open = new Map<string, (answer: FileSystemSizes | Error) => void>();
  /** Every path that was asked about, in order. */
  readonly asked: string[] = [];
  readonly #hangs: (path: string) => boolean;

  constructor(hangs: (path: string) => boolean) {
    this.#hangs = hangs;
  }

  readonly statFs = (path: string): Promise<FileSystemSizes> => {
    this.asked.push(path);
    if (!this.#hangs(path)) return Promise.resolve(SIZES);
    return new Promise((resolve, reject) => {
      this.open.set(path, (answer) => {
        this.open.delete(path);
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      });
    });
  };
}

function machine(mountinfo: string | (() => string), statFs: (path: string) => Promise<FileSystemSizes>) {
  const clock = new FakeClock();
  const files = { ...fakeFiles({}), proc: () => (typeof mountinfo === 'string' ? mountinfo : mountinfo()) };
  const collector = linuxFilesystem(files, { statFs, after: (ms, run) => clock.after(ms, run) });
  const toEvent = (look: Look<FileSystemReading>) => {
    const { reading, faults } = look as Sample<FileSystemReading>;
    return { mounts: collector.derive(reading, null, null).mounts, faults };
  };
  /** Lets everything run that waits for nothing but its turn. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    read: async () => toEvent(await collector.read()),
    /** One look with mounts that hang: the time it may take passes. */
    async readLate() {
      const look = Promise.resolve(collector.read());
      await settle();
      clock.advance(2_000);
      return toEvent(await look);
    },
    settle,
  };
}
const answering = async () => SIZES;
const told = async (mountinfo: string) => {
  const { mounts: list } = await machine(mountinfo, answering).read();
  return list.map(({ name }) => name);
};
const failing = (code: string) => Object.assign(new Error(`${code}: something, statfs`), { code });

describe('the file systems of Linux', () => {
  it('are told with their sizes, as df tells them', async () => {
    expect(await machine(RECORDED, answering).read()).toEqual({
      mounts: [
        {
          ...{ name: '/', device: '/dev/vda', type: 'ext4', readOnly: false },
          ...{ totalBytes: 100 * GIB, usedBytes: 60 * GIB, availableBytes: 30 * GIB },
          usedPercent: 66.67, // 60 of 60 + 30: ten are kept back for root
          ...{ inodesTotal: 1_000, inodesUsed: 100 },
        },
      ],
      faults: [],
    });
  });

  it('have no inodes to run out of where the kernel says 0, or more free than there are', async () => {
    for (const inodes of [
      { inodes: 0, inodesFree: 0 },
      { inodes: 5, inodesFree: 1e9 },
    ]) {
      const { mounts: list, faults } = await machine(ROOT, async () => ({ ...SIZES, ...inodes })).read();
      expect(list[0]).toMatchObject({ inodesTotal: null, inodesUsed: null, totalBytes: 100 * GIB });
      expect(faults).toEqual([]);
    }
  });

  it('have no share in use where nothing can be used', async () => {
    const nothing = { totalBytes: 10, freeBytes: 10, availableBytes: 0, inodes: 0, inodesFree: 0 };
    const { mounts: list } = await machine(ROOT, async () => nothing).read();
    expect(list[0]).toMatchObject({ usedBytes: 0, usedPercent: null });
  });

  it.each([
    [
      'what is not the kernel’s own',
      mounts(['/mnt', 'xfs'], ['/run', 'tmpfs'], ['/snap/a/1', 'squashfs']),
      ['/', '/mnt'],
    ],
    ['layers over others only at the root', mounts(['/var/x/merged', 'overlay'], ['/mnt', 'aufs']), ['/']],
    ['nothing that is always full', mounts(['/media/cd', 'iso9660'], ['/tmp/.mount_appX', 'fuse.X.AppImage']), ['/']],
    [
      'a dataset of ZFS each, but no snapshot',
      mounts(['/t', 'zfs', 't'], ['/u', 'zfs', 't/u'], ['/s', 'zfs', 't@s']),
      ['/', '/t', '/u'],
    ],
    [
      'nothing of containers’ own',
      mounts(['/var/lib/docker/zfs/graph/1', 'zfs', 't/1'], ['/var/lib/docker', 'ext4']),
      ['/', '/var/lib/docker'],
    ],
    [
      'what comes over the network',
      mounts(['/nas', 'nfs4', 'nas:/a'], ['/win', 'cifs', '//win/a'], ['/h', 'fuse.sshfs', 'h:']),
      ['/', '/h', '/nas', '/win'],
    ],
    [
      'subvolumes of btrfs once',
      '27 1 0:30 /@ / rw - btrfs /dev/sda2 rw\n28 27 0:30 /@home /home rw - btrfs /dev/sda2 rw\n29 27 0:30 / /mnt/all rw - btrfs /dev/sda2 rw\n',
      ['/'],
    ],
    [
      'subvolumes of btrfs under the mount that shows all',
      `${ROOT}28 27 0:30 /@home /home rw - btrfs /dev/sda2 rw\n29 27 0:30 / /mnt/all rw - btrfs /dev/sda2 rw\n`,
      ['/', '/mnt/all'],
    ],
    [
      'a mount that shows all rather than one with a shorter path',
      `${ROOT}28 27 8:1 /a /a rw - ext4 /dev/sda1 rw\n29 27 8:1 / /mnt/disk rw - ext4 /dev/sda1 rw\n`,
      ['/', '/mnt/disk'],
    ],
    [
      'the shorter path of two that show all',
      `${ROOT}28 27 8:1 / /mnt/disk rw - ext4 /dev/sda1 rw\n29 27 8:1 / /srv rw - ext4 /dev/sda1 rw\n`,
      ['/', '/srv'],
    ],
    [
      'a root that is a part of its file system (LXC, OSTree)',
      '27 1 8:1 /lxc/a / rw - ext4 /dev/sda1 rw\n28 27 8:1 / /sysroot rw - ext4 /dev/sda1 rw\n',
      ['/'],
    ],
    ['a share of which a folder is mounted', `${ROOT}28 27 0:40 /sub /win rw - cifs //win/a rw\n`, ['/', '/win']],
    [
      'one that another covers',
      `${ROOT}28 27 8:1 / /mnt rw - ext4 /dev/sda1 rw\n29 28 8:2 / /mnt rw - xfs /dev/sdb1 rw\n`,
      ['/', '/mnt'],
    ],
    ['the order of people', mounts(['/mnt/10', 'xfs'], ['/mnt/9', 'xfs']), ['/', '/mnt/9', '/mnt/10']],
  ])('are %s', async (_, mountinfo, expected) => expect(await told(mountinfo)).toEqual(expected));

  it('say of covered ones what the path leads to', async () => {
    const text = `${ROOT}28 27 8:1 / /mnt rw - ext4 /dev/sda1 rw\n29 28 8:2 / /mnt ro - xfs /dev/sdb1 rw\n`;
    const { mounts: list } = await machine(text, answering).read();
    expect(list[1]).toMatchObject({ name: '/mnt', device: '/dev/sdb1', type: 'xfs', readOnly: true });
  });

  it('are in a container its root and its folders, but no single files', async () => {
    const statFs = async (path: string) => {
      // What the kernel says of a path with a slash at its end.
      if (path === '/app.conf/') throw failing('ENOTDIR');
      return SIZES;
    };
    const { read } = machine(CONTAINER, statFs);
    expect((await read()).mounts.map(({ name }) => name)).toEqual(['/']);
    // Now it is known that the shortest path of this file system is a file.
    const { mounts: list, faults } = await read();
    expect(list.map(({ name, type }) => [name, type])).toEqual([
      ['/', 'overlay'],
      ['/var/data', 'ext4'],
    ]);
    expect(faults).toEqual([]);
  });

  it('are found at a path where a single file was before', async () => {
    const part = (root: string) => `${ROOT}28 27 8:1 ${root} /data rw - ext4 /dev/sda1 rw\n`;
    let text = part('/file');
    const { read } = machine(
      () => text,
      async (path) => {
        if (path === '/data/' && text === part('/file')) throw failing('ENOTDIR');
        return SIZES;
      },
    );
    for (let i = 0; i < 2; i++) expect((await read()).mounts.map(({ name }) => name)).toEqual(['/']);
    text = ROOT;
    await read();
    text = part('/folder');
    expect((await read()).mounts.map(({ name }) => name)).toEqual(['/', '/data']);
  });

  it('are told by the older file where there is no other', async () => {
    const text =
      'rootfs / rootfs rw 0 0\n/dev/sda1 / ext4 rw 0 0\n/dev/sda1 /mnt/again ext4 rw 0 0\nproc /proc proc rw 0 0\n';
    const look = await linuxFilesystem(fakeFiles({ mounts: text }), {
      statFs: answering,
      after: () => () => {},
    }).read();
    expect(look?.reading.map(({ mount: { point, type } }) => [point, type])).toEqual([['/', 'ext4']]);
  });

  it('are none where they have no size', async () => {
    const { mounts: list, faults } = await machine(mounts(['/odd', 'fuse.odd']), async (path) =>
      path === '/odd' ? { totalBytes: 0, freeBytes: 0, availableBytes: 0, inodes: 0, inodesFree: 0 } : SIZES,
    ).read();
    expect([list.length, faults.length]).toEqual([1, 0]);
  });

  it.each([
    ['more free than there is', { freeBytes: 200 * GIB }],
    ['a number below zero', { availableBytes: -1 }],
    ['more available than there is', { availableBytes: 2 ** 64 }],
    ['no number', { totalBytes: Number.NaN }],
  ])('are null, and why, where one says %s', async (_, nonsense) => {
    const { mounts: list, faults } = await machine(mounts(['/odd', 'fuse.odd']), async (path) =>
      path === '/odd' ? { ...SIZES, ...nonsense } : SIZES,
    ).read();
    expect(list[1]).toMatchObject({ name: '/odd', type: 'fuse.odd', totalBytes: null, usedPercent: null });
    expect(list[0]).toMatchObject({ totalBytes: 100 * GIB });
    expect(faults).toEqual([{ fields: SIZE_FIELDS, reason: '/odd says what cannot be' }]);
  });

  it.each([
    ['EACCES', '/secret may not be read by this user'],
    ['EIO', '/secret cannot be read: EIO'],
    ['ENOTDIR', '/secret cannot be read: ENOTDIR'],
  ])('are null, and why, where asking fails with %s', async (code, reason) => {
    const { mounts: list, faults } = await machine(mounts(['/secret', 'ext4']), async (path) => {
      if (path === '/secret') throw failing(code);
      return SIZES;
    }).read();
    expect(list[1]).toMatchObject({ name: '/secret', totalBytes: null, inodesUsed: null });
    expect(faults).toEqual([{ fields: SIZE_FIELDS, reason }]);
  });

  it('of another machine are listed without sizes, at once', () => {
    const collector = linuxFilesystem(fakeFiles({ 'self/mountinfo': mounts(['/mnt', 'xfs']) }), null);
    const look = collector.read() as Sample<FileSystemReading>;
    expect(look.faults).toEqual([
      { fields: SIZE_FIELDS, reason: 'sizes are not in the files of a machine', permanent: true },
    ]);
    expect(collector.derive(look.reading, null, null).mounts).toEqual(
      [
        { name: '/', device: '/dev/vda', type: 'ext4', readOnly: false },
        { name: '/mnt', device: '/dev/sd', type: 'xfs', readOnly: false },
      ].map((mount) => ({
        ...mount,
        ...{ totalBytes: null, usedBytes: null, availableBytes: null, usedPercent: null },
        ...{ inodesTotal: null, inodesUsed: null },
      })),
    );
  });

  it.each(['', 'nonsense\n', ROOT.slice(0, -5)])('are none, and why, where the file says %j', (text) => {
    const look = linuxFilesystem(fakeFiles({ 'self/mountinfo': text }), null).read() as Sample<FileSystemReading>;
    expect(look.reading).toEqual([]);
    expect(look.faults).toMatchObject([{ fields: ['mounts'], reason: expect.stringContaining('mountinfo') }]);
  });

  it('are none, and why, where there is no file', () => {
    const look = linuxFilesystem(fakeFiles({}), null).read() as Sample<FileSystemReading>;
    expect(look.faults).toEqual([{ fields: ['mounts'], reason: '/proc/self/mountinfo does not exist' }]);
  });

  it('are listed as far as can be borne, with a fault', async () => {
    const many = Array.from({ length: 600 }, (_, i) => [`/mnt/${i}`, 'ext4'] as const);
    const { mounts: list, faults } = await machine(mounts(...many), answering).read();
    expect(list).toHaveLength(512);
    expect(faults).toEqual([{ fields: ['mounts'], reason: 'only the first 512 mounts are shown' }]);
  });

  it.each(['/__proto__', '/constructor', '/$(id)', '/../..', '/<img>', '/\u202eünï', '/ \n\u001b[31m'])(
    'take the name %j for nothing but a name',
    async (point) => {
      const written = point.replaceAll(' ', '\\040').replaceAll('\n', '\\012');
      const calls = new Calls(() => false);
      const { mounts: list } = await machine(mounts([written, 'ext4']), calls.statFs).read();
      expect(list[1]).toMatchObject({ name: point, totalBytes: 100 * GIB });
      expect(calls.asked).toContain(point);
    },
  );

  it('never ask about a path that is longer than a path can be', async () => {
    expect(await told(mounts([`/${'a/'.repeat(3_000)}b`, 'ext4']))).toEqual(['/']);
  });
});

describe('a file system that does not answer', () => {
  const dead = mounts(['/mnt', 'xfs'], ['/nas', 'nfs4', 'nas:/a']);

  it('holds a look up for two seconds, is null, and named', async () => {
    const calls = new Calls((path) => path === '/nas');
    const { clock, readLate } = machine(dead, calls.statFs);
    const { mounts: list, faults } = await readLate();
    expect(list.map(({ name, totalBytes, usedPercent }) => [name, totalBytes, usedPercent])).toEqual([
      ['/', 100 * GIB, 66.67],
      ['/mnt', 100 * GIB, 66.67],
      ['/nas', null, null],
    ]);
    expect(list[2]).toMatchObject({ device: 'nas:/a', type: 'nfs4', readOnly: false });
    expect(faults).toEqual([{ fields: SIZE_FIELDS, reason: '/nas does not answer' }]);
    expect(clock.timers).toBe(0);
  });

  it('is not asked again and holds nothing up while its call is under way, and comes back when it has settled', async () => {
    const calls = new Calls((path) => path === '/nas');
    const { read, readLate, settle } = machine(dead, calls.statFs);
    const first = await readLate();
    for (let i = 0; i < 3; i++) expect(await read()).toEqual(first);
    expect(calls.asked.filter((path) => path === '/nas')).toEqual(['/nas']);
    calls.open.get('/nas')?.(SIZES);
    await settle();
    const look = read();
    await settle();
    calls.open.get('/nas')?.({ ...SIZES, freeBytes: 0 });
    const { mounts: list, faults } = await look;
    expect(list[2]).toMatchObject({ name: '/nas', usedBytes: 100 * GIB });
    expect(faults).toEqual([]);
  });

  it('that fails in the end is asked again, too', async () => {
    const calls = new Calls((path) => path === '/nas');
    const { read, readLate, settle } = machine(dead, calls.statFs);
    await readLate();
    calls.open.get('/nas')?.(failing('ETIMEDOUT'));
    await settle();
    const look = read();
    await settle();
    calls.open.get('/nas')?.(failing('EIO'));
    expect((await look).faults).toEqual([{ fields: SIZE_FIELDS, reason: '/nas cannot be read: EIO' }]);
  });

  it('may throw at once', async () => {
    const { faults } = await machine(ROOT, () => {
      throw new Error('is broken');
    }).read();
    expect(faults).toEqual([{ fields: SIZE_FIELDS, reason: '/ is broken' }]);
  });

  it('is the only one that is asked over the network; local ones go on', async () => {
    const remote = ['nfs', 'nfs4', 'cifs', 'smb3', 'fuse.sshfs', 'ceph', '9p'].map(
      (type, i) => [`/n${i}`, type] as const,
    );
    const calls = new Calls((path) => path.startsWith('/n'));
    const { read, readLate } = machine(mounts(...remote, ['/mnt', 'xfs']), calls.statFs);
    const { mounts: list, faults } = await readLate();
    await read();
    expect([...calls.open.keys()]).toEqual(['/n0']);
    expect(list.filter(({ totalBytes }) => totalBytes !== null).map(({ name }) => name)).toEqual(['/', '/mnt']);
    expect(faults).toEqual([
      {
        fields: SIZE_FIELDS,
        reason:
          '/n0 does not answer; /n1 is not asked while /n0 does not answer; /n2 is not asked while /n0 does not answer; and others',
      },
    ]);
  });

  it('that is local leaves room for the others, and two of them leave a thread for the network', async () => {
    const calls = new Calls((path) => path.startsWith('/dead'));
    const one = machine(mounts(['/dead1', 'ext4'], ['/mnt', 'xfs']), calls.statFs);
    expect((await one.readLate()).mounts.map(({ totalBytes }) => totalBytes !== null)).toEqual([true, false, true]);
    expect((await one.read()).mounts.map(({ totalBytes }) => totalBytes !== null)).toEqual([true, false, true]);

    const others = new Calls((path) => path.startsWith('/dead'));
    const names = ['/dead1', '/dead2', '/dead3', '/dead4'].map((point) => [point, 'ext4'] as const);
    const many = machine(mounts(...names, ['/nas', 'nfs']), others.statFs);
    for (let i = 0; i < 3; i++) await many.readLate();
    expect([...others.open.keys()]).toEqual(['/dead1', '/dead2']);
    expect(others.asked.filter((path) => path === '/nas')).toHaveLength(3);
  });

  it('and was unmounted is not told any more, and still not asked anew', async () => {
    let text = dead;
    const calls = new Calls((path) => path === '/nas');
    const { read, readLate } = machine(() => text, calls.statFs);
    await readLate();
    text = ROOT;
    expect((await read()).faults).toEqual([]);
    text = dead;
    expect((await read()).faults).toMatchObject([{ reason: '/nas does not answer' }]);
    expect(calls.asked.filter((path) => path === '/nas')).toHaveLength(1);
  });

  it('answers too late for the look that asked, which has been told by then', async () => {
    const calls = new Calls((path) => path === '/nas');
    const { readLate, settle } = machine(dead, calls.statFs);
    const { mounts: list } = await readLate();
    calls.open.get('/nas')?.(SIZES);
    await settle();
    expect(list[2]?.totalBytes).toBeNull();
  });

  it('is not waited for when everything has answered', async () => {
    const { clock, read } = machine(dead, answering);
    await read();
    expect(clock.timers).toBe(0);
    expect(clock.monotonic()).toBe(0);
  });
});
