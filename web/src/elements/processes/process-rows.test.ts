import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arrangement, COLUMNS, listed, listedText, type Process, toRows } from './process-rows.ts';

function process(name: string, pid: number, more: Partial<Process> = {}): Process {
  return {
    ...{ name, pid, startedAt: 1, user: 'root', usage: 1, residentBytes: 10 },
    ...{ readBytesPerSecond: null, writeBytesPerSecond: null },
    ...{ state: 'S', threads: 1, arguments: null },
    ...more,
  };
}

const moved = (readBytesPerSecond: number, writeBytesPerSecond: number) => ({
  readBytesPerSecond,
  writeBytesPerSecond,
});

const PLAIN: Arrangement = { by: 'cpu', order: 'descending', filter: '', group: 'none' };
const ALL = [
  process('node', 10, { usage: 30, residentBytes: 300, user: 'ada', threads: 11, ...moved(500, 40) }),
  process('node', 9, { usage: 5, residentBytes: 200, user: 'bob', threads: 12 }),
  process('postgres', 200, { usage: null, residentBytes: 900, user: 'postgres', threads: 3, ...moved(80, 700) }),
  process('Xorg', 3, { usage: 12, residentBytes: null, user: null, threads: null }),
];
const names = (some: Partial<Arrangement>) =>
  toRows(ALL, { ...PLAIN, ...some }).map(({ name, pid }) => `${name} ${pid}`);

describe('the rows of the process table', () => {
  it.each([
    ['cpu', 'descending', ['node 10', 'Xorg 3', 'node 9', 'postgres 200']],
    ['cpu', 'ascending', ['node 9', 'Xorg 3', 'node 10', 'postgres 200']],
    ['memory', 'descending', ['postgres 200', 'node 10', 'node 9', 'Xorg 3']],
    ['io', 'descending', ['postgres 200', 'node 10', 'Xorg 3', 'node 9']],
    ['read', 'descending', ['node 10', 'postgres 200', 'Xorg 3', 'node 9']],
    ['write', 'ascending', ['node 10', 'postgres 200', 'Xorg 3', 'node 9']],
    ['name', 'ascending', ['node 9', 'node 10', 'postgres 200', 'Xorg 3']],
    ['user', 'ascending', ['node 10', 'node 9', 'postgres 200', 'Xorg 3']],
    ['user', 'descending', ['postgres 200', 'node 9', 'node 10', 'Xorg 3']],
    ['threads', 'descending', ['node 9', 'node 10', 'postgres 200', 'Xorg 3']],
    ['pid', 'ascending', ['Xorg 3', 'node 9', 'node 10', 'postgres 200']],
  ] as const)('by %s, %s, with what is not known last', (by, order, expected) => {
    expect(names({ by, order })).toEqual(expected);
  });

  it.each([
    ['nod', ['node 10', 'node 9']],
    [' XORG ', ['Xorg 3']],
    ['bob', ['node 9']],
    ['200', ['postgres 200']],
    ['nothing like it', []],
  ])('are those with %j in name, user or PID', (filter, expected) => {
    expect(names({ filter })).toEqual(expected);
  });

  it('of a group add up what all of its processes tell, and nothing where one tells nothing', () => {
    const rows = toRows(ALL, { ...PLAIN, group: 'name' });
    expect(
      rows.map(({ name, usage, residentBytes, threads, user, members }) => [
        name,
        usage,
        residentBytes,
        threads,
        user,
        members.length,
      ]),
    ).toEqual([
      ['node', 35, 500, 23, null, 2],
      ['Xorg', 12, null, null, null, 1],
      ['postgres', null, 900, 3, 'postgres', 1],
    ]);
    expect(rows[0]?.members.map(({ pid }) => pid)).toEqual([10, 9]);
  });

  it('of a group have the I/O of those of its processes that tell it, and none where none does', () => {
    const rows = toRows(ALL, { ...PLAIN, group: 'name' });
    expect(rows.map(({ name, io, read, write }) => [name, io, read, write])).toEqual([
      ['node', 540, 500, 40],
      ['Xorg', null, null, null],
      ['postgres', 780, 80, 700],
    ]);
  });

  it('by user, with those of nobody known in a group of their own', () => {
    expect(toRows(ALL, { ...PLAIN, group: 'user', by: 'name', order: 'ascending' }).map(({ name }) => name)).toEqual([
      'ada',
      'bob',
      'postgres',
      '–',
    ]);
  });

  it('hold every process that passes once, whatever they are arranged by, each row under a key of its own', () => {
    const some = fc.array(
      fc.tuple(
        fc.constantFrom('a', 'b', '__proto__'),
        fc.integer({ min: 1, max: 9 }),
        fc.option(fc.integer({ min: 0, max: 3 })),
      ),
      { maxLength: 12 },
    );
    const arranged = fc.record({
      by: fc.constantFrom(...COLUMNS),
      order: fc.constantFrom('ascending' as const, 'descending' as const),
      group: fc.constantFrom('none' as const, 'name' as const, 'user' as const),
    });
    fc.assert(
      fc.property(some, arranged, (all, how) => {
        const processes = listed({
          byCpu: all.map(([name, pid, usage]) => process(name, pid, { usage })),
          byMemory: [],
          byIo: [],
        });
        const rows = toRows(processes, { filter: '', ...how });
        const inside = rows.flatMap((row) => (row.process ? [row] : row.members));
        expect(inside.map(({ pid }) => pid).sort()).toEqual(processes.map(({ pid }) => pid).sort());
        const keys = [...rows, ...rows.flatMap(({ members }) => members)].map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});

describe('what the table says it lists', () => {
  const [node, other, postgres] = ALL as [Process, Process, Process];
  const lists = { count: 231 as number | null, byCpu: [node, other], byMemory: [postgres], byIo: [] as Process[] };
  it.each([
    [lists, 3, '2 busiest and 1 largest of 231'],
    [lists, 2, '2 of the 2 busiest and 1 largest of 231'],
    [{ ...lists, count: 12_345 }, 3, '2 busiest and 1 largest of 12\u202f345'],
    [{ ...lists, byIo: [postgres] }, 3, '2 busiest, 1 largest and 1 with most I/O of 231'],
    [{ ...lists, byCpu: [] }, 1, '1 largest of 231'],
    [{ ...lists, count: 2, byMemory: [node] }, 2, '2 in all'],
    [{ ...lists, count: 2, byMemory: [node] }, 1, '1 of 2'],
    [{ ...lists, count: null, byCpu: [node], byMemory: [] }, 1, '1 listed'],
    [{ ...lists, byCpu: [], byMemory: [] }, 0, '231 in all'],
  ])('of %j, %d shown', (own, shown, text) => expect(listedText(own, shown, { ...PLAIN, by: 'name' })).toBe(text));

  it('is shorter where the first rows are the leaders of all', () => {
    expect(listedText({ ...lists, byIo: [node] }, 1, { ...PLAIN, by: 'io' })).toBe('1 with most I/O of 231');
    expect(listedText({ ...lists, byIo: [node] }, 1, { ...PLAIN, by: 'read' })).toMatch(/^1 of the 2 busiest, /);
    expect(listedText(lists, 2, PLAIN)).toBe('2 busiest of 231');
    expect(listedText(lists, 1, { ...PLAIN, by: 'memory' })).toBe('1 largest of 231');
    expect(listedText(lists, 2, { ...PLAIN, filter: 'o' })).toBe('2 of the 2 busiest and 1 largest of 231');
    expect(listedText(lists, 2, { ...PLAIN, order: 'ascending' })).toBe('2 of the 2 busiest and 1 largest of 231');
    expect(listedText(lists, 3, PLAIN)).toBe('2 busiest and 1 largest of 231');
  });
});
