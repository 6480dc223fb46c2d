import {
  type Events,
  encodeHead,
  encodeRecorded,
  type Host,
  isRecorded,
  type MetricName,
  type Pace,
  type RecordingHead,
} from '@telltale/shared';
import { EXIT, ExitError } from '../errors.ts';
import { ask } from './ask.ts';
import { follow } from './follow.ts';
import { type Made, tell } from './tell.ts';
import type { RecordingWorld } from './world.ts';
import { createRecording, type RecordingWriter } from './write-recording.ts';

export interface LiveOptions {
  readonly file: string;
  /** With a "/" at the end. */
  readonly base: string;
  readonly metrics: readonly MetricName[] | null;
  readonly interval: Pace | null;
  /** How long, or `null` until it is stopped. */
  readonly forMs: number | null;
}

/**
 * Records what a running server sends, as it comes. Answers with a line that says what was made. Throws an
 * {@link ExitError} that says what to do.
 */
export async function exportLive(options: LiveOptions, world: RecordingWorld): Promise<string> {
  const { file, base, forMs } = options;
  const { clock } = world;
  const done = new AbortController();
  const stopped = AbortSignal.any([world.stopped, done.signal]);
  let cancelEnd: (() => void) | null = null;
  let writer: RecordingWriter | null = null;
  const made: Made = { events: 0, name: null, from: null, to: null, full: false };
  try {
    for await (const event of follow(options, { ...world, stopped })) {
      if (event.name === 'hello' && writer === null) {
        writer = createRecording(file, world.output, clock);
        const head = headOf(event.data, await hostAt(base, event.data, world), world.version);
        made.name = head.host.name;
        await writer.write(encodeHead(head));
        if (forMs !== null) cancelEnd = clock.after(forMs, () => done.abort());
      }
      if (writer === null || !isRecorded(event)) continue;
      const line = encodeRecorded(event);
      made.full = !writer.hasRoom(line);
      if (made.full) break;
      await writer.write(line);
      made.events++;
      if ('at' in event.data) {
        made.from ??= event.data.at;
        made.to = event.data.at;
      }
    }
  } finally {
    cancelEnd?.();
    await writer?.close();
  }
  if (writer === null) throw new ExitError(EXIT.ok, 'stopped before anything came: nothing was recorded');
  return tell(made, file, writer.text);
}

/** What is known of the machine; a server that tells no more than its name is recorded all the same. */
async function hostAt(base: string, { host }: Events['hello'], world: RecordingWorld): Promise<RecordingHead['host']> {
  const unknown = {
    ...{ bootAt: null, timezone: null, memory: { totalBytes: null } },
    os: { name: null, version: null, kernel: null, arch: null },
    cpu: { model: null, cores: null, threads: null },
  };
  try {
    const { telltale, ...known } = await ask<Host>(base, 'api/host', world);
    return { ...unknown, ...known, ...host };
  } catch {
    return { ...unknown, ...host };
  }
}

function headOf(hello: Events['hello'], host: RecordingHead['host'], version: string): RecordingHead {
  return {
    ...{ telltale: 'recording', protocol: hello.protocol, version, host, source: 'live', recordedAt: hello.at },
    ...{ from: null, to: null, metrics: hello.metrics, absent: [] },
  };
}
