import { formatText, type MetricEvents } from '@telltale/shared';

export type Process = MetricEvents['process']['byCpu'][number];
/** What the table is made of: now, or of a minute in the past, which has no count. */
export type Lists = Pick<MetricEvents['process'], 'byCpu' | 'byMemory' | 'byIo'> & { readonly count?: number | null };

export const COLUMNS = ['name', 'cpu', 'memory', 'io', 'read', 'write', 'user', 'threads', 'pid'] as const;
export type Column = (typeof COLUMNS)[number];
export type Order = 'ascending' | 'descending';
export type Grouping = 'none' | 'name' | 'user';

/** A process, or several added up. */
export interface Row {
  /** The same as long as it is the same process or group. */
  readonly key: string;
  readonly name: string;
  readonly user: string | null;
  readonly usage: number | null;
  readonly residentBytes: number | null;
  /** Bytes a second, read and written. */
  readonly io: number | null;
  readonly read: number | null;
  readonly write: number | null;
  readonly threads: number | null;
  readonly pid: number | null;
  /** The process itself; `null` for a group. */
  readonly process: Process | null;
  /** Of a group, in the order of the table. */
  readonly members: readonly Row[];
}

export interface Arrangement {
  readonly by: Column;
  readonly order: Order;
  readonly filter: string;
  readonly group: Grouping;
}

const VALUES: Readonly<Record<Column, (row: Row) => string | number | null>> = {
  name: ({ name }) => name.toLowerCase(),
  cpu: ({ usage }) => usage,
  memory: ({ residentBytes }) => residentBytes,
  io: ({ io }) => io,
  read: ({ read }) => read,
  write: ({ write }) => write,
  user: ({ user }) => user?.toLowerCase() ?? null,
  threads: ({ threads }) => threads,
  pid: ({ pid }) => pid,
};

/** How a column is sorted at first: the most before, or from A on. */
export const firstOrder = (by: Column): Order =>
  by === 'name' || by === 'user' || by === 'pid' ? 'ascending' : 'descending';

/** What the lists are led by. */
const LEADERS = [
  ['cpu', 'byCpu', 'busiest'],
  ['memory', 'byMemory', 'largest'],
  ['io', 'byIo', 'with most I/O'],
] as const;

/** Each process of all lists once. */
export function listed({ byCpu, byMemory, byIo }: Omit<Lists, 'count'>): Process[] {
  const all = new Map<string, Process>();
  for (const each of [...byCpu, ...byMemory, ...byIo]) all.set(keyOf(each), each);
  return [...all.values()];
}

/** The rows of a table as it is arranged; all of them, however few it shows. */
export function toRows(processes: readonly Process[], { by, order, filter, group }: Arrangement): Row[] {
  const wanted = filter.trim().toLowerCase();
  const rows = processes.filter((each) => matches(each, wanted)).map(rowOf);
  const compare = comparing(by, order);
  return (group === 'none' ? rows : grouped(rows, group, compare)).sort(compare);
}

/**
 * Which processes are listed, of which so many are shown. The machine tells only of those that lead in something, and says
 * how many there are.
 */
export function listedText({ count = null, ...lists }: Lists, shown: number, how: Arrangement): string {
  const total = formatText(count, 'count');
  const [, first, words] = LEADERS.find(([by]) => isLedBy(by, how)) ?? [];
  if (count !== null && first && shown > 0 && shown <= lists[first].length) return `${shown} ${words} of ${total}`;
  const all = listed(lists).length;
  const part = shown < all ? `${shown} of ` : '';
  if (count === null) return `${part}${all} listed`;
  if (all >= count) return part === '' ? `${total} in all` : `${part}${total}`;
  const leading = LEADERS.filter(([, list]) => lists[list].length > 0).map(
    ([, list, word]) => `${lists[list].length} ${word}`,
  );
  const last = leading.pop();
  if (last === undefined) return `${total} in all`;
  const before = leading.length === 0 ? '' : `${leading.join(', ')} and `;
  return `${part}${part === '' ? '' : 'the '}${before}${last} of ${total}`;
}

/** Whether the first rows are the leaders in something. */
const isLedBy = (column: Column, { by, order, filter, group }: Arrangement): boolean =>
  by === column && order === 'descending' && filter.trim() === '' && group === 'none';

const keyOf = ({ pid, startedAt, name }: Process): string => `${pid} ${startedAt} ${pid === null ? name : ''}`;

function rowOf(process: Process): Row {
  const { name, user, usage, residentBytes, threads, pid } = process;
  const { readBytesPerSecond: read, writeBytesPerSecond: write } = process;
  const io = sum([read, write]);
  return { key: keyOf(process), name, user, usage, residentBytes, io, read, write, threads, pid, process, members: [] };
}

function matches({ name, user, pid }: Process, wanted: string): boolean {
  return [name, user ?? '', String(pid ?? '')].some((text) => text.toLowerCase().includes(wanted));
}

function grouped(rows: readonly Row[], group: 'name' | 'user', compare: (a: Row, b: Row) => number): Row[] {
  const groups = new Map<string | null, Row[]>();
  for (const row of rows) {
    const key = row[group];
    const members = groups.get(key);
    if (members) members.push(row);
    else groups.set(key, [row]);
  }
  return [...groups].map(([key, members]) => ({
    key: `${group} ${JSON.stringify(key)}`,
    name: key ?? '–',
    user: members.every(({ user }) => user === members[0]?.user) ? (members[0]?.user ?? null) : null,
    usage: sum(members.map(({ usage }) => usage)),
    residentBytes: sum(members.map(({ residentBytes }) => residentBytes)),
    io: sumOfKnown(members.map(({ io }) => io)),
    read: sumOfKnown(members.map(({ read }) => read)),
    write: sumOfKnown(members.map(({ write }) => write)),
    threads: sum(members.map(({ threads }) => threads)),
    pid: null,
    process: null,
    members: members.sort(compare),
  }));
}

/** A sum that lacks a part would be a wrong number. */
const sum = (values: readonly (number | null)[]): number | null =>
  values.reduce((total, value) => (total === null || value === null ? null : total + value), 0);

/** Of I/O, though, most readers are never told that of other users: what is known of a group is more than nothing. */
const sumOfKnown = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : sum(known);
};

/** What is not known comes last in either order, and what is alike stays in an order of its own. */
function comparing(by: Column, order: Order): (a: Row, b: Row) => number {
  const value = VALUES[by];
  const turn = order === 'ascending' ? 1 : -1;
  return (a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) {
      return Number(x === null) - Number(y === null) || (by === 'cpu' && byMemory(a, b)) || settled(a, b);
    }
    return turn * (x < y ? -1 : x > y ? 1 : 0) || settled(a, b);
  };
}

const settled = (a: Row, b: Row): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : (a.pid ?? 0) - (b.pid ?? 0));

/** Until it is known who uses most, who holds most comes first. */
const byMemory = (a: Row, b: Row): number => (b.residentBytes ?? -1) - (a.residentBytes ?? -1);
