import { createHash } from 'node:crypto';
import os from 'node:os';
import type { Host } from '@telltale/shared';
import { told, toldText } from '../told.ts';
import type { PortableCalls } from './bridge.ts';

type Machine = Omit<Host, 'telltale'>;

export interface OwnMachine {
  readonly machineId: string | null;
  /** What os-release(5) says, which only Linux has. */
  readonly release: Pick<Host['os'], 'name' | 'version'> | null;
  readonly arch: string;
  readonly timezone: string;
}

/** What is called differently by those who know it. */
const OS_NAMES = new Map([
  ['Darwin', 'macOS'],
  ['Windows_NT', 'Windows'],
]);

/** The machine as Node itself knows it, without starting a process. */
function readOwn({ machineId, release, arch, timezone }: OwnMachine, now: number): Machine {
  const cpus = os.cpus();
  const identity = machineId ?? os.hostname();
  const type = os.type();
  return {
    id: createHash('sha256').update(`telltale:${identity}`).digest('hex').slice(0, 16),
    name: os.hostname(),
    // The version that Node knows is that of the kernel.
    os: { ...(release ?? { name: OS_NAMES.get(type) ?? type, version: null }), kernel: os.release(), arch },
    cpu: { model: toldText(cpus[0]?.model), cores: null, threads: cpus.length || null },
    memory: { totalBytes: os.totalmem() },
    bootAt: Math.round((now - os.uptime() * 1000) / 1000) * 1000,
    timezone,
  };
}

/**
 * The machine, at first as Node knows it and then completed once systeminformation has answered: it starts processes,
 * and nobody is to wait for them. Asked again where it failed.
 */
export function portableHost(bridge: PortableCalls, own: OwnMachine, now: number): () => Machine {
  let machine = readOwn(own, now);
  let isAsked = false;

  async function complete(): Promise<void> {
    const processor = await bridge.call('processor');
    const { threads } = machine.cpu;
    const model = machine.cpu.model ?? toldText(`${processor.manufacturer} ${processor.brand}`);
    machine = { ...machine, cpu: { model, cores: told(processor.physicalCores, 1, threads ?? undefined), threads } };
    if (own.release !== null) return;
    const system = await bridge.call('system');
    const name = toldText(system.distro) ?? machine.os.name;
    machine = { ...machine, os: { ...machine.os, name, version: toldText(system.release) } };
  }

  return () => {
    if (!isAsked) {
      isAsked = true;
      complete().catch(() => {
        isAsked = false;
      });
    }
    return machine;
  };
}
