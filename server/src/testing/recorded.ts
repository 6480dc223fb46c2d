import { blankValues, metrics, type RecordedEvent, type RecordingHead } from '@telltale/shared';

/** The first line of a recording of CPU and processes. */
export const HEAD: RecordingHead = {
  ...{ telltale: 'recording', protocol: 1, version: '0.0.0', source: 'live', recordedAt: 1_700_000_000_000 },
  host: {
    ...{ id: 'h', name: 'vm', bootAt: null, timezone: null, memory: { totalBytes: null } },
    os: { name: null, version: null, kernel: null, arch: null },
    cpu: { model: null, cores: null, threads: null },
  },
  ...{ from: null, to: null, metrics: { cpu: 1_000, process: 2_000 }, absent: [] },
};

/** An event of a metric of which nothing is known but its time. */
export const recorded = (name: 'cpu' | 'memory' | 'process', at: number, values: object = {}): RecordedEvent =>
  ({
    name,
    data: { at, elapsedMs: null, ...blankValues(metrics[name].fields), ...values },
  }) as unknown as RecordedEvent;
