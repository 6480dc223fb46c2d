import type { Clock } from '../clock.ts';
import type { HostFiles } from '../collect/linux/files.ts';
import { readLinuxHost } from '../collect/linux/host.ts';
import { linuxCollectors } from '../collect/linux/index.ts';
import { EXIT, ExitError } from '../errors.ts';
import { anonymise } from './anonymous.ts';
import { describeRecording } from './describe.ts';
import { claimFolder, LOOKS } from './recording-folder.ts';
import { type Snapshot, watchFiles } from './snapshot.ts';
import { StandIns } from './stand-ins.ts';

export interface RecordOptions {
  /** A folder that is new or empty. */
  readonly folder: string;
  /** How far the two looks are apart. */
  readonly seconds: number;
  /** Whether names are replaced. */
  readonly anonymous: boolean;
  /** Whether the command lines of processes are recorded. */
  readonly 'process-arguments': boolean;
}

export interface RecordWorld {
  readonly files: HostFiles;
  readonly clock: Clock;
  readonly version: string;
  /** As Node names it. */
  readonly platform: string;
  /** Somebody wants it to end. */
  readonly stopped: AbortSignal;
}

/** `recording.json`. */
export interface Recording {
  /** Between the beginnings of the two looks, monotonic. */
  readonly elapsedMs: number;
  /** Epoch ms of the second look. */
  readonly at: number;
  readonly kernel: string | null;
  /** The version that made it. */
  readonly telltale: string;
  readonly anonymous: boolean;
  /** What is there and could not be read, or was left out since it may hold names. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Records a machine: the files that the collectors read, twice, so that they can be replayed elsewhere. Answers with the
 * line that says where it is. Throws an {@link ExitError} that says what to do; then nothing is left behind.
 */
export async function record(options: RecordOptions, world: RecordWorld): Promise<string> {
  const { folder, seconds, anonymous } = options;
  const { clock, version, platform, stopped } = world;
  if (platform !== 'linux') {
    throw new ExitError(EXIT.refused, `there is no /proc to record on ${platform}: this works on Linux alone`);
  }
  const place = claimFolder(folder);
  try {
    const first = await look(options, world);
    await pause(seconds * 1_000, clock, stopped);
    const second = await look(options, world);
    refuseIfStopped(stopped);
    const standIns = new StandIns();
    const snapshots = [first, second].map(({ snapshot }) => (anonymous ? anonymise(snapshot, standIns) : snapshot));
    const recording: Recording = {
      elapsedMs: Math.round((second.startedAt - first.startedAt) * 10) / 10,
      at: second.at,
      kernel: second.snapshot.texts.get('proc/sys/kernel/osrelease')?.trim() ?? null,
      telltale: version,
      anonymous,
      unreadable: LOOKS.flatMap((name, i) => unreadableOf(name, snapshots[i] as Snapshot)),
    };
    const { files, bytes } = place.write({ snapshots, recording, readme: describeRecording(recording, options) });
    return `recorded ${files} files, ${bytes} bytes, in ${folder}`;
  } catch (error) {
    place.release();
    throw error;
  }
}

interface Look {
  readonly snapshot: Snapshot;
  readonly startedAt: number;
  readonly at: number;
}

/** With collectors of its own, so that nothing is missing because it was known from before. */
async function look(options: RecordOptions, { files, clock }: RecordWorld): Promise<Look> {
  const watched = watchFiles(files);
  const [startedAt, at] = [clock.monotonic(), clock.now()];
  const collectors = linuxCollectors(watched, { own: null, processArguments: options['process-arguments'] });
  for (const collector of Object.values(collectors)) {
    try {
      await collector.read();
    } catch {
      // What cannot be understood is what a recording is made for.
    }
  }
  readLinuxHost(watched, null);
  return { snapshot: watched.snapshot, startedAt, at };
}

function refuseIfStopped(stopped: AbortSignal): void {
  if (stopped.aborted) throw new ExitError(EXIT.ok, 'stopped before the end: nothing was recorded');
}

async function pause(ms: number, clock: Clock, stopped: AbortSignal): Promise<void> {
  refuseIfStopped(stopped);
  await new Promise<void>((resolve) => {
    const cancel = clock.after(ms, resolve);
    stopped.addEventListener('abort', () => resolve(cancel()), { once: true });
  });
  refuseIfStopped(stopped);
}

const unreadableOf = (folder: string, { unreadable }: Snapshot) =>
  [...unreadable]
    .map(([path, { reason }]) => ({ path: `${folder}/${path}`, reason }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
