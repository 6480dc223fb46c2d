import {
  blankValues,
  encodeHead,
  encodeRecorded,
  metrics,
  type RecordedEvent,
  type RecordingHead,
} from '@telltale/shared';
import { type LoadedRecording, loadRecording } from './client/loaded-recording.ts';

/** The first line of a recording of CPU at one second and file systems at ten. */
export const HEAD: RecordingHead = {
  ...{ telltale: 'recording', protocol: 1, version: '0.0.0', source: 'live', recordedAt: 1_700_000_000_000 },
  host: {
    ...{ id: 'h', name: 'vm', bootAt: null, timezone: null, memory: { totalBytes: null } },
    os: { name: null, version: null, kernel: null, arch: null },
    cpu: { model: null, cores: null, threads: null },
  },
  ...{ from: null, to: null, metrics: { cpu: 1_000, filesystem: 10_000 }, absent: [] },
};

const event = (name: 'cpu' | 'filesystem', at: number, values: object) =>
  ({
    name,
    data: { at, elapsedMs: 1_000, ...blankValues(metrics[name].fields), ...values },
  }) as unknown as RecordedEvent;

export const recordedCpu = (at: number, usage: number | null) => event('cpu', at, { usage });

export const recordedMounts = (at: number, names: readonly string[]) => {
  const { at: _, elapsedMs, ...blank } = { at, elapsedMs: null, device: null, type: null, readOnly: null };
  const numbers = { totalBytes: 1, usedBytes: 1, availableBytes: 1, usedPercent: 50, inodesTotal: 1, inodesUsed: 1 };
  return event('filesystem', at, { mounts: names.map((name) => ({ name, ...blank, ...numbers })) });
};

export const loaded = (events: readonly RecordedEvent[]): Promise<LoadedRecording> =>
  loadRecording(new Blob([encodeHead(HEAD), ...events.map(encodeRecorded)]));
