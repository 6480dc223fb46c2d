import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HostFiles, openHostFiles } from '../collect/linux/files.ts';
import { type Snapshot, watchFiles } from './snapshot.ts';
import { writeSnapshot } from './write-snapshot.ts';

const FILES: Readonly<Record<string, string>> = {
  'proc/stat': 'cpu 1 2 3\n',
  'proc/1/stat': '1 (init) S\n',
  'proc/2/stat': '2 (sh) R\n',
  'proc/net/dev': '',
  'sys/devices/pci0/0000:00:03.0/vendor': '0x1af4\n',
  'sys/devices/pci0/0000:00:03.0/net/eth0/speed': '1000\n',
  'sys/devices/a/hwmon0/name': 'nvme\n',
};
const LINKS: Readonly<Record<string, string>> = {
  'sys/class/net/eth0': '../../devices/pci0/0000:00:03.0/net/eth0',
  'sys/devices/pci0/0000:00:03.0/net/eth0/device': '../../../0000:00:03.0',
  'sys/class/hwmon/hwmon0': '../../devices/a/hwmon0',
};

let root: string;
let machine: HostFiles;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-snapshot-'));
  for (const path of [...Object.keys(FILES), ...Object.keys(LINKS), 'sys/class/power_supply/x']) {
    mkdirSync(join(folder, 'machine', dirname(path)), { recursive: true });
  }
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(folder, 'machine', path), text);
  for (const [path, target] of Object.entries(LINKS)) symlinkSync(target, join(folder, 'machine', path));
  machine = openHostFiles(join(folder, 'machine/proc'), join(folder, 'machine/sys'));
  root = join(folder, 'recorded');
});
afterEach(() => rmSync(dirname(root), { recursive: true }));

function replay(snapshot: Snapshot): HostFiles {
  writeSnapshot(root, snapshot);
  return openHostFiles(join(root, 'proc'), join(root, 'sys'));
}

describe('a snapshot', () => {
  it('replays what was read: files, through links, links themselves and folders', () => {
    const watched = watchFiles(machine);
    const ask = (files: HostFiles) => [
      files.proc('stat'),
      files.proc('net/dev'),
      files.procOnce('1/stat'),
      files.sys('class/net/eth0/speed'),
      files.sysOnce('class/net/eth0/device/vendor'),
      files.sysLink('class/net/eth0'),
      files.sysLink('class/net/eth0/device'),
      files.procList('1'),
      files.sysList('class/hwmon'),
      files.sysList('class/net'),
      files.sysList('class/power_supply'),
    ];
    const asked = ask(watched);
    expect(asked[4]).toBe('0x1af4\n');
    expect(ask(replay(watched.snapshot))).toEqual(asked);
  });

  it('has the file where the kernel has it, so that every way to it leads there', () => {
    const watched = watchFiles(machine);
    watched.sysOnce('class/net/eth0/device/vendor');
    const files = replay(watched.snapshot);
    expect(files.sysOnce('devices/pci0/0000:00:03.0/vendor')).toBe('0x1af4\n');
  });

  it('lists what nobody read, and has nothing there', () => {
    const watched = watchFiles(machine);
    watched.procList('.');
    watched.procOnce('1/stat');
    const files = replay(watched.snapshot);
    expect([...(files.procList('.') as string[])].sort()).toEqual(['1', '2', 'net', 'stat']);
    expect(files.procOnce('1/stat')).toBe('1 (init) S\n');
    for (const absent of ['2/stat', 'stat', 'net/dev']) {
      expect(String(files.proc(absent))).toMatch(/does not exist$/);
      expect(String(files.procOnce(absent))).toMatch(/does not exist$/);
    }
    expect(String(files.procList('2'))).toMatch(/does not exist$/);
  });

  it('has nothing where there was nothing, and what could not be read cannot be read', () => {
    const watched = watchFiles({
      ...machine,
      procOnce: (name) =>
        new Error(name === '1/stat' ? `/proc/1/stat cannot be read: ESRCH` : `/proc/${name} does not exist`),
      procList: (name) => new Error(`/proc/${name} may not be read by this user`),
    });
    for (const name of ['1/stat', '7/stat']) watched.procOnce(name);
    watched.procList('1/fd');
    expect(watched.snapshot.unreadable).toEqual(
      new Map([
        ['proc/1/stat', { kind: 'file', reason: 'cannot be read: ESRCH' }],
        ['proc/1/fd', { kind: 'folder', reason: 'may not be read by this user' }],
      ]),
    );
    const files = replay(watched.snapshot);
    expect(String(files.procOnce('1/stat'))).toMatch(/is a directory$/);
    expect(String(files.procOnce('7/stat'))).toMatch(/does not exist$/);
    expect(String(files.procList('1/fd'))).toMatch(/ENOTDIR$/);
  });

  it('reads a file once, so that all who read it are told the same', () => {
    let reads = 0;
    const watched = watchFiles({ ...machine, proc: () => `${++reads}` });
    expect([watched.proc('stat'), watched.proc('stat'), watched.proc('./stat')]).toEqual(['1', '1', '1']);
  });

  it('never follows a link out of itself, and reads nothing beside its roots', () => {
    const outside = mkdtempSync(join(tmpdir(), 'telltale-outside-'));
    try {
      const links: Record<string, string> = { 'class/a': outside, 'class/b': `../../../../../../../..${outside}` };
      const watched = watchFiles({
        ...machine,
        sys: (name) => name,
        sysLink: (name) => links[name] ?? new Error(`${name} cannot be read: EINVAL`),
      });
      for (const name of ['class/a/x', 'class/b/x']) watched.sys(name);
      for (const name of ['../etc/passwd', '..', '/../../x']) expect(watched.sys(name)).toBeInstanceOf(Error);
      const files = replay(watched.snapshot);
      expect(openHostFiles(outside, outside).procList('.')).toEqual([]);
      expect(files.sys('class/a/x')).toBe('class/a/x');
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it.each([
    ['paths', { maxPaths: 10 }],
    ['bytes', { maxBytes: 100 }],
  ])('stops at its bound of %s and says so', (_, bounds) => {
    const watched = watchFiles({ ...machine, procOnce: (name) => name.repeat(10) }, bounds);
    for (let i = 0; i < 1_000; i++) watched.procOnce(`${i}/stat`);
    expect(watched.snapshot.texts.size).toBeLessThanOrEqual(10);
    expect(watched.procOnce('x/stat')).toBeInstanceOf(Error);
    expect(watched.snapshot.unreadable.get('.')?.reason).toMatch(/the rest was left out$/);
    writeSnapshot(root, watched.snapshot);
  });

  it('answers as the machine did, whatever was asked', () => {
    const paths = [...Object.keys(FILES), ...Object.keys(LINKS)].flatMap((path) => [path, dirname(path)]);
    const names = ['.', 'nothing', 'class/net/eth0/device/vendor', ...paths.map((path) => path.replace(/^\w+\/?/, ''))];
    const method = fc.constantFrom('proc', 'procOnce', 'procList', 'sys', 'sysOnce', 'sysList');
    const answer = (files: HostFiles, how: string, name: string) => {
      const told = files[how as 'proc' | 'sysList'](name);
      return told instanceof Error ? 'an error' : Array.isArray(told) ? [...told].sort() : told;
    };
    fc.assert(
      fc.property(fc.array(fc.tuple(method, fc.constantFrom(...names))), (calls) => {
        rmSync(root, { recursive: true, force: true });
        const watched = watchFiles(machine);
        const asked = calls.map(([how, name]) => answer(watched, how, name));
        const recorded = replay(watched.snapshot);
        expect(calls.map(([how, name]) => answer(recorded, how, name))).toEqual(asked);
      }),
      // Each makes and removes a tree.
      { numRuns: 30 },
    );
  });
});
