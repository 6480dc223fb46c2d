import { describe, expect, it } from 'vitest';
import { fakeFiles } from '../../testing/fake-files.ts';
import type { ReadFault } from '../collector.ts';
import type { HostFiles } from './files.ts';
import { linuxProcess, type ProcessOptions, type ProcessReading } from './process.ts';

interface Process {
  readonly name?: string;
  /** utime and stime, in 1/100 s. */
  readonly ticks?: readonly [number, number];
  readonly threads?: number;
  readonly start?: number;
  readonly pages?: number;
  readonly state?: string;
  readonly status?: string;
  readonly uid?: number;
  readonly kilobytes?: number;
  readonly cmdline?: string;
  readonly io?: string;
}

const BOOT = 1_700_000_000;
const INIT: Process = { name: 'init', start: 1, pages: 2, kilobytes: 8 };

/** A host with these processes, each as Linux writes it. */
function hostOf(processes: Readonly<Record<number, Process>>, more: Readonly<Record<string, string>> = {}): HostFiles {
  const tree: Record<string, string> = { stat: `cpu  1 2 3 4\nbtime ${BOOT}\nprocesses 9\n`, ...more };
  for (const [pid, process] of Object.entries(processes)) {
    const { name = 'x', ticks: [user, system] = [0, 0], threads = 1, start = 100, pages = 0, state = 'S' } = process;
    const { uid = 0, kilobytes = null, cmdline = '' } = process;
    tree[`${pid}/stat`] =
      `${pid} (${name}) ${state} 1 1 1 0 -1 0 0 0 0 0 ${user} ${system} 0 0 20 0 ${threads} 0 ${start} 0 ${pages} 0 0\n`;
    const memory = kilobytes === null ? '' : `VmRSS:\t${kilobytes} kB\n`;
    tree[`${pid}/status`] = process.status ?? `Name:\tx\nUid:\t9\t${uid}\t9\t9\n${memory}Threads:\t1\n`;
    tree[`${pid}/cmdline`] = cmdline;
    if (process.io !== undefined) tree[`${pid}/io`] = process.io;
  }
  return withList(fakeFiles(tree), [...Object.keys(processes), 'stat', 'self', 'thread-self', 'pressure', '007']);
}
const withList = (files: HostFiles, names: readonly string[] | Error): HostFiles => ({
  ...files,
  procList: () => names,
});
/** In place of some texts. */
const but = (files: HostFiles, texts: Readonly<Record<string, string | Error>>): HostFiles => ({
  ...files,
  procOnce: (name) => texts[name] ?? files.procOnce(name),
});

interface Seen {
  readonly reading: ProcessReading;
  readonly faults: readonly ReadFault[];
}
const OPTIONS: ProcessOptions = { userName: null, withArguments: false };
const look = async (files: HostFiles, options: ProcessOptions = OPTIONS) =>
  (await linuxProcess(files, options).read()) as Seen;
const { derive } = linuxProcess(fakeFiles({}), OPTIONS);
const first = ({ reading }: Seen) => derive(reading, null, null);
const after = (now: Seen, before: Seen, elapsedMs = 2_000) => derive(now.reading, before.reading, elapsedMs);
const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

/** One collector, and the machine as it is at each look. */
function watching(options: ProcessOptions = OPTIONS) {
  let machine = hostOf({ 1: INIT });
  const asked: string[] = [];
  const files: HostFiles = {
    ...machine,
    proc: (name) => machine.proc(name),
    procList: (name) => machine.procList(name),
    procOnce(name) {
      asked.push(name);
      return machine.procOnce(name);
    },
  };
  const collector = linuxProcess(files, options);
  return {
    asked,
    async see(next: HostFiles) {
      machine = next;
      asked.length = 0;
      return (await collector.read()) as Seen;
    },
  };
}

describe('the processes of Linux', () => {
  it('are counted, threads apart, and told in full', async () => {
    const before = hostOf({ 1: INIT, 40: { name: 'web server', ticks: [500, 100] } });
    const worker = {
      name: 'web server',
      ticks: [590, 130],
      threads: 7,
      start: 12_345,
      pages: 300,
      state: 'R',
    } as const;
    const now = hostOf({ 1: INIT, 40: { ...worker, uid: 33, kilobytes: 1_300 } });
    const [earlier, later] = [await look(before), await look(now)];
    const { count, threads, byCpu, byMemory } = after(
      later,
      await look(hostOf({ 1: INIT, 40: { ...worker, ticks: [500, 100] } })),
    );
    expect(later.faults).toEqual([]);
    expect([count, threads]).toEqual([2, 8]);
    const told = {
      name: 'web server',
      pid: 40,
      // 123.45 s after the machine.
      startedAt: 1_700_000_123_450,
      user: '33',
      // 1.2 s in two.
      usage: 60,
      residentBytes: 1_331_200,
      readBytesPerSecond: null,
      writeBytesPerSecond: null,
      state: 'R',
      threads: 7,
      arguments: null,
    };
    expect(byCpu).toEqual([told]);
    expect(byMemory).toEqual([expect.objectContaining({ name: 'init', usage: 0, residentBytes: 8_192 }), told]);
    // Another start, another process: all its 7.2 s are new.
    expect(after(later, earlier).byCpu).toMatchObject([{ usage: 360 }]);
  });

  it('have no use before there is an interval, and nobody is called the busiest', async () => {
    const { byCpu, byMemory } = first(await look(hostOf({ 1: { ...INIT, ticks: [9_999, 1] } })));
    expect(byCpu).toEqual([]);
    expect(byMemory).toMatchObject([{ name: 'init', usage: null, residentBytes: 8_192 }]);
  });

  it('that began within the interval used all that they used within it', async () => {
    const before = await look(hostOf({ 1: INIT }));
    const now = await look(hostOf({ 1: INIT, 50: { name: 'new', ticks: [30, 20], start: 900 } }));
    expect(after(now, before, 1_000).byCpu).toMatchObject([{ name: 'new', usage: 50 }]);
  });

  it('that were given the number of another begin at nothing', async () => {
    const before = await look(hostOf({ 1: INIT, 50: { name: 'old', ticks: [800, 0], start: 100 } }));
    const now = await look(hostOf({ 1: INIT, 50: { name: 'new', ticks: [10, 0], start: 900 } }));
    expect(after(now, before, 1_000).byCpu).toMatchObject([{ name: 'new', usage: 10 }]);
  });

  it('that could not be seen before are not taken for new ones', async () => {
    const host = hostOf({ 1: INIT, 50: { name: 'old', ticks: [800, 0], pages: 1, kilobytes: 4 } });
    const refused = new Error('/proc/50/stat cannot be opened: this process is out of file descriptors');
    const before = await look(but(host, { '50/stat': refused }));
    const { byCpu, byMemory } = after(await look(host), before);
    expect(byCpu).toEqual([]);
    expect(byMemory.find(({ pid }) => pid === 50)).toMatchObject({ usage: null });
  });

  it('whose use went back have none', async () => {
    const before = await look(hostOf({ 1: { ...INIT, ticks: [500, 500] } }));
    const now = await look(hostOf({ 1: { ...INIT, ticks: [500, 499] } }));
    expect(after(now, before).byMemory).toMatchObject([{ usage: null }]);
  });

  it('may use more than one processor', async () => {
    const before = await look(hostOf({ 1: INIT, 7: { ticks: [0, 0], threads: 4 } }));
    const now = await look(hostOf({ 1: INIT, 7: { ticks: [700, 99], threads: 4 } }));
    expect(after(now, before, 2_003).byCpu).toMatchObject([{ usage: 398.9 }]);
  });

  it('that end while they are looked at are not there', async () => {
    const host = hostOf({ 1: INIT, 50: { pages: 9 }, 51: { pages: 9 }, 52: { pages: 9 } });
    const now = await look(
      but(host, {
        '50/stat': new Error('/proc/50/stat does not exist'),
        '51/stat': new Error('/proc/51/stat cannot be read: ESRCH'),
        '52/status': new Error('/proc/52/status does not exist'),
      }),
    );
    expect(now.faults).toEqual([]);
    expect(first(now)).toMatchObject({ count: 2, threads: 2, byMemory: [{ name: 'init' }] });
  });

  it('that are about to end have given back their memory; kernel threads never had any', async () => {
    const now = await look(
      hostOf({ 1: INIT, 2: { name: 'kthreadd', ticks: [0, 5] }, 50: { name: 'ending', pages: 9 } }),
    );
    const { byCpu, byMemory } = after(now, await look(hostOf({ 1: INIT })));
    expect(byCpu).toMatchObject([{ name: 'kthreadd', residentBytes: 0 }]);
    expect(byMemory).toMatchObject([{ name: 'ending', residentBytes: null }, { name: 'init' }]);
    expect(now.faults).toEqual([]);
  });

  it('have names that are nothing but text, and are sorted by them, then by number', async () => {
    const hostile = ['(sd-pam)', ') R 1', '__proto__', 'a\nb', '\u001b[31m', '\u202ex', 'x10', 'x9', 'x9'];
    const processes = Object.fromEntries(hostile.map((name, i) => [90 - i, { name, pages: 90 - i, kilobytes: 4 }]));
    const { byMemory } = first(await look(hostOf({ 1: INIT, ...processes })));
    expect(byMemory.map(({ name, pid }) => [name, pid])).toEqual([
      ['\u001b[31m', 86],
      ['(sd-pam)', 90],
      [') R 1', 89],
      ['__proto__', 88],
      ['a\nb', 87],
      ['init', 1],
      ['x9', 82],
      ['x9', 83],
      ['x10', 84],
      ['\u202ex', 85],
    ]);
  });

  it('have the name of their user where it is known, else the number', async () => {
    const userName = (uid: number) => (uid === 33 ? 'www-data' : null);
    const host = hostOf({
      1: INIT,
      5: { name: 'web', uid: 33, pages: 1 },
      6: { name: 'other', uid: 70_000, pages: 1 },
    });
    const { byMemory } = first(await look(host, { ...OPTIONS, userName }));
    expect(byMemory.map(({ name, user }) => [name, user])).toEqual([
      ['init', '0'],
      ['other', '70000'],
      ['web', 'www-data'],
    ]);
  });

  it('show their command lines only where that is wanted, and masked', async () => {
    const host = hostOf({ 1: INIT, 5: { name: 'web', pages: 1, cmdline: 'web\0--token=hunter2\0-v\0' } });
    const { see, asked } = watching();
    expect(first(await see(host)).byMemory).toMatchObject([{ arguments: null }, { arguments: null }]);
    expect(asked.filter((name) => name.endsWith('cmdline'))).toEqual([]);
    const { byMemory } = first(await look(host, { ...OPTIONS, withArguments: true }));
    expect(byMemory).toMatchObject([{ arguments: null }, { name: 'web', arguments: 'web --token=*** -v' }]);
  });
});

describe('the lists of processes', () => {
  /** So many, each with more of everything than the one before. */
  const crowd = (size: number, ticks: (i: number) => number) =>
    Object.fromEntries(
      Array.from({ length: size }, (_, i): [number, Process] => [
        i + 2,
        { name: `p${i}`, ticks: [ticks(i), 0], pages: i, kilobytes: i * 4 },
      ]),
    );

  it('are the twenty that have most', async () => {
    const before = await look(hostOf({ 1: INIT, ...crowd(50, () => 0) }));
    const { byCpu, byMemory } = after(await look(hostOf({ 1: INIT, ...crowd(50, (i) => 50 - i) })), before);
    expect(names(byCpu)).toEqual(Array.from({ length: 20 }, (_, i) => `p${i}`));
    expect(names(byMemory)).toEqual(Array.from({ length: 20 }, (_, i) => `p${i + 30}`));
  });

  it('leave out who has nothing', async () => {
    const { byCpu, byMemory } = after(await look(hostOf({ 1: INIT, 2: {} })), await look(hostOf({ 1: INIT, 2: {} })));
    expect([names(byCpu), names(byMemory)]).toEqual([[], ['init']]);
  });

  it('take a close look at nobody else, once the first look has shown who is busy', async () => {
    const { see, asked } = watching({ ...OPTIONS, withArguments: true });
    await see(hostOf({ 1: INIT, ...crowd(300, () => 0) }));
    await see(hostOf({ 1: INIT, ...crowd(300, (i) => 300 - i) }));
    const close = (file: string) => asked.filter((name) => name.endsWith(`/${file}`)).length;
    expect([close('stat'), close('status'), close('cmdline')]).toEqual([301, 40, 40]);
  });

  it('hold at a slow pace who was busy long before the last look', async () => {
    const { see } = watching();
    const minuteAgo = await see(hostOf({ 1: INIT, ...crowd(300, () => 0) }));
    // For ten seconds p7 has a processor of its own; then it rests, and twenty others do a little at every look.
    const used = (second: number) => (i: number) => (i === 7 ? Math.min(second, 10) * 100 : i < 30 ? second : 0);
    let now = minuteAgo;
    for (let second = 2; second <= 60; second += 2) now = await see(hostOf({ 1: INIT, ...crowd(300, used(second)) }));
    const { byCpu } = after(now, minuteAgo, 60_000);
    expect(byCpu.find(({ name }) => name === 'p7')).toMatchObject({ usage: 16.67 });
  });

  it('are right in the first look of a collector too, as when a recording is replayed', async () => {
    const before = await look(hostOf({ 1: INIT, ...crowd(300, () => 5) }));
    const now = await look(hostOf({ 1: INIT, ...crowd(300, (i) => (i === 250 || i === 3 ? 105 : 5)) }));
    expect(after(now, before).byCpu).toMatchObject([
      { name: 'p3', usage: 50 },
      { name: 'p250', usage: 50 },
    ]);
  });

  it('let others go first while thousands are read', async () => {
    let pauses = 0;
    const after = (_: number, run: () => void) => {
      pauses++;
      run();
      return () => {};
    };
    await look(hostOf({ 1: INIT, ...crowd(999, () => 0) }), { ...OPTIONS, after });
    // A thousand to be listed, and at the first look as many to be looked at.
    expect(pauses).toBe(20);
  });
});

describe('what processes read and write', () => {
  const MIB = 1_048_576;
  const io = (read: number, written: number, cancelled = 0) =>
    `rchar: 9\nwchar: 9\nsyscr: 9\nsyscw: 9\nread_bytes: ${read}\nwrite_bytes: ${written}\ncancelled_write_bytes: ${cancelled}\n`;
  const refused = (pid: number) => new Error(`/proc/${pid}/io may not be read by this user`);
  const FIELDS = [
    ...['byCpu.readBytesPerSecond', 'byCpu.writeBytesPerSecond'],
    ...['byMemory.readBytesPerSecond', 'byMemory.writeBytesPerSecond', 'byIo'],
  ];

  it('is told a second, in a list of its own that has those alone who did', async () => {
    const idle = { pages: 9, kilobytes: 36, io: io(5, 5) };
    const before = await look(hostOf({ 1: INIT, 7: { name: 'dd', io: io(MIB, 0) }, 8: idle }));
    const now = await look(hostOf({ 1: INIT, 7: { name: 'dd', io: io(2 * MIB, 8 * MIB, MIB) }, 8: idle }));
    const { byIo, byMemory } = after(now, before);
    expect(byIo).toMatchObject([{ name: 'dd', readBytesPerSecond: MIB / 2, writeBytesPerSecond: 3.5 * MIB }]);
    expect(byMemory).toMatchObject([
      { name: 'init', readBytesPerSecond: null, writeBytesPerSecond: null },
      { pid: 8, readBytesPerSecond: 0, writeBytesPerSecond: 0 },
    ]);
    expect(now.faults).toEqual([]);
    expect(first(now)).toMatchObject({ byIo: [], byMemory: [{}, { readBytesPerSecond: null }] });
  });

  it('is of the twenty that moved most', async () => {
    const crowd = (moved: (i: number) => number) =>
      Object.fromEntries(Array.from({ length: 50 }, (_, i) => [i + 2, { name: `p${i}`, io: io(moved(i), moved(i)) }]));
    const { see } = watching();
    const before = await see(hostOf({ 1: INIT, ...crowd(() => 0) }));
    const { byIo, byCpu } = after(await see(hostOf({ 1: INIT, ...crowd((i) => i * 4_096) })), before);
    expect([names(byIo), byCpu]).toEqual([Array.from({ length: 20 }, (_, i) => `p${i + 30}`), []]);
  });

  it('holds at a slow pace who moved much long before the last look', async () => {
    const crowd = (second: number) => (i: number) =>
      i === 7 ? Math.min(second, 10) * MIB : i < 30 ? second * 4_096 : 0;
    const at = (second: number) => {
      const moved = crowd(second);
      return hostOf({
        1: INIT,
        ...Object.fromEntries(Array.from({ length: 60 }, (_, i) => [i + 2, { name: `p${i}`, io: io(moved(i), 0) }])),
      });
    };
    const { see } = watching();
    const minuteAgo = await see(at(0));
    let now = minuteAgo;
    for (let second = 2; second <= 60; second += 2) now = await see(at(second));
    const { byIo } = after(now, minuteAgo, 60_000);
    expect(byIo.find(({ name }) => name === 'p7')).toMatchObject({ readBytesPerSecond: Math.round(MIB / 6) });
  });

  it('is not told of other users where that may not be read, which is no fault', async () => {
    const host = (moved: number) =>
      but(hostOf({ 1: INIT, 7: { name: 'mine', io: io(moved, 0) }, 8: { pages: 1, kilobytes: 4 } }), {
        '1/io': refused(1),
        '8/io': refused(8),
      });
    const now = await look(host(4_000));
    expect(now.faults).toEqual([]);
    const { byIo, byMemory } = after(now, await look(host(0)));
    expect(byIo).toMatchObject([{ name: 'mine', readBytesPerSecond: 2_000 }]);
    expect(byMemory.map(({ readBytesPerSecond }) => readBytesPerSecond)).toEqual([null, null]);
  });

  it('is asked seldom of who has refused to tell it, until its number is another one', async () => {
    const { see, asked } = watching();
    const host = (start: number) => but(hostOf({ 1: INIT, 8: { start } }), { '1/io': refused(1), '8/io': refused(8) });
    const timesAsked = async (start: number) => {
      const { faults } = await see(host(start));
      expect(faults).toEqual([]);
      return asked.filter((name) => name === '8/io').length;
    };
    expect(await timesAsked(100)).toBe(1);
    let times = 0;
    for (let i = 0; i < 64; i++) times += await timesAsked(100);
    expect(times).toBe(2);
    expect(await timesAsked(900)).toBe(1);
  });

  it('is null of all where the kernel keeps no account of it, which is no fault', async () => {
    const now = await look(hostOf({ 1: INIT }));
    expect(now.faults).toEqual([]);
    expect(after(now, now)).toMatchObject({ byIo: [], byMemory: [{ readBytesPerSecond: null }] });
  });

  it('is a fault where it cannot be understood', async () => {
    const now = await look(hostOf({ 1: { ...INIT, io: 'read_bytes: many\n' } }));
    expect(now.faults).toEqual([{ fields: FIELDS, reason: 'the io of a process cannot be understood' }]);
  });
});

describe('processes that cannot be seen', () => {
  const LISTS = ['byCpu', 'byMemory', 'byIo'];

  it('are none in files that hold no processes: then there is nothing of the kind', async () => {
    expect(await linuxProcess(hostOf({}), OPTIONS).read()).toBeNull();
  });

  it('make everything null where the folder cannot be read', async () => {
    const reason = '/proc cannot be opened: this process is out of file descriptors';
    const now = await look(withList(hostOf({ 1: INIT }), new Error(reason)));
    expect(first(now)).toEqual({ count: null, threads: null, byCpu: [], byMemory: [], byIo: [] });
    expect(now.faults).toEqual([{ fields: ['count', 'threads', ...LISTS], reason }]);
  });

  it('are not counted where /proc hides them, and those that are seen are shown', async () => {
    const now = await look(hostOf({ 500: { name: 'mine', pages: 1, kilobytes: 4 } }));
    expect(first(now)).toMatchObject({ count: null, threads: null, byMemory: [{ name: 'mine' }] });
    expect(now.faults).toEqual([
      {
        fields: ['count', 'threads', ...LISTS],
        reason: 'process 1 is not in /proc, which hides what other users run (hidepid)',
      },
    ]);
  });

  it('are counted where /proc lists them and lets nobody read', async () => {
    const host = hostOf({ 1: INIT, 500: { name: 'mine', pages: 1, kilobytes: 4 } });
    const now = await look(but(host, { '1/stat': new Error('/proc/1/stat may not be read by this user') }));
    expect(first(now)).toMatchObject({ count: 2, threads: null, byMemory: [{ name: 'mine' }] });
    expect(now.faults).toEqual([
      { fields: ['threads', ...LISTS], reason: '/proc/1/stat may not be read by this user' },
    ]);
  });

  it.each(['', '\0', '50 (x) S 1', '50 x S 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 9 0 9 0 0\n'])(
    'are said to be misunderstood when their stat is %j',
    async (stat) => {
      const now = await look(but(hostOf({ 1: INIT, 50: {} }), { '50/stat': stat }));
      expect(first(now)).toMatchObject({ count: 2, threads: null });
      expect(now.faults).toEqual([
        { fields: ['threads', ...LISTS], reason: 'the stat of a process cannot be understood' },
      ]);
    },
  );

  it('have no user and no size where their status cannot be read, said once for all', async () => {
    const reason = '/proc/50/status may not be read by this user';
    const host = hostOf({ 1: INIT, 50: { pages: 2 }, 51: { pages: 2, status: 'nonsense' } });
    const now = await look(but(host, { '50/status': new Error(reason) }));
    const unknown = { user: null, residentBytes: null };
    expect(first(now).byMemory).toMatchObject([{ name: 'init', user: '0', residentBytes: 8_192 }, unknown, unknown]);
    expect(now.faults).toEqual([
      { fields: LISTS.map((list) => `${list}.user`), reason },
      { fields: LISTS.map((list) => `${list}.residentBytes`), reason },
    ]);
  });

  it('have no command line where that cannot be read', async () => {
    const reason = '/proc/1/cmdline may not be read by this user';
    const files = but(hostOf({ 1: INIT }), { '1/cmdline': new Error(reason) });
    const now = await look(files, { ...OPTIONS, withArguments: true });
    expect(first(now).byMemory).toMatchObject([{ name: 'init', arguments: null }]);
    expect(now.faults).toEqual([{ fields: LISTS.map((list) => `${list}.arguments`), reason }]);
  });

  it.each(['cpu 1 2 3 4\n', '', 'btime soon\n'])('have no start where the machine tells none in %j', async (stat) => {
    const now = await look(hostOf({ 1: INIT }, { stat }));
    expect(first(now).byMemory).toMatchObject([{ name: 'init', startedAt: null }]);
    expect(now.faults).toEqual([
      { fields: LISTS.map((list) => `${list}.startedAt`), reason: '/proc/stat has no "btime" line' },
    ]);
  });

  it('are left out when there are more than can be looked at, and counted', async () => {
    const host = hostOf({ 1: { ...INIT, threads: 3 } });
    const [stat, status] = [host.procOnce('1/stat'), host.procOnce('1/status')];
    const none = new Error('/proc/1/io does not exist');
    const procOnce = (name: string) => (name.endsWith('/stat') ? stat : name.endsWith('/io') ? none : status);
    const now = await look(
      withList(
        { ...host, procOnce },
        Array.from({ length: 9_000 }, (_, i) => String(i + 1)),
      ),
    );
    expect(first(now)).toMatchObject({ count: 9_000, threads: null });
    expect(now.reading.candidates).toHaveLength(8_192);
    expect(now.faults).toEqual([
      { fields: ['threads', ...LISTS], reason: 'only the first 8192 processes are looked at' },
    ]);
  });
});
