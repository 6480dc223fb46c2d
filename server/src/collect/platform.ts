import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { Host } from '@telltale/shared';
import type { Clock } from '../clock.ts';
import type { Collectors } from './collector.ts';
import { openHostFiles } from './linux/files.ts';
import { type OwnMachine, readLinuxHost } from './linux/host.ts';
import { linuxCollectors } from './linux/index.ts';
import { PortableBridge } from './portable/bridge.ts';
import { readPortableHost } from './portable/host.ts';
import { portableCollectors } from './portable/index.ts';

export interface PlatformOptions {
  readonly provider: 'auto' | 'linux' | 'portable';
  readonly procRoot: string;
  readonly sysRoot: string;
  readonly workerFile: URL;
  readonly clock: Clock;
}

/** The machine that is watched: who it is, and a collector for every metric. */
export interface Platform {
  readonly provider: 'linux' | 'portable';
  readonly collectors: Collectors;
  readonly host: Omit<Host, 'telltale'>;
  close(): void;
}

/** Opens the machine. Linux is read by ourselves; another system, or by wish this one, through systeminformation. */
export function openPlatform({ provider, procRoot, sysRoot, workerFile, clock }: PlatformOptions): Platform {
  const foreign = procRoot !== '/proc' || sysRoot !== '/sys';
  const own: OwnMachine = {
    machineId: readOr('/etc/machine-id'),
    osRelease: readOr('/etc/os-release'),
    arch: os.arch(),
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  if (provider === 'linux' || (provider === 'auto' && (foreign || os.platform() === 'linux'))) {
    const files = openHostFiles(procRoot, sysRoot);
    const host = readLinuxHost(files, foreign ? null : own);
    return { provider: 'linux', collectors: linuxCollectors(files), host, close: () => files.close() };
  }
  const bridge = new PortableBridge(workerFile, clock);
  const host = readPortableHost(own, clock.now());
  return { provider: 'portable', collectors: portableCollectors(bridge), host, close: () => bridge.stop() };
}

function readOr(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
