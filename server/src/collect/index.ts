// What other packages may use of the sampling room: the benchmarks and the recorded hosts.
export type { Collector, Collectors, HostCollectors, Look, Sample } from './collector.ts';
export { type HostFiles, openHostFiles } from './linux/files.ts';
export { linuxCollectors } from './linux/index.ts';
