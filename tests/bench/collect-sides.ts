import { readFileSync } from 'node:fs';
import { type Collector, linuxCollectors, openHostFiles } from '@telltale/server/collect';
import type { MetricName } from '@telltale/shared';
import si from 'systeminformation';

export const SIDES = ['telltale', 'systeminformation'] as const;
export type Side = (typeof SIDES)[number];

/** The kernel tells times in /proc in hundredths of a second on every architecture that Node runs on. */
const MS_PER_TICK = 10;

/** CPU time of the child processes that have ended, in ms: cutime and cstime of proc_pid_stat(5). */
function childrenMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // The name, in parentheses, may hold anything; the field after it is the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * MS_PER_TICK;
}

/** Reads all three and makes of them what would be sent, as the server does at every tick. */
function ours(): () => Promise<unknown> {
  const collectors = linuxCollectors(openHostFiles('/proc', '/sys'));
  const before = new Map<MetricName, { reading: unknown; at: number }>();
  return async () => {
    const events: unknown[] = [];
    for (const [name, own] of Object.entries(collectors) as [MetricName, Collector<MetricName>][]) {
      const { reading } = await own.read();
      const earlier = before.get(name);
      const at = performance.now();
      events.push(own.derive(reading, earlier?.reading ?? null, earlier ? at - earlier.at : null));
      before.set(name, { reading, at });
    }
    return events;
  };
}

/** Without a list of names the library reads the interface of the default route alone: its cheapest way. */
const theirs = () => async () => [await si.currentLoad(), await si.mem(), await si.networkStats()];

/** Takes a sample whenever it is asked to, and answers the CPU time that its samples have taken so far. */
export function serveSamples(side: Side): void {
  const take = side === 'telltale' ? ours() : theirs();
  let ownMs = 0;
  process.on('message', async () => {
    const before = process.cpuUsage();
    await take();
    const { user, system } = process.cpuUsage(before);
    ownMs += (user + system) / 1000;
    process.send?.(ownMs + childrenMs());
  });
}
