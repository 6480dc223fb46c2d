import type { Clock } from '../../clock.ts';
import type { Collector } from '../collector.ts';
import { type InterfaceFacts, InterfaceFactsReader } from '../interface-facts.ts';
import { type Interface, totalsOf } from '../interfaces.ts';
import { naturalOrder } from '../natural-order.ts';
import { happeningsPerSecond, perSecond } from '../rate.ts';
import { isCount } from '../text-lines.ts';
import { Faults } from './faults.ts';
import type { HostFiles } from './files.ts';

export interface InterfaceCounters {
  readonly rxBytes: number;
  readonly rxPackets: number;
  readonly rxErrors: number;
  readonly rxDrops: number;
  readonly txBytes: number;
  readonly txPackets: number;
  readonly txErrors: number;
  readonly txDrops: number;
}

export interface NetworkReading {
  readonly counters: ReadonlyMap<string, InterfaceCounters> | null;
  readonly facts: ReadonlyMap<string, InterfaceFacts>;
  readonly tcp: { readonly established: number; readonly retransmits: number } | null;
}

/** Interfaces beyond this many are left out, with a fault: a machine with more is a router of containers. */
const MAX_INTERFACES = 512;

/** Parses /proc/net/dev (proc_pid_net(5)). A name cannot hold ":" or white space (dev_valid_name of the kernel). */
export function parseNetDev(text: string): ReadonlyMap<string, InterfaceCounters> | Error {
  const counters = new Map<string, InterfaceCounters>();
  const [, header, ...lines] = text.split('\n');
  if (!header?.includes('|bytes')) return new Error('/proc/net/dev has no header');
  for (const line of lines) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    const columns = line
      .slice(colon + 1)
      .trim()
      .split(/ +/);
    if (colon < 0 || columns.length < 16 || !columns.every(isCount)) {
      return new Error(`/proc/net/dev: cannot understand "${line.trim().slice(0, 60)}"`);
    }
    const [rxBytes, rxPackets, rxErrors, rxDrops, , , , , txBytes, txPackets, txErrors, txDrops] = columns.map(Number);
    // The kernel pads with spaces alone; a name may begin or end with other characters that JavaScript takes for space.
    counters.set(line.slice(0, colon).replace(/^ +/, ''), {
      ...{ rxBytes, rxPackets, rxErrors, rxDrops, txBytes, txPackets, txErrors, txDrops },
    } as InterfaceCounters);
  }
  // Every namespace has its loopback: a list without any interface was cut short.
  return counters.size > 0 ? counters : new Error('/proc/net/dev lists no interface');
}

/** Parses the two `Tcp:` lines of /proc/net/snmp: names, then values (RFC 4022 names). */
export function parseTcp(text: string): { established: number; retransmits: number } | Error {
  const [names, values] = text
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'))
    .map((line) => line.trim().split(' '));
  const value = (name: string) => values?.[names?.indexOf(name) ?? -1] ?? '';
  const [established, retransmits] = [value('CurrEstab'), value('RetransSegs')];
  // With fewer values than names the last of them may have been cut short.
  const isWhole = names?.length === values?.length && isCount(established) && isCount(retransmits);
  if (!isWhole) return new Error('/proc/net/snmp has no TCP counters');
  return { established: Number(established), retransmits: Number(retransmits) };
}

function toInterface(
  name: string,
  now: InterfaceCounters,
  before: InterfaceCounters | undefined,
  facts: InterfaceFacts | undefined,
  elapsedMs: number | null,
): Interface {
  const reset = before !== undefined && (now.rxBytes < before.rxBytes || now.txBytes < before.txBytes);
  const bytes = (field: keyof InterfaceCounters) => (reset ? null : perSecond(now[field], before?.[field], elapsedMs));
  const rate = (field: keyof InterfaceCounters) =>
    reset ? null : happeningsPerSecond(now[field], before?.[field], elapsedMs);
  return {
    name,
    kind: facts?.kind ?? null,
    up: facts?.up ?? null,
    speedBitsPerSecond: facts?.speedBitsPerSecond ?? null,
    rxBytesPerSecond: bytes('rxBytes'),
    txBytesPerSecond: bytes('txBytes'),
    rxPacketsPerSecond: rate('rxPackets'),
    txPacketsPerSecond: rate('txPackets'),
    rxErrorsPerSecond: rate('rxErrors'),
    txErrorsPerSecond: rate('txErrors'),
    rxDropsPerSecond: rate('rxDrops'),
    txDropsPerSecond: rate('txDrops'),
    rxBytes: now.rxBytes,
    txBytes: now.txBytes,
    reset,
  };
}

export function linuxNetwork(files: HostFiles, clock?: Pick<Clock, 'monotonic'>): Collector<'network', NetworkReading> {
  const reader = new InterfaceFactsReader(files, clock);
  return {
    read() {
      const faults = new Faults();
      const fields = ['rxBytesPerSecond', 'txBytesPerSecond', 'totalOf', 'interfaces'];
      const all = faults.parse(fields, files.proc('net/dev'), parseNetDev);
      const counters = all && new Map([...all].slice(0, MAX_INTERFACES));
      if (all && all.size > MAX_INTERFACES) {
        faults.keep(['interfaces'], new Error(`${all.size} interfaces: only the first ${MAX_INTERFACES} are shown`));
      }
      const facts = reader.read([...(counters?.keys() ?? [])]);
      const unknown = [...facts].find(([, { kind }]) => kind === null);
      const told = ['interfaces.kind', 'interfaces.up', 'interfaces.speedBitsPerSecond'];
      const stateless = [...facts].find(([, { up }]) => up === null);
      if (unknown) faults.keep(told, new Error(`class/net/${unknown[0]} is not in /sys`));
      else if (stateless) faults.keep(['interfaces.up'], new Error(`/sys does not tell the state of ${stateless[0]}`));
      const tcp = faults.parse(['tcp'], files.proc('net/snmp'), parseTcp);
      return { reading: { counters, facts, tcp }, faults: faults.list };
    },
    derive({ counters, facts, tcp }, before, elapsedMs) {
      const interfaces = [...(counters ?? [])]
        .map(([name, now]) => toInterface(name, now, before?.counters?.get(name), facts.get(name), elapsedMs))
        .sort((a, b) => naturalOrder(a.name, b.name));
      const totals = counters ? totalsOf(interfaces, elapsedMs) : null;
      return {
        rxBytesPerSecond: totals?.rxBytesPerSecond ?? null,
        txBytesPerSecond: totals?.txBytesPerSecond ?? null,
        totalOf: totals?.totalOf ?? null,
        interfaces,
        tcp: tcp && {
          established: tcp.established,
          retransmitsPerSecond: happeningsPerSecond(tcp.retransmits, before?.tcp?.retransmits, elapsedMs),
        },
      };
    },
  };
}
