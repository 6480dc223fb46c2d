/** Kernel names of interfaces, and the predictable ones of systemd.net-naming-scheme(7) but for those made of an address. */
const INTERFACE =
  /^(?:lo|(?:eth|wlan|wwan|usb|ib|bond|team|br|virbr|docker|dummy|ifb|tun|tap|vnet|wg|ppp|sit|gre|tunl|vxlan|can)\d+|veth[0-9a-f]+|(?:en|ib|sl|wl|ww)(?:o\d+|(?:P\d+)?(?:p\d+)?s\d+(?:f\d+)?(?:u\d+)*(?:c\d+)?(?:i\d+)?)(?:d\d+|np?\d+)?)(?:\.\d+)?$/;
/** Kernel names of disks and their partitions. */
const DISK =
  /^(?:(?:[shv]d|xvd|dasd)[a-z]+\d*|(?:nvme\d+(?:c\d+)?n|mmcblk|nbd|rbd|loop|zd|drbd|bcache|pmem|md)\d+(?:p\d+)?|(?:dm-|sr|ram|zram|fd)\d+|cciss[/!]c\d+d\d+(?:p\d+)?)$/;
/** What mount tables have on every machine. */
const COMMON = new Set(
  `bin boot cache containers credentials dev docker efi etc home hostname hosts hugepages lib lib64 lock log lxc media mnt
  mqueue netns opt overlay2 proc pts resolv.conf root run sbin shm snap srv storage sys tmp usr user var mapper disk by-id
  by-label by-partlabel by-partuuid by-path by-uuid none overlay rootfs systemd-1 udev`.split(/\s+/),
);
/** Control groups that systemd and containers have everywhere, and the controllers of v1, alone or joined. */
const GROUP =
  /^(?:(?:user|system|machine|init|docker|kubepods|lxc|podman)(?:\.slice|\.scope)?|user-\d+\.slice|user@\d+\.service|session-\d+\.scope|unified|systemd|(?:,?(?:cpu|cpuacct|cpuset|memory|devices|freezer|blkio|pids|net_cls|net_prio|perf_event|hugetlb|rdma|misc))+)$/;
/** Files of a control group, by the controller that they belong to. */
const GROUP_FILE = /^(?:cgroup|cpu|cpuacct|cpuset|io|memory|pids)\./;
const SUPPLY = /^(?:BAT|AC|ADP|ACAD|CMB)[A-Z\d]*$/;
/** As text has them, and as names of devices do, which may hold no colon. */
const HARDWARE_ADDRESS = /(?<![0-9a-f])[0-9a-f]{2}([:_-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![0-9a-f])/gi;

type NameKind = 'net' | 'disk' | 'mount' | 'device' | 'group' | 'supply' | 'process' | 'argument' | 'address';

/** `moun1` for the first name if it has five letters: mounts are told apart by the lengths of their paths. */
function ofSameLength(name: string, kind: NameKind, n: number): string {
  // Mount tables have white space as \040 and the like.
  const length = name.replace(/\\\d{3}/g, '_').length - String(n).length;
  return `${kind.slice(0, Math.max(0, length)).padEnd(length, '-')}${n}`;
}

/**
 * Stand-ins for the names of a machine: the same name of one kind is always the same, in whatever file or path it is.
 * Names that the kernel gives stay. Bounded by what a recording may hold.
 */
export class StandIns {
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<NameKind, number>();

  #for(kind: NameKind, name: string, shape = (n: number) => ofSameLength(name, kind, n)): string {
    const key = `${kind} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const n = (this.#counts.get(kind) ?? 0) + 1;
    const standIn = shape(n);
    this.#counts.set(kind, n);
    this.#known.set(key, standIn);
    return standIn;
  }

  interface(name: string): string {
    return INTERFACE.test(name) ? name : this.#for('net', name);
  }

  disk(name: string): string {
    return DISK.test(name) ? name : this.#for('disk', name);
  }

  process(name: string): string {
    return this.#for('process', name);
  }

  argument(word: string): string {
    return this.#for('argument', word);
  }

  /** Folder by folder, since one mount may lie on another. In the kernel's own folders nobody else makes any. */
  mountPoint(path: string): string {
    if (/^\/(?:proc|sys)\//.test(path)) return path;
    return path.replace(/[^/]+/g, (part) => {
      // Images that mount themselves.
      if (part.startsWith('.mount_')) return `.mount_${this.#for('mount', part.slice(7))}`;
      return COMMON.has(part) ? part : this.#for('mount', part);
    });
  }

  /** What is mounted: `/dev/sda1`, `server:/export`, `pool/data@snapshot`, or the type of the file system once more. */
  mountSource(source: string, type: string): string {
    return source.replace(/[^/:@]+/g, (part) =>
      part === type || COMMON.has(part) || DISK.test(part) ? part : this.#for('device', part),
    );
  }

  group(path: string): string {
    return path.replace(/[^/]+/g, (part) => (GROUP.test(part) ? part : this.#for('group', part)));
  }

  addressesIn(text: string): string {
    return text.replace(HARDWARE_ADDRESS, (address, separator: string) =>
      this.#for('address', address, (n) => `02${n.toString(16).padStart(10, '0')}`.match(/../g)?.join(separator) ?? ''),
    );
  }

  /** A path like `sys/class/net/eth0/speed`, or where a link of `/sys` points: what a name is follows from what it is in. */
  path(path: string): string {
    const parts = path.split('/');
    if (parts[0] === 'proc') return path;
    const groupsFrom = path.startsWith('sys/fs/cgroup/') ? 3 : parts.length;
    const replaced = parts.map((part, i) => {
      const folder = parts[i - 1];
      if (i >= groupsFrom) return GROUP_FILE.test(part) ? part : this.group(part);
      if (folder === 'net') return this.interface(part);
      if (folder === 'block' || folder === 'slaves') return this.disk(part);
      if (folder === 'power_supply' && !SUPPLY.test(part)) return this.#for('supply', part);
      return this.addressesIn(part);
    });
    return replaced.join('/');
  }
}
