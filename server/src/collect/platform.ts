import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { Host } from '@telltale/shared';
import type { Clock } from '../clock.ts';
import { type Collectors, collector } from './collector.ts';
import { openHostFiles } from './linux/files.ts';
import { type OwnMachine, parseOsRelease, readLinuxHost } from './linux/host.ts';
import { linuxCollectors, type OwnHost } from './linux/index.ts';
import { OwnStatFs } from './own-stat-fs.ts';
import { PortableBridge } from './portable/bridge.ts';
import { nvidiaCards } from './portable/gpu.ts';
import { portableHost } from './portable/host.ts';
import { portableCollectors } from './portable/index.ts';
import { type OwnCost, selfCollector } from './self.ts';
import { UserNames } from './user-names.ts';

export interface PlatformOptions {
  readonly provider: 'auto' | 'linux' | 'portable';
  readonly procRoot: string;
  readonly sysRoot: string;
  readonly workerFile: URL;
  readonly clock: Clock;
  readonly processArguments: boolean;
  /** What this server itself costs. */
  readonly ownCost: () => OwnCost;
}

/** The machine that is watched: who it is, and a collector for every metric. */
export interface Platform {
  readonly provider: 'linux' | 'portable';
  readonly collectors: Collectors;
  /** The inventory as far as it is known by now. */
  readonly host: () => Omit<Host, 'telltale'>;
  /** Whether the kernel owes an answer that may never come: such a process cannot simply exit. */
  hangs(): boolean;
  close(): void;
}

/** Opens the machine. Linux is read by ourselves; another system, or by wish this one, through systeminformation. */
export function openPlatform(options: PlatformOptions): Platform {
  const { provider, procRoot, sysRoot, workerFile, clock, processArguments, ownCost } = options;
  const self = collector<'self', OwnCost>(selfCollector(ownCost));
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
    const bridge = new PortableBridge(workerFile, clock);
    const stat = new OwnStatFs();
    const asked = files.own ? ownHost(bridge, clock, stat) : null;
    const collectors = linuxCollectors(files, { own: asked, processArguments, clock });
    let hung = false;
    const close = () => {
      files.close();
      // Not after: it is left one more for a moment, which ends.
      hung = bridge.hangs;
      bridge.stop();
    };
    const hangs = () => stat.hangs || hung;
    return { provider: 'linux', collectors: { ...collectors, self }, host: () => host, hangs, close };
  }
  const bridge = new PortableBridge(workerFile, clock);
  const release = own.osRelease === null ? null : parseOsRelease(own.osRelease);
  const host = portableHost(bridge, { ...own, release }, clock.now());
  // Asked for now, so that it is known when somebody wants it.
  host();
  let hung = false;
  const close = () => {
    hung = bridge.hangs;
    bridge.stop();
  };
  const collectors = portableCollectors(bridge, os.platform());
  return { provider: 'portable', collectors: { ...collectors, self }, host, hangs: () => hung, close };
}

function ownHost(bridge: PortableBridge, clock: Clock, { ask }: OwnStatFs): OwnHost {
  const users = new UserNames(() => readOr('/etc/passwd'));
  return { statFs: ask, after: clock.after, userName: (uid) => users.nameOf(uid), nvidia: nvidiaCards(bridge) };
}

function readOr(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
