import type { Clock } from '../../clock.ts';
import type { Collector, Sample } from '../collector.ts';
import { type FileSystemSizes, FileSystemSizesReader, type StatFs } from '../file-system-sizes.ts';
import { type FileSystem, fileSystemsOf } from '../file-systems.ts';
import { parseMountinfo, parseMounts } from '../mountinfo.ts';
import { round } from '../rate.ts';
import { Faults } from './faults.ts';
import type { HostFiles } from './files.ts';

/** This machine, asked how large its file systems are; `after` is its timer. */
export interface OwnFileSystems {
  readonly statFs: StatFs;
  readonly after: Clock['after'];
}

/** Sorted by mount point; without sizes where none were told. */
export type FileSystemReading = readonly { readonly mount: FileSystem; readonly sizes: FileSystemSizes | null }[];

/** Mounts beyond this many are left out, with a fault. */
const MAX_MOUNTS = 512;
/** So many mounts, by so much of their path, are named in a fault: a dead server may have hundreds. */
const MAX_NAMED = 3;
const MAX_NAME = 80;
const SIZE_FIELDS = [
  ...['mounts.totalBytes', 'mounts.usedBytes', 'mounts.availableBytes', 'mounts.usedPercent'],
  ...['mounts.inodesTotal', 'mounts.inodesUsed'],
];

const NO_SIZES = {
  ...{ totalBytes: null, usedBytes: null, availableBytes: null, usedPercent: null },
  ...{ inodesTotal: null, inodesUsed: null },
};

function toSizes({ totalBytes, freeBytes, availableBytes, inodes, inodesFree }: FileSystemSizes) {
  const usedBytes = totalBytes - freeBytes;
  // Without what is kept back for root: a disk that is full for everybody else is full.
  const toUsers = usedBytes + availableBytes;
  const isLimited = inodes > 0 && inodesFree <= inodes;
  return {
    totalBytes,
    usedBytes,
    availableBytes,
    usedPercent: toUsers > 0 ? round((100 * usedBytes) / toUsers, 2) : null,
    inodesTotal: isLimited ? inodes : null,
    inodesUsed: isLimited ? inodes - inodesFree : null,
  };
}

const codeOf = (error: Error) => (error as NodeJS.ErrnoException).code;

/** Why a mount has no sizes, to be read after its name. */
function silence(error: Error): string {
  const code = codeOf(error);
  if (code === 'EACCES') return 'may not be read by this user';
  return code === undefined ? error.message : `cannot be read: ${code}`;
}

function nameSilent(faults: Faults, silent: readonly string[]): void {
  if (silent.length === 0) return;
  const others = silent.length > MAX_NAMED ? ['and others'] : [];
  faults.keep(SIZE_FIELDS, new Error([...silent.slice(0, MAX_NAMED), ...others].join('; ')));
}

export function linuxFilesystem(
  files: HostFiles,
  own: OwnFileSystems | null,
): Collector<'filesystem', FileSystemReading> {
  const reader = own && new FileSystemSizesReader(own.statFs, own.after);
  /** Mount points that turned out to be single files: another mount may stand for their file system. */
  const singleFiles = new Set<string>();
  /** The list changes seldom, and a host of many containers has thousands of lines. */
  let known: { readonly text: string; readonly mounts: readonly FileSystem[] } | null = null;

  function listMounts(): readonly FileSystem[] | Error {
    const info = files.proc('self/mountinfo');
    if (!(info instanceof Error)) return choose(info, parseMountinfo);
    const older = files.proc('mounts');
    return older instanceof Error ? info : choose(older, parseMounts);
  }

  function choose(text: string, parse: typeof parseMounts): readonly FileSystem[] | Error {
    if (known?.text === text) return known.mounts;
    const all = parse(text);
    if (all instanceof Error) return all;
    const points = new Set(all.map(({ point }) => point));
    for (const point of singleFiles) if (!points.has(point)) singleFiles.delete(point);
    known = { text, mounts: fileSystemsOf(all, singleFiles) };
    return known.mounts;
  }

  async function ask(
    sizesReader: FileSystemSizesReader,
    mounts: readonly FileSystem[],
    faults: Faults,
  ): Promise<Sample<FileSystemReading>> {
    // With a slash at its end the path of a single file is refused.
    const questions = mounts.map(({ point, part, remote }) => ({ point, path: part ? `${point}/` : point, remote }));
    const answers = await sizesReader.read(questions);
    const silent: string[] = [];
    const reading: FileSystemReading[number][] = [];
    for (const mount of mounts) {
      const answer = answers.get(mount.point) as FileSystemSizes | Error;
      if (!(answer instanceof Error)) {
        // Without any size it is no place for files, whatever its type; df leaves it out as well.
        if (answer.totalBytes > 0) reading.push({ mount, sizes: answer });
      } else if (mount.part && codeOf(answer) === 'ENOTDIR') {
        singleFiles.add(mount.point);
        known = null;
      } else {
        silent.push(`${mount.point.slice(0, MAX_NAME)} ${silence(answer)}`);
        reading.push({ mount, sizes: null });
      }
    }
    nameSilent(faults, silent);
    return { reading, faults: faults.list };
  }

  return {
    read() {
      const faults = new Faults();
      const all = faults.keep(['mounts'], listMounts());
      if (!all) return { reading: [], faults: faults.list };
      if (all.length === 0) return null;
      if (all.length > MAX_MOUNTS) faults.keep(['mounts'], new Error(`only the first ${MAX_MOUNTS} mounts are shown`));
      const mounts = all.slice(0, MAX_MOUNTS);
      if (reader) return ask(reader, mounts, faults);
      faults.list.push({ fields: SIZE_FIELDS, reason: 'sizes are not in the files of a machine', permanent: true });
      return { reading: mounts.map((mount) => ({ mount, sizes: null })), faults: faults.list };
    },
    derive: (reading) => ({
      mounts: reading.map(({ mount: { point, source, type, readOnly }, sizes }) => ({
        ...{ name: point, device: source, type, ...(sizes ? toSizes(sizes) : NO_SIZES), readOnly },
      })),
    }),
  };
}
