import { describe, expect, it } from 'vitest';
import { fakeFiles } from '../testing/fake-files.ts';
import { ancestry, findCpuQuota, findMemoryLimit, parseHierarchy, readMemoryGroup } from './cgroup.ts';

const V2 = { 'self/cgroup': '0::/system.slice/docker-abc.scope\n' };
const V1 = { 'self/cgroup': '12:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n0::/\n' };
const GIB = 1024 ** 3;

function memoryGroup(proc: Record<string, string>, sys: Record<string, string>) {
  const files = fakeFiles(proc, sys);
  const limit = findMemoryLimit(files);
  return limit instanceof Error ? limit : limit && readMemoryGroup(files, limit);
}

describe('the memory of a group', () => {
  it('is held by the lowest limit over all above it', () => {
    const sys = {
      'fs/cgroup/system.slice/docker-abc.scope/memory.max': `${2 * GIB}\n`,
      'fs/cgroup/system.slice/memory.max': `${GIB}\n`,
      'fs/cgroup/system.slice/memory.current': '900000000\n',
      'fs/cgroup/system.slice/memory.stat': 'anon 5\nfile 7\ninactive_file 100000000\nactive_file 3\n',
    };
    expect(memoryGroup(V2, sys)).toEqual({ scope: '/system.slice', limitBytes: GIB, usedBytes: 800_000_000 });
  });

  it('is that of the mount itself in a container that sees no other group', () => {
    const sys = {
      'fs/cgroup/memory.max': '536870912\n',
      'fs/cgroup/memory.current': '1000\n',
      'fs/cgroup/memory.stat': 'inactive_file 5000\n',
    };
    // The counters are not taken at one moment: less than nothing is nothing.
    expect(memoryGroup(V2, sys)).toEqual({ scope: '/', limitBytes: 536_870_912, usedBytes: 0 });
    expect(memoryGroup({ 'self/cgroup': '0::/\n' }, sys)).toMatchObject({ scope: '/' });
    expect(memoryGroup({ 'self/cgroup': '0::/../../other\n' }, sys)).toMatchObject({ scope: '/' });
  });

  it('is read from cgroup v1, where no limit is a huge one', () => {
    const folder = 'fs/cgroup/memory/docker/abc';
    const sys = {
      [`${folder}/memory.limit_in_bytes`]: '1073741824\n',
      [`${folder}/memory.usage_in_bytes`]: '700000000\n',
      [`${folder}/memory.stat`]: 'cache 1\ninactive_file 3\ntotal_cache 1\ntotal_inactive_file 200000000\n',
      'fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    };
    expect(memoryGroup(V1, sys)).toEqual({ scope: '/docker/abc', limitBytes: GIB, usedBytes: 500_000_000 });
    expect(memoryGroup(V1, { 'fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n' })).toBeNull();
  });

  it.each([
    ['there are no groups', {}, {}],
    ['the list cannot be understood', { 'self/cgroup': 'garbage\n::\n0:\n' }, { 'fs/cgroup/memory.max': '5\n' }],
    ['there is no limit', V2, { 'fs/cgroup/system.slice/docker-abc.scope/memory.max': 'max\n' }],
  ])('is null when %s', (_, proc, sys) => {
    expect(memoryGroup(proc as Record<string, string>, sys as Record<string, string>)).toBeNull();
  });

  it.each(['', '-1\n', '1e3\n', 'lots\n', `${'9'.repeat(30)}\n`])('does not take the limit %j for none', (limit) => {
    const sys = { 'fs/cgroup/system.slice/memory.max': '5\n', 'fs/cgroup/memory.max': limit };
    expect(memoryGroup(V2, sys)).toEqual(new Error('/sys/fs/cgroup/memory.max cannot be understood'));
  });

  it('does not take the beginning of a path for the group', () => {
    const sys = { 'fs/cgroup/memory.max': '5\n' };
    expect(memoryGroup({ 'self/cgroup': '0::/system.sl' }, sys)).toEqual(new Error('/proc/self/cgroup was cut short'));
  });

  it('does not take what may not be read for no limit', () => {
    const refusal = new Error('/sys/fs/cgroup/memory.max may not be read by this user');
    const files = { ...fakeFiles({ 'self/cgroup': '0::/\n' }), sysOnce: () => refusal };
    expect(findMemoryLimit(files)).toBe(refusal);
    expect(findCpuQuota(files)).toBe(refusal);
  });

  it('says why it does not tell what is used', () => {
    const sys = { 'fs/cgroup/memory.max': '5\n', 'fs/cgroup/memory.current': '3\n' };
    const usedBytes = new Error('fs/cgroup below /sys does not tell what is used');
    expect(memoryGroup(V2, sys)).toMatchObject({ usedBytes });
  });
});

describe('the quota of processors', () => {
  it.each([
    [1.5, V2, { 'fs/cgroup/system.slice/docker-abc.scope/cpu.max': '150000 100000\n' }],
    [
      0.5,
      V2,
      { 'fs/cgroup/system.slice/docker-abc.scope/cpu.max': 'max 100000\n', 'fs/cgroup/cpu.max': '50000 100000\n' },
    ],
    [null, V2, { 'fs/cgroup/system.slice/docker-abc.scope/cpu.max': 'max 100000\n' }],
    [
      2,
      V1,
      {
        'fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us': '200000\n',
        'fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us': '100000\n',
        'fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '-1\n',
        'fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
      },
    ],
  ])('is %j', (cores, proc, sys) => {
    expect(findCpuQuota(fakeFiles(proc, sys as Record<string, string>))).toBe(cores);
  });

  it.each(['', '100000\n', '100000 0\n', '-5 100000\n', 'some 100000\n', '0x5 1e3\n'])('is not told by %j', (text) => {
    const files = fakeFiles(V2, { 'fs/cgroup/system.slice/cpu.max': '50000 100000\n', 'fs/cgroup/cpu.max': text });
    expect(findCpuQuota(files)).toEqual(new Error('/sys/fs/cgroup/cpu.max cannot be understood'));
  });

  it('is not told by half of it in cgroup v1', () => {
    const files = fakeFiles(V1, { 'fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '5\n' });
    expect(findCpuQuota(files)).toEqual(new Error('/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us cannot be understood'));
  });
});

it.each([
  ['/', ['/']],
  ['/a/b', ['/a/b', '/a', '/']],
  ['/../a', ['/']],
])('goes up from %s', (path, groups) => {
  expect(ancestry(path)).toEqual(groups);
});

it('prefers the hierarchy that has the controller', () => {
  expect(parseHierarchy(V1['self/cgroup'], 'memory')).toEqual({
    version: 1,
    root: 'fs/cgroup/memory',
    path: '/docker/abc',
  });
  expect(parseHierarchy('0::/x\n3:cpuset:/y\n', 'cpu')).toEqual({ version: 2, root: 'fs/cgroup', path: '/x' });
});
