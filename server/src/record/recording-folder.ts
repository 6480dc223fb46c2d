import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, ExitError } from '../errors.ts';
import type { Snapshot } from './snapshot.ts';
import { type Written, writeSnapshot } from './write-snapshot.ts';

/** The folders of the first and the second look. */
export const LOOKS = ['1', '2'] as const;
const RECORDING = 'recording.json';
const README = 'README.md';

/** What goes into a recording. */
export interface RecordingParts {
  /** One for each look. */
  readonly snapshots: readonly Snapshot[];
  readonly readme: string;
  readonly recording: object;
}

export interface RecordingFolder {
  /** Writes everything. Throws an {@link ExitError}. */
  write(parts: RecordingParts): Written;
  /** Leaves no trace. */
  release(): void;
}

/**
 * Makes the folder of a recording, so that it is known at once whether it can be written. Its parent has to be there:
 * below /proc, Node's `recursive` tries for ever. Throws an {@link ExitError} that says what to do.
 */
export function claimFolder(folder: string): RecordingFolder {
  const isNew = !existsSync(folder);
  attempt(folder, EXIT.usage, () => {
    // Some of what root may read is nobody else's business.
    if (isNew) mkdirSync(folder, { mode: 0o700 });
    if (readdirSync(folder).length > 0) {
      throw new ExitError(EXIT.usage, `${folder} is not empty: name a folder that is new or empty`);
    }
    mkdirSync(join(folder, LOOKS[0]));
  });
  return {
    write: (parts) => attempt(folder, EXIT.internal, () => writeParts(folder, parts)),
    release() {
      for (const own of [...LOOKS, README, RECORDING]) rmSync(join(folder, own), { recursive: true, force: true });
      // What somebody else put there meanwhile is theirs.
      if (isNew && readdirSync(folder).length === 0) rmdirSync(folder);
    },
  };
}

/** `recording.json` comes last: without it a recording is not whole. */
function writeParts(folder: string, { snapshots, readme, recording }: RecordingParts): Written {
  const written = LOOKS.map((look, i) => writeSnapshot(join(folder, look), snapshots[i] as Snapshot));
  writeFileSync(join(folder, README), readme);
  writeFileSync(join(folder, RECORDING), `${JSON.stringify(recording, null, 2)}\n`);
  return {
    files: written.reduce((sum, { files }) => sum + files, 0),
    bytes: written.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function attempt<T>(folder: string, exitCode: number, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof ExitError ? error : unwritable(folder, exitCode, error);
  }
}

function unwritable(folder: string, exitCode: number, error: unknown): ExitError {
  return new ExitError(exitCode, `${folder} cannot be written: ${error instanceof Error ? error.message : error}`);
}
