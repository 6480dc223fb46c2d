import { bytes, count, flag, list, share, text } from '../field.ts';
import { metric } from '../metric.ts';

/** Source: /proc/self/mountinfo (proc_pid_mountinfo(5)), statvfs(3). */
export const filesystem = metric({
  title: 'File systems',
  pace: 10_000,
  fields: {
    mounts: list('Mounts', 'Each file system once, under the mount point that shows its root', {
      device: text('Device', 'What is mounted'),
      type: text('Type', 'As the kernel names it: ext4, xfs, btrfs, zfs, nfs4'),
      totalBytes: bytes('Size', 'f_blocks', { aggregate: 'last' }),
      usedBytes: bytes('Used', 'f_blocks - f_bfree', { aggregate: 'last' }),
      availableBytes: bytes('Available', 'f_bavail: to users without privileges', { aggregate: 'last' }),
      usedPercent: share('Used', 'used / (used + available), as df(1) shows it', { aggregate: 'last' }),
      inodesTotal: count('Inodes', 'f_files; null where there is no such limit', { aggregate: 'last' }),
      inodesUsed: count('Inodes used', 'f_files - f_ffree', { aggregate: 'last' }),
      readOnly: flag('Read-only', 'The mount or the file system is read-only'),
    }),
  },
});
