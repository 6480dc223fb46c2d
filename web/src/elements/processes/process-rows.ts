import type { MetricEvents } from '@telltale/shared';

export type Process = MetricEvents['process']['byCpu'][number];
/** What the table is made of: now, or of a minute in the past, which has no count. */
export type Lists = Pick<MetricEvents['process'], 'byCpu' | 'byMemory'> & { readonly count?: number | null };

export const COLUMNS = ['name', 'cpu', 'memory', 'user', 'threads', 'pid'] as const;
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
  user: ({ user }) => user?.toLowerCase() ?? null,
  threads: ({ threads }) => threads,
  pid: ({ pid }) => pid,
};

/** How a column is sorted at first: the most before, or from A on. */
export const firstOrder = (by: Column): Order =>
  by === 'cpu' || by === 'memory' || by === 'threads' ? 'descending' : 'ascending';

/** Each process of both lists once. */
export function listed({ byCpu, byMemory }: Lists): Process[] {
  const all = new Map<string, Process>();
  for (const each of [...byCpu, ...byMemory]) all.set(keyOf(each), each);
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
export function listedText({ count = null, byCpu, byMemory }: Lists, shown: number, how: Arrangement): string {
  const leaders = leadersOf(how);
  const most = leaders === 'busiest' ? byCpu.length : byMemory.length;
  if (count !== null && leaders !== null && shown > 0 && shown <= most) return `${shown} ${leaders} of ${count}`;
  const all = listed({ byCpu, byMemory }).length;
  const part = shown < all ? `${shown} of ` : '';
  if (count === null) return `${part}${all} listed`;
  if (all >= count) return part === '' ? `${count} in all` : `${part}${count}`;
  const leading = [[byCpu.length, 'busiest'] as const, [byMemory.length, 'largest'] as const]
    .filter(([length]) => length > 0)
    .map(([length, word]) => `${length} ${word}`);
  if (leading.length === 0) return `${count} in all`;
  return `${part}${part === '' ? '' : 'the '}${leading.join(' and ')} of ${count}`;
}

/** What the first rows are, where they are the leaders in something. */
function leadersOf({ by, order, filter, group }: Arrangement): 'busiest' | 'largest' | null {
  if (order !== 'descending' || filter.trim() !== '' || group !== 'none') return null;
  return by === 'cpu' ? 'busiest' : by === 'memory' ? 'largest' : null;
}

const keyOf = ({ pid, startedAt, name }: Process): string => `${pid} ${startedAt} ${pid === null ? name : ''}`;

function rowOf(process: Process): Row {
  const { name, user, usage, residentBytes, threads, pid } = process;
  return { key: keyOf(process), name, user, usage, residentBytes, threads, pid, process, members: [] };
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
    threads: sum(members.map(({ threads }) => threads)),
    pid: null,
    process: null,
    members: members.sort(compare),
  }));
}

/** A sum that lacks a part would be a wrong number. */
const sum = (values: readonly (number | null)[]): number | null =>
  values.reduce((total, value) => (total === null || value === null ? null : total + value), 0);

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
