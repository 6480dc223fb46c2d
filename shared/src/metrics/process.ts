import { added, byteRate, bytes, count, list, share, text } from '../field.ts';
import { metric } from '../metric.ts';

/**
 * Both are of all threads and, from when they end, of the children that are waited for. Written is counted when a page gets
 * dirty, as the kernel does it, and not when it is sent (Documentation/filesystems/proc.rst, 3.3).
 */
const UNTOLD = 'null where that needs the same user or root';

const top = {
  pid: count('PID', 'Number of the process', { unit: 'id', aggregate: 'last' }),
  startedAt: count('Started', 'Epoch ms; with the PID it names a process for good', {
    unit: 'time',
    aggregate: 'last',
  }),
  user: text('User', 'Whom it runs as: a name, or the number where it has none'),
  usage: share('CPU', 'Processor time in the interval; 100 is one whole processor', { max: null }),
  residentBytes: bytes('Memory', 'Resident set (RSS); what is shared counts for each'),
  readBytesPerSecond: added(byteRate('Read', `Fetched from storage, not from the page cache; ${UNTOLD}`)),
  writeBytesPerSecond: added(byteRate('Written', `Made to be sent to storage, less what was cut off; ${UNTOLD}`)),
  state: text('State', 'R running, S sleeping, D waiting for a disk, T stopped, Z ended, I idle kernel thread'),
  threads: count('Threads', 'Its threads'),
  arguments: text('Arguments', 'The command line, secrets masked; null without --process-arguments'),
};

/** Source: /proc/PID/stat, proc_pid_stat(5), and /proc/PID/io. */
export const process = metric({
  title: 'Processes',
  pace: 2_000,
  onDemand: true,
  fields: {
    count: count('Processes', 'All processes, without their threads'),
    threads: count('Threads', 'All threads of all processes'),
    byCpu: list('By CPU', 'The processes that used the processors most in the interval', top),
    byMemory: list('By memory', 'The processes with the largest resident sets', top),
    byIo: added(list('By I/O', 'The processes that read and wrote most in the interval', top)),
  },
});
