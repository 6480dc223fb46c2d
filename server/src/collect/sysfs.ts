import type { HostFiles } from './linux/files.ts';

/** "All sysfs values are fixed point numbers" and "there is only one value per file" (hwmon/sysfs-interface.rst). */
const WHOLE = /^-?\d{1,15}$/;
/** Zero kelvin in thousandths of a degree. The kernel's word for "no temperature" is colder (THERMAL_TEMP_INVALID). */
const ABSOLUTE_ZERO = -273_150;

/** The whole number in a file of `/sys`, or why there is none. */
export function readWhole(files: HostFiles, name: string): number | Error {
  const text = files.sysOnce(name);
  if (text instanceof Error) return text;
  const digits = text.trim();
  return WHOLE.test(digits) ? Number(digits) : new Error(`/sys/${name} holds no whole number`);
}

/** The same for what cannot be negative. */
export function readCount(files: HostFiles, name: string): number | Error {
  const value = readWhole(files, name);
  return value instanceof Error || value >= 0 ? value : new Error(`/sys/${name} holds a negative number`);
}

/** A temperature in degrees Celsius; the file has thousandths. */
export function readCelsius(files: HostFiles, name: string): number | Error {
  const value = readWhole(files, name);
  if (value instanceof Error) return value;
  return value < ABSOLUTE_ZERO ? new Error(`/sys/${name} is below absolute zero`) : value / 1000;
}

/** One line of text; `null` where there is none. */
export function readLine(files: HostFiles, name: string): string | null {
  const text = files.sysOnce(name);
  return text instanceof Error ? null : text.trim() || null;
}

/** The last part of where a link points, such as the PCI slot or the driver; `null` without the link. */
export function linkedName(files: HostFiles, name: string): string | null {
  const target = files.sysLink(name);
  return target instanceof Error ? null : target.slice(target.lastIndexOf('/') + 1) || null;
}

/**
 * Whether a device sleeps (Documentation/ABI/testing/sysfs-devices-power, runtime_status). Drivers wake it to answer, so
 * who looks every few seconds keeps it awake and drains the battery (lm-sensors/lm-sensors#349).
 */
export function isSuspended(files: HostFiles, device: string): boolean {
  return readLine(files, `${device}/power/runtime_status`)?.startsWith('suspend') ?? false;
}
