import { createReadStream, createWriteStream, fstatSync, openSync } from 'node:fs';
import { pipeline, Readable, type Writable } from 'node:stream';
import { constants, createGunzip, createGzip } from 'node:zlib';
import {
  MAX_RECORDING,
  NotARecording,
  type RecordedEvent,
  type RecordingHead,
  RecordingReader,
} from '@telltale/shared';
import type { Clock } from '../clock.ts';
import { EXIT, ExitError } from '../errors.ts';

/** How much of a compressed recording can be lost when its writer is killed. */
const FLUSH_MS = 5_000;
const GZIP_MAGIC = [0x1f, 0x8b];

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

/** A recording that is being read. */
export interface OpenRecording {
  readonly head: RecordingHead;
  /** What was passed over so far, and whether it came to its end. */
  readonly reader: RecordingReader;
  /** The events in order, read as they are asked for. */
  readonly events: AsyncGenerator<RecordedEvent>;
}

/** Opens a recording, compressed or not. Throws an {@link ExitError} that says what to do. */
export async function openRecording(file: string): Promise<OpenRecording> {
  const fd = attempt(file, () => openSync(file, 'r'));
  if (attempt(file, () => fstatSync(fd).isDirectory()))
    throw toExit(file, Object.assign(new Error(), { code: 'EISDIR' }));
  const reader = new RecordingReader();
  const pieces = eventsOf(createReadStream('', { fd }), reader);
  try {
    // Until the first line is whole there is nothing to be known of the rest.
    const first: RecordedEvent[] = [];
    let head = reader.head;
    while (head === null) {
      // Where there is none this comes to its end by throwing.
      const { value } = await pieces.next();
      first.push(...(value ?? []));
      head = reader.head;
    }
    return { head, reader, events: flatten(first, pieces) };
  } catch (error) {
    throw toExit(file, error as Error);
  }
}

async function* flatten(first: readonly RecordedEvent[], pieces: AsyncIterable<readonly RecordedEvent[]>) {
  yield* first;
  for await (const piece of pieces) yield* piece;
}

/** The events of each piece. Compressed text that is damaged or has no end counts up to there. */
async function* eventsOf(file: Readable, reader: RecordingReader): AsyncGenerator<readonly RecordedEvent[]> {
  const decoder = new TextDecoder();
  let whole = true;
  try {
    for await (const bytes of await plain(file)) {
      yield reader.feed(decoder.decode(bytes as Uint8Array, { stream: true }));
      if (reader.skipped.full) break;
    }
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error;
    whole = false;
  } finally {
    file.destroy();
  }
  yield reader.end(whole);
}

/** The text of a file, whatever it is called. */
async function plain(file: Readable): Promise<AsyncIterable<unknown>> {
  const pieces: AsyncIterator<Uint8Array> = file[Symbol.asyncIterator]();
  const first = await pieces.next();
  async function* all() {
    if (first.done) return;
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => pieces };
  }
  if (first.done || !GZIP_MAGIC.every((byte, i) => first.value[i] === byte)) return all();
  // What was written by who was killed has no end, and is good up to there.
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  pipeline(Readable.from(all()), gunzip, () => {});
  return gunzip;
}

function attempt<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw toExit(file, error as Error);
  }
}

const ADVICE = new Map([
  ['ENOENT', 'there is no such place: name a file in a folder that is there'],
  ['EEXIST', 'is there already, and is not written over: choose another name'],
  ['EISDIR', 'is a folder, not a file; what telltale record made is shown with --proc-root and --sys-root'],
  ['EACCES', 'may not be opened by this user'],
  ['ENOSPC', 'the disk is full: what is there of the recording can be played'],
]);

function toExit(file: string, error: NodeJS.ErrnoException): ExitError {
  if (error instanceof NotARecording) return new ExitError(EXIT.usage, `${file} ${error.message}`);
  if (error.code === 'EPIPE') return new ExitError(EXIT.ok, 'whoever read the recording has gone');
  return new ExitError(EXIT.usage, `${file}: ${ADVICE.get(error.code ?? '') ?? error.message}`);
}
