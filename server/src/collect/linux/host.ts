import { createHash } from 'node:crypto';
import type { Host } from '@telltale/shared';
import type { HostFiles } from './files.ts';
import { parseMeminfo } from './memory.ts';

export type Machine = Omit<Host, 'telltale'>;

/** What only this process can know of the machine it runs on; a recorded machine has none of it. */
export interface OwnMachine {
  readonly machineId: string | null;
  readonly osRelease: string | null;
  readonly arch: string;
  readonly timezone: string;
}

/** Parses /proc/cpuinfo: processors, and distinct pairs of package and core among them. */
export function parseCpuinfo(text: string): Host['cpu'] {
  const value = (block: string, name: string) =>
    new RegExp(`^${name}[ \\t]*:[ \\t]*(.+)$`, 'm').exec(block)?.[1]?.trim() ?? null;
  const blocks = text.split('\n\n').filter((block) => /^processor[ \t]*:/m.test(block));
  const cores = new Set(blocks.map((block) => `${value(block, 'physical id')}/${value(block, 'core id')}`));
  const known = blocks.some((block) => value(block, 'core id') !== null);
  const first = blocks[0] ?? '';
  return {
    model: value(first, 'model name') ?? value(text, 'Model') ?? value(text, 'Hardware'),
    cores: known ? cores.size : blocks.length || null,
    threads: blocks.length || null,
  };
}

/** Parses os-release(5). */
export function parseOsRelease(text: string): { name: string | null; version: string | null } {
  const value = (name: string) => new RegExp(`^${name}=["']?(.*?)["']?$`, 'm').exec(text)?.[1] ?? null;
  return { name: value('NAME'), version: value('VERSION_ID') };
}

const textOr = (value: string | Error): string | null => (value instanceof Error ? null : value.trim() || null);

/** The machine by its files. `own` is `null` for a recorded one: what its files do not hold is `null`. */
export function readLinuxHost(files: HostFiles, own: OwnMachine | null): Machine {
  const name = textOr(files.procOnce('sys/kernel/hostname'));
  const cpuinfo = files.procOnce('cpuinfo');
  const meminfo = files.proc('meminfo');
  const info = meminfo instanceof Error ? meminfo : parseMeminfo(meminfo);
  const stat = files.proc('stat');
  const bootSeconds = stat instanceof Error ? null : (/^btime (\d+)$/m.exec(stat)?.[1] ?? null);
  // machine-id(5): it must not be shown as it is, only hashed for one use.
  const identity = own?.machineId ?? name;
  const release = own?.osRelease ? parseOsRelease(own.osRelease) : { name: null, version: null };
  return {
    id: identity && createHash('sha256').update(`telltale:${identity}`).digest('hex').slice(0, 16),
    name,
    os: { ...release, kernel: textOr(files.procOnce('sys/kernel/osrelease')), arch: own?.arch ?? null },
    cpu: cpuinfo instanceof Error ? { model: null, cores: null, threads: null } : parseCpuinfo(cpuinfo),
    memory: { totalBytes: info instanceof Error ? null : (info.get('MemTotal') ?? null) },
    bootAt: bootSeconds === null ? null : Number(bootSeconds) * 1000,
    timezone: own?.timezone ?? null,
  };
}
