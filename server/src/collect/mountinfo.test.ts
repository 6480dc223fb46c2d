import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Mount, parseMountinfo, parseMounts, reachable } from './mountinfo.ts';

const parsed = (text: string) => parseMountinfo(text) as readonly Mount[];
/** A line with what these tests need. */
const line = (id: number, parent: number, point: string, fileSystem = `8:${id}`) =>
  `${id} ${parent} ${fileSystem} / ${point} rw - ext4 /dev/sd rw\n`;
const reached = (text: string) => parsed(text).filter(reachable(parsed(text)));

describe('parseMountinfo', () => {
  it('reads the example of the manual', () => {
    expect(parsed('36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n')).toEqual([
      {
        ...{ id: '36', parent: '35', fileSystem: '98:0', root: '/mnt1', point: '/mnt2' },
        ...{ type: 'ext3', source: '/dev/root', readOnly: false },
      },
    ]);
  });

  it.each([
    ['none', '27 1 254:0 / / rw - ext4 /dev/vda rw'],
    ['several', '27 1 254:0 / / rw shared:1 master:2 unbindable - ext4 /dev/vda rw'],
  ])('passes over optional fields: %s', (_, text) => {
    expect(parsed(`${text}\n`)[0]).toMatchObject({ type: 'ext4', source: '/dev/vda' });
  });

  it('reads white space and backslashes in names', () => {
    const text = String.raw`9 1 0:9 /a\040b /mnt/x\011y\012z\134040\043 rw - fuse.a //srv/my\040files rw`;
    const [mount] = parsed(`${text}\n`);
    expect(mount).toMatchObject({ root: '/a b', point: '/mnt/x\ty\nz\\040#', source: '//srv/my files' });
  });

  it('reads a source that is empty', () => {
    expect(parsed('9 1 0:9 / /mnt rw - 9p  rw,trans=virtio\n')[0]).toMatchObject({ type: '9p', source: '' });
  });

  it.each([
    ['rw', 'rw,errors=remount-ro', false],
    ['ro,relatime', 'rw', true],
    ['rw', 'ro', true],
  ])('takes a mount with %s of a file system with %s for read-only: %s', (mount, fileSystem, readOnly) => {
    expect(parsed(`9 1 8:1 / /mnt ${mount} - ext4 /dev/sda1 ${fileSystem}\n`)[0]?.readOnly).toBe(readOnly);
  });

  it.each([
    ['nothing', ''],
    ['a last line that stops', '27 1 254:0 / / rw - ext4 /dev/vda rw\n28 27 8:1 / /mnt rw - ext4 /dev/s'],
    ['no dash', '27 1 254:0 / / rw shared:1 ext4 /dev/vda rw\n'],
    ['nothing after the dash', '27 1 254:0 / / rw -\n'],
    ['no device number', '27 1 vda / / rw - ext4 /dev/vda rw\n'],
    ['a mount point that is no path', '27 1 254:0 / mnt rw - ext4 /dev/vda rw\n'],
    ['an empty line', '\n'],
    ['the other file', '/dev/vda / ext4 rw,relatime 0 0\n'],
    ['something else', '{"/": 5}\n'],
  ])('refuses %s', (_, text) => expect(parseMountinfo(text)).toBeInstanceOf(Error));

  it('never throws, and neither does what reads its answer', () => {
    const word = fc.constantFrom('1', '2', '8:1', '/', '/mnt', '/mnt/a', '-', 'rw', 'ext4', '');
    const lines = fc.array(
      fc.oneof(
        fc.string(),
        fc.array(word, { minLength: 9, maxLength: 11 }).map((w) => w.join(' ')),
      ),
    );
    fc.assert(
      fc.property(lines, (text) => {
        const mounts = parseMountinfo(`${text.join('\n')}\n`);
        if (!(mounts instanceof Error)) mounts.filter(reachable(mounts));
      }),
    );
  });
});

describe('parseMounts', () => {
  it('reads the older file, which tells less', () => {
    expect(parseMounts('/dev/sda1 /mnt/my\\040disk ext4 ro,relatime 0 0\nnas:/a /a nfs rw 0 0\n')).toEqual([
      {
        ...{ id: null, parent: null, fileSystem: '/dev/sda1', root: '', point: '/mnt/my disk' },
        ...{ type: 'ext4', source: '/dev/sda1', readOnly: true },
      },
      {
        ...{ id: null, parent: null, fileSystem: 'nas:/a /a', root: '', point: '/a' },
        ...{ type: 'nfs', source: 'nas:/a', readOnly: false },
      },
    ]);
  });

  it.each(['', '/dev/sda1 / ext4\n', '/dev/sda1 / ext4 rw 0 0', '\n'])('refuses %j', (text) => {
    expect(parseMounts(text)).toBeInstanceOf(Error);
  });
});

describe('reachable', () => {
  const points = (text: string) => reached(text).map(({ id, point }) => `${id} ${point}`);

  it('knows mounts that were there before the root, as an initial RAM disk makes them', () => {
    expect(points(line(22, 27, '/proc') + line(27, 1, '/') + line(30, 27, '/home'))).toEqual([
      '22 /proc',
      '27 /',
      '30 /home',
    ]);
  });

  it('takes the upper one of two at the same point', () => {
    expect(points(line(1, 1, '/') + line(27, 1, '/') + line(30, 27, '/mnt') + line(31, 30, '/mnt'))).toEqual([
      '27 /',
      '31 /mnt',
    ]);
  });

  it('leaves out what is below a folder that something was mounted on later', () => {
    const text = line(27, 1, '/') + line(30, 27, '/mnt/a') + line(31, 27, '/mnt');
    expect(points(text)).toEqual(['27 /', '31 /mnt']);
    expect(points(text + line(32, 31, '/mnt/a'))).toEqual(['27 /', '31 /mnt', '32 /mnt/a']);
  });

  it('does not take a name for a folder because another begins with it', () => {
    expect(points(line(27, 1, '/') + line(30, 27, '/mnt/ab') + line(31, 27, '/mnt/a'))).toHaveLength(3);
  });

  it('finds its way where the root is no mount of its own', () => {
    expect(points(line(40, 9, '/proc') + line(41, 9, '/srv'))).toEqual(['40 /proc', '41 /srv']);
  });

  it('comes to an end where mounts stand on each other in a circle', () => {
    expect(points(line(1, 2, '/') + line(2, 1, '/'))).toBeInstanceOf(Array);
    expect(points(line(5, 9, '/') + line(1, 2, '/a') + line(2, 1, '/a'))).toEqual(['5 /']);
  });

  it('takes the later line where nothing tells what stands on what', () => {
    const mounts = parseMounts('rootfs / rootfs rw 0 0\n/dev/sda1 / ext4 rw 0 0\n') as readonly Mount[];
    expect(mounts.filter(reachable(mounts)).map(({ type }) => type)).toEqual(['ext4']);
  });
});
