/** One mount, as the kernel lists it. */
export interface Mount {
  /** Of this mount and of the one it stands on; `null` where only /proc/mounts tells. */
  readonly id: string | null;
  readonly parent: string | null;
  /** `major:minor` of the file system: the same wherever it is mounted. */
  readonly fileSystem: string;
  /** What of the file system is shown: all of it is "/". Empty where only /proc/mounts tells. */
  readonly root: string;
  readonly point: string;
  readonly type: string;
  /** What is mounted: a device, `server:/export`, or a word. */
  readonly source: string;
  readonly readOnly: boolean;
}

/** The kernel writes white space and backslashes as \040 and the like (mangle of proc_namespace.c). */
const decode = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\([01][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    : text;

const isReadOnly = (...options: readonly string[]) => options.some((list) => list.split(',').includes('ro'));

function parseLines(file: string, text: string, parse: (line: string) => Mount | null): readonly Mount[] | Error {
  const lines = text.split('\n');
  // Every process has a root: a list without any mount was cut short, too.
  if (lines.pop() !== '' || lines.length === 0) return new Error(`${file} was cut short`);
  const mounts: Mount[] = [];
  for (const line of lines) {
    const mount = parse(line);
    if (!mount?.point.startsWith('/')) return new Error(`${file}: cannot understand "${line.slice(0, 60)}"`);
    mounts.push(mount);
  }
  return mounts;
}

/** Parses /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export function parseMountinfo(text: string): readonly Mount[] | Error {
  return parseLines('/proc/self/mountinfo', text, (line) => {
    const [id, parent, fileSystem = '', root = '', point = '', options = '', ...rest] = line.split(' ');
    // Optional fields, whose number nobody knows, end with a dash.
    const [type, source, ofFileSystem] = rest.slice(rest.indexOf('-') + 1);
    if (!/^\d+:\d+$/.test(fileSystem) || !rest.includes('-') || ofFileSystem === undefined) return null;
    return {
      ...{ id: id as string, parent: parent as string, fileSystem, root: decode(root), point: decode(point) },
      ...{ type: decode(type as string), source: decode(source as string) },
      readOnly: isReadOnly(options, ofFileSystem),
    };
  });
}

/** Parses /proc/mounts (fstab(5)), which says neither what is shown of a file system nor which is the same as another. */
export function parseMounts(text: string): readonly Mount[] | Error {
  return parseLines('/proc/mounts', text, (line) => {
    const [source, point, type, options] = line.split(' ').map(decode);
    if (source === undefined || point === undefined || type === undefined || options === undefined) return null;
    const fileSystem = source.startsWith('/dev/') ? source : `${source} ${point}`;
    return { id: null, parent: null, fileSystem, root: '', point, type, source, readOnly: isReadOnly(options) };
  });
}

/** `/`, `/mnt` and `/mnt/disk` for `/mnt/disk`. */
function foldersOf(point: string): string[] {
  const folders = ['/'];
  for (let at = point.indexOf('/', 1); at > 0; at = point.indexOf('/', at + 1)) folders.push(point.slice(0, at));
  return point === '/' ? folders : [...folders, point];
}

/**
 * Answers of each of these mounts whether its path leads to it. One may be covered by another at the same point or above
 * it; then its path tells of the wrong file system.
 */
export function reachable(mounts: readonly Mount[]): (mount: Mount) => boolean {
  const last = new Map(mounts.map((mount) => [mount.point, mount]));
  const ids = new Set(mounts.map(({ id }) => id));
  const children = new Map<string, string>();
  for (const { id, parent, point } of mounts) if (id !== null && id !== parent) children.set(`${parent} ${point}`, id);
  const start = mounts.find(({ id, parent }) => parent === id || !ids.has(parent))?.parent ?? null;

  /** Walks a path as the kernel does: at each folder up through all that is mounted there. */
  function leadsTo(point: string): string | null {
    const passed = new Set([start]);
    let at = start;
    for (const folder of foldersOf(point)) {
      for (;;) {
        const next = children.get(`${at} ${folder}`);
        if (next === undefined || passed.has(next)) break;
        passed.add(next);
        at = next;
      }
    }
    return at;
  }
  return (mount) => (mount.id === null ? last.get(mount.point) === mount : leadsTo(mount.point) === mount.id);
}
