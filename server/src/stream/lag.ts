/** Writes within this time of each other count as one. */
const GRAIN_MS = 250;
/** Beyond this many, the oldest are counted as one: the age is then that of the older, which errs to the slow side. */
const MAX_MARKS = 64;

interface Mark {
  readonly at: number;
  upTo: number;
}

/**
 * How far the other end of a connection is behind, from what was written and how much of it still waits: in our memory
 * and, where the kernel tells, in its own queue. Time says more than size: a fast link may have much under way.
 */
export class Lag {
  #written = 0;
  #taken = 0;
  #progressAt: number;
  #marks: Mark[] = [];
  #observedAt: number;
  /** Between the last two observations. */
  #rate = 0;
  /** What was taken, and in how long, while something waited all the time. */
  #full = { bytes: 0, ms: 0 };

  constructor(now: number) {
    this.#progressAt = now;
    this.#observedAt = now;
  }

  wrote(bytes: number, now: number): void {
    // Nothing was waiting, so nothing was stalled until now.
    if (this.#taken === this.#written) this.#progressAt = now;
    this.#written += bytes;
    const last = this.#marks.at(-1);
    if (last && now - last.at < GRAIN_MS) {
      last.upTo = this.#written;
      return;
    }
    this.#marks.push({ at: now, upTo: this.#written });
    if (this.#marks.length > MAX_MARKS) this.#marks.splice(1, 1);
  }

  /** Takes note of how many bytes wait. Framing and encryption may make that a little more than was written. */
  observe(waitingBytes: number, now: number): void {
    const taken = Math.max(this.#taken, this.#written - waitingBytes);
    if (taken > this.#taken || waitingBytes === 0) this.#progressAt = now;
    this.#marks = this.#marks.filter(({ upTo }) => upTo > taken);
    const bytes = taken - this.#taken;
    const ms = now - this.#observedAt;
    // After a stall nobody knows for how much of the time it went on.
    if (bytes > 0 && this.#rate > 0 && this.ageMs(now) >= ms) {
      this.#full = { bytes: this.#full.bytes + bytes, ms: this.#full.ms + ms };
    }
    this.#rate = ms > 0 ? bytes / ms : 0;
    this.#taken = taken;
    this.#observedAt = now;
  }

  /** Begins anew to learn what the link carries. */
  forget(): void {
    this.#full = { bytes: 0, ms: 0 };
  }

  /** What waits, as far as was observed, in bytes. */
  get waiting(): number {
    return this.#written - this.#taken;
  }

  /** How much the link carried of late, in bytes per ms: all that was there, if it was not full. */
  get rate(): number {
    return this.#rate;
  }

  /** How much it carries when it is full, in bytes per ms; `null` while that was not seen. */
  get fullRate(): number | null {
    return this.#full.ms === 0 ? null : this.#full.bytes / this.#full.ms;
  }

  /** Since when the oldest of what waits has been waiting, in ms; 0 when nothing does. */
  ageMs(now: number): number {
    const oldest = this.#marks[0];
    return oldest ? now - oldest.at : 0;
  }

  /** For how long nothing at all was taken although something waits, in ms. */
  stalledMs(now: number): number {
    return this.#taken === this.#written ? 0 : now - this.#progressAt;
  }
}
