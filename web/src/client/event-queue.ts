import type { AnyEvent } from '@telltale/shared';

/** A reader that falls behind by more than this is not waited for. */
export const MAX_WAITING = 1_024;

interface Hole {
  readonly from: number | null;
  readonly to: number;
}

const timeOf = ({ data }: AnyEvent): number | null => ('at' in data ? data.at : null);

/** Events between a stream and a loop that takes its time: beyond the bound the oldest go, and one `gap` says so. */
export class EventQueue implements AsyncIterableIterator<AnyEvent> {
  readonly #now: () => number;
  readonly #onEnd: () => void;
  #events: AnyEvent[] = [];
  #hole: Hole | null = null;
  readonly #waiting: { resolve: (result: IteratorResult<AnyEvent>) => void; reject: (error: Error) => void }[] = [];
  #end: Error | 'done' | null = null;

  /** `onEnd`: the loop was left. */
  constructor(now: () => number, onEnd: () => void) {
    this.#now = now;
    this.#onEnd = onEnd;
  }

  push(event: AnyEvent): void {
    if (this.#end) return;
    const waiting = this.#waiting.shift();
    if (waiting) {
      waiting.resolve({ value: event, done: false });
      return;
    }
    this.#events.push(event);
    if (this.#events.length <= MAX_WAITING) return;
    const at = timeOf(this.#events.shift() as AnyEvent);
    this.#hole = { from: this.#hole ? this.#hole.from : at, to: at ?? this.#hole?.to ?? this.#now() };
  }

  /** What waits is still read; then the loop ends, or throws. */
  end(error: Error | null): void {
    this.#end ??= error ?? 'done';
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (error) reject(error);
      else resolve({ value: undefined, done: true });
    }
  }

  next(): Promise<IteratorResult<AnyEvent>> {
    const hole = this.#hole;
    if (hole) {
      this.#hole = null;
      return Promise.resolve({ value: { name: 'gap', data: { ...hole, reason: 'slow' } }, done: false });
    }
    const event = this.#events.shift();
    if (event) return Promise.resolve({ value: event, done: false });
    if (this.#end === 'done') return Promise.resolve({ value: undefined, done: true });
    if (this.#end) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<AnyEvent>> {
    this.#onEnd();
    this.#events = [];
    this.#hole = null;
    this.end(null);
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
