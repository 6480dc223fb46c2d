import { readdirSync, readFileSync } from 'node:fs';
import {
  type HostCollectors,
  type HostFiles,
  linuxCollectors,
  openHostFiles,
  type Sample,
} from '@telltale/server/collect';
import { METRIC_NAMES } from '@telltale/shared';

/** What the files of a machine tell: everything but what this program costs. */
export type Metric = keyof HostCollectors;
export type Values = Record<string, unknown>;

export interface Expected {
  /** Between the snapshots. */
  readonly elapsedMs: number;
  /** `null` for a metric of which this machine has nothing. */
  readonly events: Record<Metric, Values | null>;
  /** The fields that faults name, by metric. */
  readonly faults: Partial<Record<Metric, readonly string[]>>;
  /** Fields that are gauges elsewhere and need an interval here, as `gpu.watts`. */
  readonly ofInterval: readonly string[];
}

export interface Seen {
  readonly values: Values | null;
  /** The fields that faults name. */
  readonly named: readonly string[];
}

const HERE = new URL('.', import.meta.url).pathname;

export const METRICS = METRIC_NAMES.filter((name): name is Metric => name !== 'self');
export const HOSTS = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The answers to questions whose answers stay the same. */
function remembered<A extends unknown[], T>(ask: (...question: A) => T): (...question: A) => T {
  const known = new Map<string, T>();
  return (...question) => {
    const key = question.join(' ');
    const answer = known.has(key) ? (known.get(key) as T) : ask(...question);
    known.set(key, answer);
    return answer;
  };
}

export const expectedOf = remembered(
  (host: string): Expected => JSON.parse(readFileSync(`${HERE}${host}/expected.json`, 'utf8')) as Expected,
);

/** No files at all. */
export const nothing = (): HostFiles => openHostFiles(`${HERE}nothing`, `${HERE}nothing`);

/** A host's files as they stood. Each is read from the disk once. */
export const open = remembered((host: string, snapshot: 1 | 2): HostFiles => {
  const files = openHostFiles(`${HERE}${host}/${snapshot}/proc`, `${HERE}${host}/${snapshot}/sys`);
  return {
    ...files,
    proc: remembered(files.proc),
    sys: remembered(files.sys),
    procOnce: remembered(files.procOnce),
    sysOnce: remembered(files.sysOnce),
    procList: remembered(files.procList),
    sysList: remembered(files.sysList),
    sysLink: remembered(files.sysLink),
  };
});

/** Files that are those of whatever host they are turned to. */
export function turning(first: HostFiles): { readonly files: HostFiles; readonly turn: (to: HostFiles) => void } {
  let at = first;
  const files: HostFiles = {
    own: false,
    proc: (name) => at.proc(name),
    sys: (name) => at.sys(name),
    procOnce: (name) => at.procOnce(name),
    sysOnce: (name) => at.sysOnce(name),
    procList: (name) => at.procList(name),
    sysList: (name) => at.sysList(name),
    sysLink: (name) => at.sysLink(name),
    close: () => at.close(),
  };
  return {
    files,
    turn: (to) => {
      at = to;
    },
  };
}

/** The same files with other texts, or an `Error` for one. `name` is "proc/stat". */
export function edited(files: HostFiles, edit: (text: string, name: string) => string | Error): HostFiles {
  const through = (root: string, read: (name: string) => string | Error) => (name: string) => {
    const text = read(name);
    return text instanceof Error ? text : edit(text, `${root}/${name}`);
  };
  return {
    ...files,
    proc: through('proc', files.proc),
    procOnce: through('proc', files.procOnce),
    sys: through('sys', files.sys),
    sysOnce: through('sys', files.sysOnce),
  };
}

/** The files that a look at a metric reads, as "proc/stat". */
export async function filesOf(host: string, metric: Metric): Promise<readonly string[]> {
  const read = new Set<string>();
  const noting = edited(open(host, 2), (text, name) => {
    read.add(name);
    return text;
  });
  await seeSecond(host, metric, noting);
  return [...read];
}

export async function see(
  collectors: HostCollectors,
  metric: Metric,
  before: Sample<unknown> | null,
  elapsedMs: number | null,
): Promise<Seen> {
  const now = await collectors[metric].read();
  const values = now && (collectors[metric].derive(now.reading, before?.reading ?? null, elapsedMs) as Values);
  return { values, named: [...new Set(now?.faults.flatMap(({ fields }) => fields))].sort() };
}

const lookFirst = remembered((host: string, metric: Metric) => linuxCollectors(open(host, 1))[metric].read());

/** The second look at a host; `files` may stand in for what was there then. */
export async function seeSecond(host: string, metric: Metric, files: HostFiles = open(host, 2)): Promise<Seen> {
  return see(linuxCollectors(files), metric, await lookFirst(host, metric), expectedOf(host).elapsedMs);
}
