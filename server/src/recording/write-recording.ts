import { createWriteStream, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import { MAX_RECORDING } from '@telltale/shared';
import type { Clock } from '../clock.ts';
import { attempt, toExit } from './file-error.ts';

/** How much of a compressed recording can be lost when its writer is killed. */
const FLUSH_MS = 5_000;

/** A recording that is being written. */
export interface RecordingWriter {
  /** Whether so much text still has room. */
  hasRoom(line: string): boolean;
  /** Resolves when there is room for more. Throws an {@link ExitError} when it cannot be written. */
  write(line: string): Promise<void>;
  /** Writes what is left and ends. */
  close(): Promise<void>;
  /** Characters so far, before they are compressed. */
  readonly text: number;
}

/**
 * Begins a recording: a new file, compressed if it is called `.gz`, or `output` for `-`. Throws an {@link ExitError}
 * that says what to do; a file that is there is never written over.
 */
export function createRecording(file: string, output: Writable, clock: Pick<Clock, 'after'>): RecordingWriter {
  // Names of processes are nobody else's business.
  const target =
    file === '-' ? output : createWriteStream('', { fd: attempt(file, () => openSync(file, 'wx', 0o600)) });
  const gzip = file.endsWith('.gz') ? createGzip() : null;
  gzip?.pipe(target);
  const entry: Writable = gzip ?? target;
  let text = 0;
  let failure: Error | null = null;
  let cancelFlush: (() => void) | null = null;
  let goOn = () => {};
  entry.on('drain', () => goOn());
  target.on('error', (error: Error) => {
    failure = error;
    goOn();
  });
  const check = () => {
    if (failure !== null) throw toExit(file, failure);
  };
  return {
    get text() {
      return text;
    },
    hasRoom: (line) => text + line.length <= MAX_RECORDING,
    async write(line) {
      check();
      text += line.length;
      const hasRoom = entry.write(line);
      if (gzip) {
        cancelFlush ??= clock.after(FLUSH_MS, () => {
          cancelFlush = null;
          gzip.flush(constants.Z_SYNC_FLUSH);
        });
      }
      if (!hasRoom && failure === null) {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
      }
      check();
    },
    async close() {
      cancelFlush?.();
      check();
      // Standard output is not ours to end.
      if (target === output) await new Promise<void>((resolve) => void output.write('', () => resolve()));
      else {
        entry.end();
        await new Promise<void>((resolve) => target.once('close', () => resolve()));
      }
      check();
    },
  };
}
