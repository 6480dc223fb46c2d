import type { MetricValues } from '@telltale/shared';
import type { Collector, ReadFault } from '../collector.ts';
import { naturalOrder } from '../natural-order.ts';
import type { SharedProcess, SharesReading } from '../process-shares.ts';
import { perSecond, round } from '../rate.ts';
import { neverTold, told, toldText } from '../told.ts';
import type { PortableCalls } from './bridge.ts';

type Top = MetricValues<'process'>['byCpu'][number];

interface Reading extends Omit<SharesReading, 'processes'> {
  readonly tellsUse: boolean;
  readonly processes: ReadonlyMap<number, SharedProcess>;
}

/** How many a list shows. */
const TOP = 20;
const inBoth = (field: string) => [`byCpu.${field}`, `byMemory.${field}`];
const IO = ['readBytesPerSecond', 'writeBytesPerSecond'];
// Of a command line it does not tell where an argument ends, so that no secret in it could be masked for certain.
const NOT_TOLD = neverTold(['threads', ...['threads', 'arguments', ...IO].flatMap(inBoth), 'byIo']);
const NO_USER = neverTold(inBoth('user'));
const NO_STATE = neverTold(inBoth('state'));
const NO_USE: ReadFault = { fields: ['byCpu', 'byMemory.usage'], reason: 'systeminformation told no processor time' };

const STATES = new Map([
  ['running', 'R'],
  ['sleeping', 'S'],
  ['blocked', 'D'],
  ['stopped', 'T'],
  ['zombie', 'Z'],
]);

const isTold = ({ pid, name, startedAt, residentBytes, share }: SharedProcess) =>
  name !== '' && [pid, startedAt, residentBytes, share].every((value) => told(value) !== null);

/** Use of the processors in percent of one, between two looks at a process. */
function usageOf(now: SharedProcess, before: SharedProcess | undefined, measuredMs: number | null): number | null {
  const earlier = before?.startedAt === now.startedAt ? before : undefined;
  const msPerSecond = perSecond(now.cpuMs, earlier?.cpuMs, measuredMs, 3);
  return msPerSecond === null ? null : round(msPerSecond / 10, 2);
}

/** Those with the highest scores, of the ones that have any, in the order of lists. */
function topOf(all: readonly Top[], score: (each: Top) => number | null): Top[] {
  return all
    .filter((each) => (score(each) ?? 0) > 0)
    .sort((a, b) => (score(b) ?? 0) - (score(a) ?? 0))
    .slice(0, TOP)
    .sort((a, b) => naturalOrder(a.name, b.name) || (a.pid ?? 0) - (b.pid ?? 0));
}

export function portableProcess(bridge: PortableCalls): Collector<'process', Reading> {
  // Where `ps` is a smaller one, the library tells of everybody that it uses nothing.
  let tellsUse = false;
  return {
    async read() {
      const { processes, ...look } = await bridge.call('process');
      const all = processes.filter(isTold);
      if (all.length === 0) throw new Error('systeminformation told no processes');
      tellsUse ||= all.some(({ share }) => share > 0);
      const faults = [NOT_TOLD];
      if (!tellsUse) faults.push(NO_USE);
      if (all.some(({ user }) => toldText(user) === null)) faults.push(NO_USER);
      if (all.some(({ state }) => !STATES.has(state))) faults.push(NO_STATE);
      const reading = { ...look, tellsUse, processes: new Map(all.map((each) => [each.pid, each])) };
      return { reading, measuredAt: look.measuredAt, faults };
    },
    derive({ since, measuredAt, isMeasured, tellsUse: isUseTold, processes }, before) {
      const earlier = before?.since === since ? before : null;
      const measuredMs = earlier && measuredAt - earlier.measuredAt;
      const all = [...processes.values()].map((each): Top => {
        const usage = isMeasured ? usageOf(each, earlier?.processes.get(each.pid), measuredMs) : round(each.share, 2);
        return {
          name: each.name,
          pid: each.pid,
          startedAt: each.startedAt,
          user: toldText(each.user),
          usage: isUseTold ? usage : null,
          residentBytes: each.residentBytes,
          readBytesPerSecond: null,
          writeBytesPerSecond: null,
          state: STATES.get(each.state) ?? null,
          threads: null,
          arguments: null,
        };
      });
      return {
        count: processes.size,
        threads: null,
        byCpu: topOf(all, ({ usage }) => usage),
        byMemory: topOf(all, ({ residentBytes }) => residentBytes),
        byIo: [],
      };
    },
  };
}
