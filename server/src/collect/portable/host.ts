import { createHash } from 'node:crypto';
import os from 'node:os';
import type { Host } from '@telltale/shared';

/** The machine as Node itself knows it, without starting a process. */
export function readPortableHost(
  own: { readonly machineId: string | null; readonly arch: string; readonly timezone: string },
  now: number,
): Omit<Host, 'telltale'> {
  const cpus = os.cpus();
  const identity = own.machineId ?? os.hostname();
  return {
    id: createHash('sha256').update(`telltale:${identity}`).digest('hex').slice(0, 16),
    name: os.hostname(),
    os: { name: os.type(), version: os.version(), kernel: os.release(), arch: own.arch },
    cpu: { model: cpus[0]?.model.trim() ?? null, cores: null, threads: cpus.length || null },
    memory: { totalBytes: os.totalmem() },
    bootAt: Math.round((now - os.uptime() * 1000) / 1000) * 1000,
    timezone: own.timezone,
  };
}
