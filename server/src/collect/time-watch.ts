import type { Clock } from '../clock.ts';

/** A gap in time itself, which no metric can be blamed for. `to` is before `from` where the clock was set back. */
export interface TimeGap {
  readonly from: number;
  readonly to: number;
  readonly reason: 'suspend' | 'clock';
}

/** NTP moves a clock by at most half a millisecond a second; what jumps further was set, or the machine slept. */
const JUMP_MS = 1_000;

/**
 * Notices that the machine slept or that somebody set its clock. Monotonic time stands still while a machine is
 * suspended, time since boot does not (clock_gettime(2)), and setting the clock moves neither.
 */
export class TimeWatch {
  readonly #clock: Clock;
  #seenAt: number;
  /** The wall clock less monotonic time, and time since boot less monotonic time. */
  #wallOffset: number;
  #bootOffset: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#seenAt = clock.now();
    this.#wallOffset = this.#seenAt - clock.monotonic();
    this.#bootOffset = clock.boot() - clock.monotonic();
  }

  /** To be called at every tick; answers the gap since the last call, if there was one. */
  look(): TimeGap | null {
    const to = this.#clock.now();
    const from = this.#seenAt;
    const moved = to - this.#clock.monotonic() - this.#wallOffset;
    this.#seenAt = to;
    this.#wallOffset += moved;
    if (Math.abs(moved) < JUMP_MS) return null;
    const slept = this.#clock.boot() - this.#clock.monotonic() - this.#bootOffset;
    this.#bootOffset += slept;
    return { from, to, reason: slept >= JUMP_MS / 2 ? 'suspend' : 'clock' };
  }
}
