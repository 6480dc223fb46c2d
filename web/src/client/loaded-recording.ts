import {
  type AnyEvent,
  type RecordedEvent,
  type RecordingHead,
  RecordingReader,
  RecordingTime,
  type Skipped,
} from '@telltale/shared';

/** As much text as a page holds, in characters; a recording that is larger is played by the server. */
export const MAX_TEXT = 64 * 1024 * 1024;
const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * A recording in the memory of a page. Events are kept as text, which takes a fraction of the room, and are made
 * objects when they are shown.
 */
export class LoadedRecording {
  readonly head: RecordingHead;
  readonly newer: boolean;
  readonly skipped: Skipped;
  readonly #names: readonly RecordedEvent['name'][];
  readonly #texts: readonly string[];
  /** When each comes, in ms after the beginning; never less than that before it. */
  readonly #offsets: readonly number[];
  /** The newest time that was measured when each comes. */
  readonly #times: readonly number[];

  constructor(reader: RecordingReader, events: LoadedEvents) {
    if (reader.head === null) throw new TypeError('the recording was not read');
    this.head = reader.head;
    this.newer = reader.newer;
    this.skipped = reader.skipped;
    this.#names = events.names;
    this.#texts = events.texts;
    this.#offsets = events.offsets;
    this.#times = events.times;
  }

  get length(): number {
    return this.#texts.length;
  }

  /** How long it takes at its own speed, in ms. */
  get durationMs(): number {
    return this.#offsets.at(-1) ?? 0;
  }

  name(i: number): RecordedEvent['name'] {
    return this.#names[i] as RecordedEvent['name'];
  }

  /** The JSON of an event's data. */
  text(i: number): string {
    return this.#texts[i] as string;
  }

  event(i: number): AnyEvent {
    return { name: this.name(i), data: JSON.parse(this.text(i)) } as AnyEvent;
  }

  offset(i: number): number {
    return this.#offsets[i] ?? this.durationMs;
  }

  /** The time in the recording when so many events have come, epoch ms. */
  timeAfter(count: number): number {
    return this.#times[Math.max(0, count - 1)] ?? this.head.recordedAt;
  }

  /** How many events have come so long after the beginning. */
  countAt(offset: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.offset(middle) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

interface LoadedEvents {
  readonly names: RecordedEvent['name'][];
  readonly texts: string[];
  readonly offsets: number[];
  readonly times: number[];
}

/**
 * Reads a file, compressed or not, whatever it is called. Throws `NotARecording`, or the error of a file that cannot be
 * read. Compressed text that is damaged or has no end counts up to there.
 */
export async function loadRecording(file: Blob, maxText = MAX_TEXT): Promise<LoadedRecording> {
  const reader = new RecordingReader({ maxText });
  const events: LoadedEvents = { names: [], texts: [], offsets: [], times: [] };
  let time: RecordingTime | null = null;
  const take = (some: readonly RecordedEvent[]) => {
    for (const event of some) {
      time ??= new RecordingTime(reader.head as RecordingHead);
      events.offsets.push(time.next(event));
      events.times.push(time.at ?? (reader.head as RecordingHead).recordedAt);
      events.names.push(event.name);
      events.texts.push(JSON.stringify(event.data));
    }
  };
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const compressed = GZIP_MAGIC.every((byte, i) => head[i] === byte);
  const pieces = (
    compressed
      ? file.stream().pipeThrough(new DecompressionStream('gzip') as TransformStream<Uint8Array, Uint8Array>)
      : file.stream()
  ).getReader();
  const decoder = new TextDecoder();
  let whole = true;
  while (!reader.skipped.full) {
    const piece = await pieces.read().catch((error: Error) => {
      if (!compressed) throw error;
      whole = false;
      return { done: true, value: undefined } as const;
    });
    if (piece.done) break;
    take(reader.feed(decoder.decode(piece.value, { stream: true })));
  }
  void pieces.cancel().catch(() => {});
  take(reader.end(whole));
  return new LoadedRecording(reader, events);
}
