import { type Mount, reachable } from './mountinfo.ts';
import { naturalOrder } from './natural-order.ts';

/** What holds nobody's files: the kernel's own, memory, layers over other file systems, and images that are always full. */
const NOT_TOLD = new Set([
  ...['autofs', 'bdev', 'binder', 'binfmt_misc', 'bpf', 'cgroup', 'cgroup2', 'configfs', 'cpuset', 'debugfs'],
  ...['devpts', 'devtmpfs', 'efivarfs', 'functionfs', 'fusectl', 'hugetlbfs', 'mqueue', 'nfsd', 'nsfs', 'pipefs'],
  ...['proc', 'pstore', 'ramfs', 'resctrl', 'rootfs', 'rpc_pipefs', 'securityfs', 'selinuxfs', 'smackfs', 'sockfs'],
  ...['sysfs', 'tmpfs', 'tracefs', 'usbfs', 'xenfs', 'fuse.gvfsd-fuse', 'fuse.lxcfs', 'fuse.portal'],
  ...['aufs', 'ecryptfs', 'overlay', 'unionfs', 'fuse.fuse-overlayfs'],
  ...['cramfs', 'erofs', 'iso9660', 'romfs', 'squashfs', 'fuse.snapfuse', 'fuse.squashfuse'],
]);
/** Where programs mount what is theirs: containers their layers, and single files into /etc. */
const NOT_TOLD_BELOW = [
  ...['/dev/', '/etc/', '/proc/', '/sys/', '/run/credentials/', '/tmp/.mount_'],
  ...['/var/lib/docker/', '/var/lib/containers/storage/'],
];
/** What another machine answers for, or a program that asks one: it may never answer. */
const REMOTE =
  /^(?:nfs|cifs$|smb|ceph$|9p$|afs$|lustre$|gpfs$|beegfs$|orangefs$|fuse\.(?:sshfs|s3fs|glusterfs|ceph|rclone|gcsfuse))/;
/** PATH_MAX of limits.h: a longer path cannot be asked about. */
const MAX_PATH = 4096;

/** A mount that stands for its file system. */
export type FileSystem = Mount & {
  /** Whether asking about it goes over the network. */
  readonly remote: boolean;
  /** Whether a part of the file system is mounted, which may be a single file. */
  readonly part: boolean;
};

/** The root is told whatever it is: in a container it is an overlay, and all there is. */
function isTold({ point, type, source }: Mount): boolean {
  if (point === '/') return true;
  const isSnapshot = type === 'zfs' && source.includes('@');
  return (
    !NOT_TOLD.has(type) &&
    !isSnapshot &&
    point.length <= MAX_PATH &&
    !NOT_TOLD_BELOW.some((folder) => point.startsWith(folder))
  );
}

/** How well a mount stands for its file system: the root does best, then one that shows all of it. */
const rank = ({ point, root }: Mount) => (point === '/' ? 0 : root === '/' ? 1 : 2);

/** Of two that do equally well it is the one with the shorter path. A subvolume of btrfs is a part like any other. */
function better(a: Mount, b: Mount): Mount {
  return (rank(b) - rank(a) || b.point.length - a.point.length) < 0 ? b : a;
}

/**
 * The file systems that hold somebody's files, each once, sorted by mount point. `files` are mount points that
 * turned out to be single files. A dataset of ZFS is a file system of its own.
 */
export function fileSystemsOf(mounts: readonly Mount[], files: ReadonlySet<string>): readonly FileSystem[] {
  const chosen = new Map<string, Mount>();
  const isReached = reachable(mounts);
  for (const mount of mounts) {
    if (!isTold(mount) || files.has(mount.point) || !isReached(mount)) continue;
    const other = chosen.get(mount.fileSystem);
    chosen.set(mount.fileSystem, other ? better(other, mount) : mount);
  }
  return [...chosen.values()]
    .sort((a, b) => naturalOrder(a.point, b.point))
    .map((mount) => ({
      ...mount,
      remote: REMOTE.test(mount.type),
      part: mount.root !== '/' && mount.point !== '/',
    }));
}
