import { count, group, list, rate, share } from '../field.ts';
import { metric, type Sum } from '../metric.ts';

/** Where the time of a set of processors went; the eight below `usage` add up to 100. Source: proc_stat(5). */
const shares = {
  usage: share('Used', '100 - idle - iowait, of the processor time in the interval'),
  user: share('User', 'Programs at normal priority, guests taken out'),
  nice: share('Nice', 'Programs at lowered priority, guests taken out'),
  system: share('System', 'The kernel on behalf of programs'),
  interrupt: share('Interrupts', 'Hardware and software interrupts (irq + softirq)'),
  steal: share('Steal', 'Time that the hypervisor gave to other machines'),
  guest: share('Guest', 'Virtual machines run by this one (guest + guest_nice)'),
  iowait: share('I/O wait', 'Idle while a disk request of this processor was under way; counted as idle, as htop does'),
  idle: share('Idle', 'Nothing to do'),
};

const sums: readonly Sum[] = [
  { total: 100, parts: ['usage', 'idle', 'iowait'] },
  { total: 100, parts: ['idle', 'user', 'nice', 'system', 'interrupt', 'steal', 'guest', 'iowait'] },
];

export const cpu = metric({
  title: 'CPU',
  pace: 'base',
  subSecond: true,
  sums: [...sums, ...sums.map((sum) => ({ ...sum, list: 'cores' }))],
  fields: {
    ...shares,
    load1: count('Load 1 min', 'Runnable and uninterruptible tasks, averaged over 1 minute by the kernel', {
      unit: 'load',
    }),
    load5: count('Load 5 min', 'The same over 5 minutes', { unit: 'load' }),
    load15: count('Load 15 min', 'The same over 15 minutes', { unit: 'load' }),
    running: count('Running', 'Tasks on a processor or ready for one (procs_running)'),
    blocked: count('Blocked', 'Tasks that wait for I/O (procs_blocked)'),
    contextSwitchesPerSecond: rate('Context switches', 'Switches from one task to another, all processors'),
    cores: list('Cores', 'Each processor under the number that the kernel gives it', shares),
    quota: group('Quota', 'What a cgroup lets this machine use; null without a limit', {
      cores: count('Cores allowed', 'cpu.max quota divided by its period', { unit: 'cores', aggregate: 'last' }),
    }),
  },
});
