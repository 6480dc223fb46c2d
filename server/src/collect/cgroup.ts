import { isAbsence } from './device-class.ts';
import type { HostFiles } from './linux/files.ts';
import { round } from './rate.ts';
import { isCount, numberAfter } from './text-lines.ts';

/** The group whose limit holds, and what counts against it. */
export interface MemoryGroup {
  readonly scope: string;
  readonly limitBytes: number;
  readonly usedBytes: number | Error;
}

/** One controller of cgroup v1 or all of v2: where its groups are below `/sys`, and which of them we are in. */
interface Hierarchy {
  readonly version: 1 | 2;
  readonly root: string;
  readonly path: string;
}

// Source: Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.

/** Limits are looked for again every so many looks: they are set by hand, or when a container starts. */
export const LOOKS_BETWEEN_LIMITS = 30;
/** A group of v1 without a limit has the largest number of whole pages that fits into 63 bits. */
const NO_LIMIT = 2 ** 62;
const MAX_DEPTH = 32;

/** Finds the hierarchy of a controller in /proc/self/cgroup (cgroups(7)); `null` when there is none. */
export function parseHierarchy(text: string, controller: 'memory' | 'cpu'): Hierarchy | null {
  let unified: Hierarchy | null = null;
  for (const line of text.split('\n')) {
    const [, id = '', controllers = '', path = ''] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers.split(',').includes(controller)) return { version: 1, root: `fs/cgroup/${controllers}`, path };
    if (id === '0' && controllers === '') unified = { version: 2, root: 'fs/cgroup', path };
  }
  return unified;
}

/**
 * A group and all above it, the root as `/` last. A limit of any of them holds. What lies outside of this namespace, or
 * is not below the mount, as in a container that was given no namespace of its own, is simply not there.
 */
export function ancestry(path: string): readonly string[] {
  const parts = path.split('/').filter(Boolean).slice(0, MAX_DEPTH);
  if (parts.includes('..')) return ['/'];
  return parts.map((_, i) => `/${parts.slice(0, parts.length - i).join('/')}`).concat('/');
}

export interface MemoryLimit {
  readonly hierarchy: Hierarchy;
  readonly scope: string;
  readonly limitBytes: number;
}

const wholeNumber = (text: string | Error) =>
  text instanceof Error || !isCount(text.trim()) ? null : Number(text.trim());

const folderOf = ({ root }: Hierarchy, scope: string) => (scope === '/' ? root : root + scope);

function hierarchyOf(files: HostFiles, controller: 'memory' | 'cpu'): Hierarchy | Error | null {
  const groups = files.proc('self/cgroup');
  if (groups instanceof Error) return isAbsence(groups) ? null : groups;
  const isWhole = groups === '' || groups.endsWith('\n');
  return isWhole ? parseHierarchy(groups, controller) : new Error('/proc/self/cgroup was cut short');
}

/** What a file of a group says; `null` where the group has none, or is not there. */
function readLine(files: HostFiles, name: string): string | Error | null {
  const text = files.sysOnce(name);
  if (text instanceof Error) return isAbsence(text) ? null : text;
  return text.trim();
}

const garbled = (name: string) => new Error(`/sys/${name} cannot be understood`);

/** The lowest limit over the group and all above it; `null` without one, an `Error` where one cannot be told. */
export function findMemoryLimit(files: HostFiles): MemoryLimit | Error | null {
  const hierarchy = hierarchyOf(files, 'memory');
  if (hierarchy === null || hierarchy instanceof Error) return hierarchy;
  const file = hierarchy.version === 2 ? 'memory.max' : 'memory.limit_in_bytes';
  let lowest: MemoryLimit | null = null;
  for (const scope of ancestry(hierarchy.path)) {
    const name = `${folderOf(hierarchy, scope)}/${file}`;
    const limit = readLine(files, name);
    if (limit === null || limit === 'max') continue;
    if (limit instanceof Error) return limit;
    if (!isCount(limit)) return garbled(name);
    const limitBytes = Number(limit);
    if (limitBytes < (lowest?.limitBytes ?? NO_LIMIT)) lowest = { hierarchy, scope, limitBytes };
  }
  return lowest;
}

/** What counts against a limit: all the group has but file pages that the kernel would drop first. */
export function readMemoryGroup(files: HostFiles, { hierarchy, scope, limitBytes }: MemoryLimit): MemoryGroup {
  const [current, inactive] =
    hierarchy.version === 2
      ? (['memory.current', 'inactive_file '] as const)
      : (['memory.usage_in_bytes', 'total_inactive_file '] as const);
  const folder = folderOf(hierarchy, scope);
  const charged = wholeNumber(files.sys(`${folder}/${current}`));
  const stat = files.sys(`${folder}/memory.stat`);
  const droppable = stat instanceof Error ? null : numberAfter(stat, inactive);
  const usedBytes =
    charged === null || droppable === null
      ? new Error(`${folder} below /sys does not tell what is used`)
      : Math.max(0, charged - droppable);
  return { scope, limitBytes, usedBytes };
}

/** The lowest quota over the group and all above it, in processors; `null` and an `Error` as above. */
export function findCpuQuota(files: HostFiles): number | Error | null {
  const hierarchy = hierarchyOf(files, 'cpu');
  if (hierarchy === null || hierarchy instanceof Error) return hierarchy;
  let lowest: number | null = null;
  for (const scope of ancestry(hierarchy.path)) {
    const quota = readQuota(files, hierarchy.version, folderOf(hierarchy, scope));
    if (quota instanceof Error) return quota;
    if (quota !== null && quota < (lowest ?? Number.POSITIVE_INFINITY)) lowest = quota;
  }
  return lowest;
}

function readQuota(files: HostFiles, version: 1 | 2, folder: string): number | Error | null {
  const name = `${folder}/${version === 2 ? 'cpu.max' : 'cpu.cfs_quota_us'}`;
  const text = readLine(files, name);
  if (text === null || text instanceof Error) return text;
  const period = version === 2 ? '' : (readLine(files, `${folder}/cpu.cfs_period_us`) ?? '');
  if (period instanceof Error) return period;
  const [quota = '', per = ''] = `${text} ${period}`.split(' ');
  // "max" and -1 say that there is none.
  if (quota === 'max' || quota === '-1') return null;
  const cores = isCount(quota) && isCount(per) ? Number(quota) / Number(per) : Number.NaN;
  return Number.isFinite(cores) && cores > 0 ? round(cores, 2) : garbled(name);
}
