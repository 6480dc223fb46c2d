import { readdirSync, readFileSync } from 'node:fs';

// What processes have cost so far, from the kernel: it counts them all alike, whatever they are written in.

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // A process or thread may end while it is looked at.
    return '';
  }
};

/** A process and those that it started, which are the workers of a server that has some. */
export function family(pid: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      const stat = read(`/proc/${name}/stat`);
      // The name, in parentheses, may hold anything; the field after the next is the parent.
      return { pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) };
    });
  return [pid, ...parents.filter(({ parent }) => parent === pid).map((child) => child.pid)];
}

/** CPU time of all threads so far, in microseconds: the first number of schedstat, which is in nanoseconds. */
export function cpuMicroseconds(pids: readonly number[]): number {
  const threads = pids.flatMap((pid) => {
    try {
      return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}/schedstat`);
    } catch {
      return [];
    }
  });
  return threads.reduce((sum, path) => sum + Number(read(path).split(' ')[0] ?? 0), 0) / 1_000;
}

/** Resident memory in bytes; what several of them share is counted once. */
export function residentBytes(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => {
    const proportional = /^Pss: +(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1];
    return Number(proportional ?? /^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, each) => sum + each, 0) * 1_024;
}

/** How many files and connections a process may have open. */
export function openFilesLimit(): number {
  const soft = /^Max open files +(\d+)/m.exec(read('/proc/self/limits'))?.[1];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}

/** CPU time of the child processes that have ended, in microseconds and in steps of 10 ms: cutime and cstime. */
export function childMicroseconds(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  // The name, in parentheses, may hold anything; the field after it is the third of proc_pid_stat(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) * 10_000;
}
