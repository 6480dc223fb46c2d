import { type EventName, type Events, encodeBlock, formatCursor, type Pace } from '@telltale/shared';
import { FrameChunks } from './frame-chunks.ts';

/** An event as it enters the log. `pace` is `null` for events that go to everybody. */
export interface LogEvent {
  readonly name: EventName;
  readonly pace: Pace | null;
  readonly at: number;
  readonly data: object;
}

/** An event of the log, encoded once for all who will ever read it. */
export interface Entry {
  readonly seq: number;
  readonly name: EventName;
  readonly pace: Pace | null;
  readonly at: number;
  /** The metric that a fault is of. */
  readonly metric?: string;
  /** The whole SSE block. */
  readonly frame: Buffer;
}

export interface EventLogOptions {
  /** New at every start of the server; see the cursor of the contract. */
  readonly epoch: string;
  /** Entries older than this are dropped. Defaults to 10 minutes. */
  readonly maxAgeMs?: number;
  /** The oldest entries are dropped beyond this many encoded bytes. Defaults to 16 MiB. */
  readonly maxBytes?: number;
}

const laneKey = (name: string, pace: Pace | null) => `${name}@${pace}`;

/** The bounded, ordered record of what was seen: what a reader missed is read from here. */
export class EventLog {
  readonly epoch: string;
  readonly #maxAgeMs: number;
  readonly #maxBytes: number;
  /** A queue: entries before `#head` are gone, and the array is cut from time to time. */
  #entries: (Entry | undefined)[] = [];
  #head = 0;
  readonly #chunks = new FrameChunks();
  #bytes = 0;
  #newestSeq = 0;
  /** The newest event of each metric and pace outlives the ring, since a slow metric's may be older than it. */
  readonly #newest = new Map<string, Entry>();
  /** What is wrong right now: whoever joins is told, since it was said only once. Bounded by the fields there are. */
  readonly #standing = new Map<string, { readonly seq: number; readonly fault: Events['fault'] }>();
  /** Where a pace that is sampled on demand last began: before it there is a hole. */
  readonly #began = new Map<string, number>();

  constructor({ epoch, maxAgeMs = 600_000, maxBytes = 16 * 1024 * 1024 }: EventLogOptions) {
    this.epoch = epoch;
    this.#maxAgeMs = maxAgeMs;
    this.#maxBytes = maxBytes;
  }

  /** The position after the newest event; 0 before the first. */
  get newestSeq(): number {
    return this.#newestSeq;
  }

  /** Every entry after this position is still here. */
  get oldestPosition(): number {
    return this.#newestSeq - (this.#entries.length - this.#head);
  }

  get bytes(): number {
    return this.#bytes;
  }

  cursorAt(seq: number): string {
    return formatCursor({ epoch: this.epoch, seq });
  }

  append(events: readonly LogEvent[]): readonly Entry[] {
    const added = events.map(({ name, pace, at, data }): Entry => {
      const seq = ++this.#newestSeq;
      const frame = this.#chunks.encode(encodeBlock({ event: name, id: this.cursorAt(seq), data }));
      const metric = name === 'fault' ? { metric: (data as Events['fault']).metric } : {};
      const entry = { seq, name, pace, at, frame, ...metric };
      this.#entries.push(entry);
      this.#bytes += frame.length;
      if (pace !== null) this.#newest.set(laneKey(name, pace), entry);
      if (name === 'fault') this.#noteFault(seq, data as Events['fault']);
      return entry;
    });
    this.#evict(added.at(-1)?.at ?? 0);
    return added;
  }

  #noteFault(seq: number, fault: Events['fault']): void {
    const key = `${fault.metric} ${fault.fields?.join()}`;
    if (fault.cleared) this.#standing.delete(key);
    else this.#standing.set(key, { seq, fault });
  }

  #evict(now: number): void {
    for (;;) {
      const oldest = this.#entries[this.#head];
      if (!oldest || (this.#bytes <= this.#maxBytes && now - oldest.at <= this.#maxAgeMs)) break;
      this.#bytes -= oldest.frame.length;
      // The array is cut only now and then; until then its bytes must not be held.
      this.#entries[this.#head] = undefined;
      this.#head++;
    }
    if (this.#head > 1_024 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }

  /** The entry at a position, or `undefined` when it is gone or not there yet. O(1). */
  at(seq: number): Entry | undefined {
    const index = seq - this.oldestPosition - 1;
    return index < 0 ? undefined : this.#entries[this.#head + index];
  }

  /** Entries after a position, oldest first. */
  *after(position: number): Generator<Entry> {
    for (let seq = Math.max(position, this.oldestPosition) + 1; seq <= this.#newestSeq; seq++) {
      yield this.at(seq) as Entry;
    }
  }

  newest(name: string, pace: Pace): Entry | undefined {
    return this.#newest.get(laneKey(name, pace));
  }

  /** The faults that have begun after a position and not ended. */
  standingFaults(since: number): readonly Events['fault'][] {
    return [...this.#standing.values()].filter(({ seq }) => seq > since).map(({ fault }) => fault);
  }

  /** Notes that a pace is sampled from here on, and was not before. */
  beginLane(name: string, pace: Pace): void {
    this.#began.set(laneKey(name, pace), this.#newestSeq);
    this.#newest.delete(laneKey(name, pace));
  }

  /** Notes that a pace is no longer sampled: its newest event tells of nothing that is now. */
  endLane(name: string, pace: Pace): void {
    this.#newest.delete(laneKey(name, pace));
  }

  /** Whether a pace has been sampled without a break since a position. */
  isContinuous(name: string, pace: Pace, since: number): boolean {
    return (this.#began.get(laneKey(name, pace)) ?? 0) <= since;
  }
}

/** The JSON of an entry's data, as it was sent. */
export function dataOf(entry: Entry): string {
  const start = entry.frame.indexOf('\ndata: ') + 7;
  return entry.frame.toString('utf8', start, entry.frame.length - 2);
}
