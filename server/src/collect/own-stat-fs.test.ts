import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { OwnStatFs, toSizes } from './own-stat-fs.ts';

const FUSE = 0x65735546;
const told = { type: 0xef53, bsize: 4_096, blocks: 100, bfree: 50, bavail: 45, files: 1_000, ffree: 900 };

it('counts in the blocks that are counted', () => {
  const sizes = { totalBytes: 409_600, freeBytes: 204_800, availableBytes: 184_320, inodes: 1_000, inodesFree: 900 };
  expect(toSizes(told)).toEqual(sizes);
  expect(toSizes({ ...told, type: FUSE })).toEqual(sizes);
  expect(toSizes({ ...told, bsize: 131_072, frsize: 4_096, type: FUSE })).toEqual(sizes);
});

it('makes nothing up where it is not told which', () => {
  expect(() => toSizes({ ...told, type: FUSE, bsize: 131_072 })).toThrow('how large its blocks are');
});

it.runIf(process.platform === 'linux')('tells what df tells', async () => {
  const own = new OwnStatFs();
  const asked = own.ask('/');
  expect(own.hangs).toBe(true);
  const { totalBytes } = await asked;
  expect(own.hangs).toBe(false);
  const [, size] = execFileSync('df', ['-B1', '--output=size', '/'], { encoding: 'utf8' }).trim().split('\n');
  expect(totalBytes).toBe(Number(size));
});

it('passes a failure on, and hangs no more', async () => {
  const own = new OwnStatFs();
  await expect(own.ask('/nowhere/at/all')).rejects.toThrow('ENOENT');
  expect(own.hangs).toBe(false);
});
