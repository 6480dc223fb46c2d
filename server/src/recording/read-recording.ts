import { createReadStream, fstatSync, openSync } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { type RecordedEvent, type RecordingHead, RecordingReader } from '@telltale/shared';
import { attempt, toExit } from './file-error.ts';

const GZIP_MAGIC = [0x1f, 0x8b];

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
