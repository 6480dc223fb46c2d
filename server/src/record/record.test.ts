import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HostFiles, openHostFiles } from '../collect/linux/files.ts';
import { linuxCollectors } from '../collect/linux/index.ts';
import { ExitError } from '../errors.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { fakeFiles } from '../testing/fake-files.ts';
import { type RecordOptions, record } from './record.ts';

const HOSTS = new URL('../../../tests/hosts/', import.meta.url).pathname;
const hosts = readdirSync(HOSTS, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));
const open = (folder: string) => openHostFiles(join(folder, 'proc'), join(folder, 'sys'));

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'telltale-record-'));
  folder = join(parent, 'recording');
});
afterEach(() => rmSync(parent, { recursive: true }));

/** Starts a recording that lasts as long as the clock is told. */
function begin(files: HostFiles, options: Partial<RecordOptions> = {}, platform = 'linux') {
  const clock = new FakeClock();
  const stop = new AbortController();
  const world = { files, clock, version: '1.2.3', platform, stopped: stop.signal };
  const all = { folder, seconds: 10, anonymous: false, 'process-arguments': false, ...options };
  return { clock, stop, done: record(all, world) };
}

/** Lets promises settle that are settled already. */
const settle = () => new Promise(setImmediate);

async function recordWhole(first: HostFiles, second: HostFiles, options: Partial<RecordOptions> = {}) {
  let now = first;
  const turning = new Proxy(first, { get: (_, name: keyof HostFiles) => now[name] });
  const { clock, done } = begin(turning, options);
  await settle();
  now = second;
  clock.advance(10_000);
  return { line: await done, recording: JSON.parse(readFileSync(join(folder, 'recording.json'), 'utf8')) };
}

async function readAll(files: HostFiles) {
  const looks = Object.entries(linuxCollectors(files)).map(async ([metric, { read }]) => {
    const look = await read();
    return [metric, look && { reading: look.reading, fields: look.faults.map(({ fields }) => fields) }];
  });
  return Object.fromEntries(await Promise.all(looks));
}

/** Every number, by what it is the number of: names may sort in another order. */
function numbersOf(value: unknown, path = ''): string[] {
  if (value instanceof Map) return [...value.values()].flatMap((each) => numbersOf(each, `${path}.*`)).sort();
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? [] : [`${path} ${value}`];
  return Object.entries(value)
    .flatMap(([key, each]) => numbersOf(each, `${path}.${Array.isArray(value) ? '*' : key}`))
    .sort();
}

/** Every path, text and link of a tree. */
function* everythingIn(place: string): Generator<string> {
  for (const entry of readdirSync(place, { withFileTypes: true })) {
    const path = join(place, entry.name);
    yield entry.name;
    if (entry.isSymbolicLink()) yield readlinkSync(path);
    else if (entry.isDirectory()) yield* everythingIn(path);
    else yield readFileSync(path, 'utf8');
  }
}

describe.each(hosts)('a recording of the host %s', (host) => {
  const originals = [1, 2].map((n) => open(join(HOSTS, host, String(n)))) as [HostFiles, HostFiles];

  it('shows what the host showed, in both looks', async () => {
    const { recording } = await recordWhole(...originals);
    expect(recording).toMatchObject({ elapsedMs: 10_000, at: 1_800_000_010_000, telltale: '1.2.3', anonymous: false });
    for (const [i, original] of originals.entries()) {
      expect(await readAll(open(join(folder, String(i + 1))))).toEqual(await readAll(original));
    }
  });

  it('without its names shows the same numbers, and leaves nothing out', async () => {
    const { recording } = await recordWhole(...originals, { anonymous: true, 'process-arguments': true });
    const leftOut = recording.unreadable.filter(({ reason }: { reason: string }) => /left out/.test(reason));
    // Where numbers should be, there may be anything: it may be a name.
    if (host !== 'garbage') expect(leftOut).toEqual([]);
    for (const [i, original] of originals.entries()) {
      const shown = await readAll(open(join(folder, String(i + 1))));
      expect(numbersOf(shown)).toEqual(numbersOf(await readAll(original)));
    }
  });
});

describe('a recording without names', () => {
  const proc = {
    'sys/kernel/hostname': 'alices-laptop\n',
    'sys/kernel/osrelease': '6.1.0\n',
    'net/dev': `Inter-|   Receive\n face |bytes\n  eth0: ${'1 '.repeat(16)}\nalice-lan: ${'2 '.repeat(16)}\n`,
    'self/mountinfo': [
      '22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw',
      '23 22 0:30 /@alice /home/alice rw shared:4 - btrfs /dev/mapper/alice-home rw,subvol=/@alice',
      '24 22 0:31 / /mnt/al\\040ice ro - nfs4 alice.example:/export/alice ro,addr=192.0.2.7,clientaddr=192.0.2.8',
      '',
    ].join('\n'),
    diskstats: `   8       0 sda${' 1'.repeat(17)}\n 252       0 alicedisk${' 1'.repeat(17)}\n`,
    'self/cgroup': '0::/user.slice/user-1000.slice/alice.service\n',
    cpuinfo: 'processor\t: 0\nmodel name\t: Some\nSerial\t\t: 10000000a11ce000\n',
    '7/stat': `7 (alice) ) S 1${' 0'.repeat(48)}\n`,
    '7/status': 'Name:\talice) \nUid:\t1000\t1000\t1000\t1000\n',
    '7/cmdline': '/home/alice/bin/x\0--password=alice\0',
    'driver/nvidia/version': 'unknown to alice',
  };
  const sys = {
    'class/net/alice-lan/operstate': 'up\n',
    'class/hwmon/hwmon0/name': 'hid_a1:1c:e0:00:00:01_battery\n',
    'fs/cgroup/user.slice/user-1000.slice/alice.service/memory.max': '1000000\n',
    'class/power_supply/hid-a1:1c:e0:00:00:01-battery/type': 'Battery\n',
  };
  const links = {
    'class/net/alice-lan': '../../devices/virtual/net/alice-lan',
    'class/power_supply/hid-a1:1c:e0:00:00:01-battery': '../../devices/x/power_supply/hid-a1:1c:e0:00:00:01-battery',
  };

  it('has none of them, in no file, path or link', async () => {
    const files = fakeFiles(proc, sys, links);
    await recordWhole(files, files, { anonymous: true, 'process-arguments': true });
    const all = [...everythingIn(folder)];
    expect(all.filter((text) => /a1.?1c|a11ce|alice|192\.0\.2/i.test(text))).toEqual([]);
    expect(all).toContain('host\n');
    // As long as the name was.
    expect(all).toContain('net-----1');
  });
});

describe('the folder of a recording', () => {
  const machine = fakeFiles({ stat: 'cpu 1 2 3\n' });
  const refusal = async (options: Partial<RecordOptions> = {}, platform?: string) => {
    const error = await begin(machine, options, platform).done.catch((thrown: unknown) => thrown);
    if (error instanceof ExitError) return error;
    throw new Error('was not refused', { cause: error });
  };

  it('is made, and may be there if it is empty', async () => {
    mkdirSync(folder);
    const { line } = await recordWhole(machine, machine);
    expect(readdirSync(folder).sort()).toEqual(['1', '2', 'README.md', 'recording.json']);
    expect(line).toBe(`recorded 2 files, 20 bytes, in ${folder}`);
  });

  it('is never written over', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'mine'), 'precious');
    const error = await refusal();
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(/is not empty: name a folder that is new or empty$/);
    expect([...everythingIn(folder)]).toEqual(['mine', 'precious']);
  });

  it.each(['file', 'file/below', 'nothing/below', '\0', '/proc/x'])(
    'that cannot be made, as %j, is refused at once',
    async (name) => {
      writeFileSync(join(parent, 'file'), '');
      const error = await refusal({ folder: resolve(parent, name) });
      expect(error.exitCode).toBe(2);
      expect(error.message).toMatch(/ cannot be written: /);
      expect(error.message).not.toContain('\n');
    },
  );

  it('is not even made where there is no /proc', async () => {
    const error = await refusal({}, 'darwin');
    expect(error.exitCode).toBe(78);
    expect(error.message).toContain('darwin');
    expect(readdirSync(parent)).toEqual([]);
  });

  it.each([
    ['during the first look', () => Promise.resolve()],
    ['between the looks', settle],
  ])('is gone when somebody stops it %s', async (_, until) => {
    const { stop, done, clock } = begin(machine);
    await until();
    stop.abort();
    await expect(done).rejects.toMatchObject({ exitCode: 0, message: expect.stringContaining('nothing was recorded') });
    expect([readdirSync(parent), clock.timers]).toEqual([[], 0]);
  });

  it('stays when it was there before, and is empty again', async () => {
    mkdirSync(folder);
    const { stop, done } = begin(machine);
    await settle();
    stop.abort();
    await expect(done).rejects.toBeInstanceOf(ExitError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is empty again when the disk is full, or whatever else goes wrong while it is written', async () => {
    mkdirSync(folder);
    const { clock, done } = begin(machine);
    await settle();
    writeFileSync(join(folder, '2'), 'in the way');
    clock.advance(10_000);
    await expect(done).rejects.toMatchObject({ exitCode: 70, message: expect.stringContaining('cannot be written: ') });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('recording.json', () => {
  it('names what is there and could not be read, by where it would be', async () => {
    const files = { ...fakeFiles({}), proc: (name: string) => new Error(`/proc/${name} may not be read by this user`) };
    const { recording } = await recordWhole(files, files);
    expect(recording.kernel).toBeNull();
    expect(recording.unreadable).toContainEqual({ path: '2/proc/stat', reason: 'may not be read by this user' });
  });
});
