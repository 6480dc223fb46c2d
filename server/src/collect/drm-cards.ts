import type { Faults } from './linux/faults.ts';
import type { HostFiles } from './linux/files.ts';
import { naturalOrder } from './natural-order.ts';
import { isSuspended, linkedName, readCelsius, readCount, readLine } from './sysfs.ts';

/** A graphics card with a driver, as it is found below /sys/class/drm. */
export interface DrmCard {
  /** The product's name where the card has one written in it, else the maker and the PCI ids: "AMD 1002:687f". */
  readonly name: string;
  /** Its PCI slot. */
  readonly place: string | null;
  readonly driver: string | null;
  /** Its device's folder below `/sys`. */
  readonly folder: string;
}

/** What a card says of itself. Its energy is a counter, in joules. */
export interface DrmReading {
  readonly usage: number | null;
  readonly memoryTotalBytes: number | null;
  readonly memoryUsedBytes: number | null;
  readonly celsius: number | null;
  readonly watts: number | null;
  readonly joules: number | null;
}

/** Makers of graphics processors, by PCI vendor. What virtual machines and remote consoles draw with is none of theirs. */
const MAKERS = new Map([
  ['0x1002', 'AMD'],
  ['0x10de', 'NVIDIA'],
  ['0x8086', 'Intel'],
]);

export const NO_READING: DrmReading = {
  ...{ usage: null, memoryTotalBytes: null, memoryUsedBytes: null, celsius: null, watts: null, joules: null },
};

/** The cards in these folders of /sys/class/drm, in natural order. What is not made by a maker of graphics is left out. */
export function findDrmCards(files: HostFiles, names: readonly string[]): DrmCard[] {
  const cards = names.filter((name) => /^card\d+$/.test(name)).sort(naturalOrder);
  return cards.flatMap((card) => {
    const folder = `class/drm/${card}/device`;
    const vendor = readLine(files, `${folder}/vendor`) ?? '';
    const maker = MAKERS.get(vendor);
    if (maker === undefined) return [];
    const ids = `${maker} ${hex(vendor)}:${hex(readLine(files, `${folder}/device`) ?? '')}`;
    return [
      {
        name: readLine(files, `${folder}/product_name`) ?? ids,
        place: linkedName(files, folder),
        driver: linkedName(files, `${folder}/driver`),
        folder,
      },
    ];
  });
}

const hex = (id: string) => id.replace(/^0x/, '');

/**
 * Reads what the driver tells: amdgpu its use and memory (drivers/gpu/drm/amd/pm/amdgpu_pm.c, amdgpu_vram_mgr.c), and any
 * driver temperature and power in its hwmon. i915 and xe count energy instead (sysfs-driver-intel-i915-hwmon, -xe-hwmon),
 * and no file of theirs says how busy they are: a clock is not a use.
 */
export function readDrmCard(files: HostFiles, { name, driver, folder }: DrmCard, faults: Faults): DrmReading {
  const asleep = isSuspended(files, folder);
  const paths = asleep ? [] : pathsOf(files, folder);
  const untold = new Error(
    asleep
      ? `${name} is suspended, and reading would wake it`
      : `${driver ?? 'its driver'} does not tell this of ${name}`,
  );
  const told = (pattern: RegExp, read: (files: HostFiles, name: string) => number | Error) => {
    const path = paths.find((each) => pattern.test(each));
    return path === undefined ? untold : read(files, path);
  };
  const missing = new Map<string, string[]>();
  const keep = (field: keyof DrmReading, value: number | Error): number | null => {
    if (!(value instanceof Error)) return value;
    missing.set(value.message, [...(missing.get(value.message) ?? []), `cards.${field}`]);
    return null;
  };
  const power = told(/\/power1_(?:average|input)$/, readMicro);
  const energy = power === untold ? told(/\/energy\d+_input$/, readMicro) : untold;
  const counted = energy !== untold;
  const reading = {
    usage: keep('usage', told(/device\/gpu_busy_percent$/, readShare)),
    memoryTotalBytes: keep('memoryTotalBytes', told(/device\/mem_info_vram_total$/, readCount)),
    memoryUsedBytes: keep('memoryUsedBytes', told(/device\/mem_info_vram_used$/, readCount)),
    // The edge; where there is none the hottest point, and on Intel's the package.
    celsius: keep('celsius', told(/\/temp\d+_input$/, readCelsius)),
    watts: counted ? null : keep('watts', power),
    joules: counted ? keep('watts', energy) : null,
  };
  for (const [reason, fields] of missing) faults.keep(fields, new Error(reason));
  return reading;
}

/** The files of a device and of its sensor chips. */
function pathsOf(files: HostFiles, folder: string): string[] {
  const chips = list(files, `${folder}/hwmon`).map((chip) => `${folder}/hwmon/${chip}`);
  return [folder, ...chips].flatMap((place) => list(files, place).map((file) => `${place}/${file}`));
}

function list(files: HostFiles, folder: string): string[] {
  const names = files.sysList(folder);
  return names instanceof Error ? [] : [...names].sort(naturalOrder);
}

/** Whole units of what a file has millionths of. */
function readMicro(files: HostFiles, name: string): number | Error {
  const value = readCount(files, name);
  return value instanceof Error ? value : value / 1e6;
}

function readShare(files: HostFiles, name: string): number | Error {
  const value = readCount(files, name);
  // Chips that cannot tell have been seen to answer with all bits set.
  return value instanceof Error || value <= 100 ? value : new Error(`/sys/${name} is more than 100 %`);
}
