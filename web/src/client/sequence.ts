import { type AnyEvent, type Cursor, type MetricName, parseCursor } from '@telltale/shared';

/** Gaps of the whole log have a place of their own in it; the others speak of one reader's stream. */
const GAPS_OF_LOG: ReadonlySet<string> = new Set(['suspend', 'clock']);
/** What speaks of the stream and is no event of the log. */
export const OF_STREAM: ReadonlySet<string> = new Set(['hello', 'heartbeat', 'bye']);

/** A gap that says that this reader missed something. */
export function isOwnGap(event: AnyEvent): boolean {
  return event.name === 'gap' && !GAPS_OF_LOG.has(event.data.reason);
}

/**
 * Where a reader stands, and what it has seen: an event is handed on once, wherever it comes from and however often.
 * Kept for each name, since a stream that is widened goes back for the new names alone.
 */
export class Sequence {
  #cursor: string | null;
  #place: Cursor | null;
  /** The newest position seen of each name; for names that are not here, `#floor`. */
  readonly #seen = new Map<string, number>();
  #floor: number;

  constructor(cursor: string | null = null) {
    this.#cursor = cursor;
    this.#place = cursor === null ? null : parseCursor(cursor);
    this.#floor = this.#place?.seq ?? 0;
  }

  /** From here a stream loses nothing and repeats nothing. */
  get cursor(): string | null {
    return this.#cursor;
  }

  /** Takes in an event. Answers whether it is new. */
  accept(event: AnyEvent, id: string | null): boolean {
    const place = id === null ? null : parseCursor(id);
    // Without positions nothing can be told apart, and everything is shown.
    if (id === null || place === null) return true;
    if (event.name === 'hello') {
      // On a resume it says back what was presented. A reader that asked for the newest begins here.
      if (this.#cursor === null) this.#begin(id, place);
      return true;
    }
    if (isOwnGap(event)) {
      // What follows is new but for the newest event of slow metrics, which may have been seen before the hole.
      const { reason } = event.data as { reason: string };
      if (place.epoch !== this.#place?.epoch || reason === 'unknown') this.#begin(id, place);
      else this.#at(id, place);
      return true;
    }
    if (OF_STREAM.has(event.name)) {
      this.move(id);
      return true;
    }
    if (place.epoch !== this.#place?.epoch) this.#begin(id, { ...place, seq: place.seq - 1 });
    const fresh = place.seq > (this.#seen.get(event.name) ?? this.#floor);
    if (fresh) this.#seen.set(event.name, place.seq);
    this.move(id);
    return fresh;
  }

  /** Everything up to here was seen, or is not for this reader. */
  move(id: string | null): void {
    const place = id === null ? null : parseCursor(id);
    if (id === null || place === null) return;
    if (place.epoch === this.#place?.epoch && place.seq > this.#place.seq) this.#at(id, place);
  }

  /** From now on these are read too, from `since` on, or from where the reader stands. */
  include(names: readonly MetricName[], since: string | null): void {
    const place = since === null ? null : parseCursor(since);
    const from = place?.epoch === this.#place?.epoch ? place : null;
    const seq = from?.seq ?? this.#place?.seq;
    if (seq === undefined) return;
    for (const name of names) this.#seen.set(name, seq);
    if (since !== null && from && this.#place && from.seq < this.#place.seq) this.#at(since, from);
  }

  /** Goes back to `since`, if that is earlier, for these names alone. */
  back(names: readonly string[], since: string | null): void {
    const place = since === null ? null : parseCursor(since);
    if (this.#place === null) return;
    const earlier = place?.epoch === this.#place.epoch && place.seq < this.#place.seq;
    const { seq } = earlier ? place : this.#place;
    for (const name of names) this.#seen.set(name, Math.min(seq, this.#seen.get(name) ?? seq));
    if (earlier) this.#at(since as string, place);
  }

  /** Whether a position is one of the log that this reader reads; a server that is started again has another. */
  shares(id: string | null): boolean {
    return (id === null ? null : parseCursor(id)?.epoch) === (this.#place?.epoch ?? null);
  }

  /** Whether nothing lies between where the reader stands and `id`. */
  reaches(id: string | null): boolean {
    const place = id === null ? null : parseCursor(id);
    return place !== null && place.epoch === this.#place?.epoch && place.seq <= this.#place.seq;
  }

  #begin(id: string, place: Cursor): void {
    this.#seen.clear();
    this.#floor = place.seq;
    this.#at(id, place);
  }

  #at(id: string, place: Cursor): void {
    this.#cursor = id;
    this.#place = place;
  }
}
