import type { Clock } from '../clock.ts';

/** How far the grid may move to follow the wall clock, as a share of the time that passed; NTP slews by at most 0.0005. */
const MAX_SLEW = 0.001;

/**
 * When to sample. Ticks run on monotonic time, so a jump of the wall clock never makes a burst or a hole; and they are
 * moved, little by little, to halfway between multiples of the base pace on the wall clock and kept there, so that every
 * step of a history grid, which ends on such a multiple, holds exactly one sample.
 */
export class TickGrid {
  readonly #base: number;
  readonly #clock: Clock;
  /** Monotonic time at which the grid's own time is 0. */
  #origin: number;
  #followedAt: number;

  constructor(base: number, clock: Clock) {
    this.#base = base;
    this.#clock = clock;
    this.#followedAt = clock.monotonic();
    this.#origin = this.#followedAt;
  }

  /** Makes this moment the first tick of every pace. */
  begin(): void {
    this.#followedAt = this.#clock.monotonic();
    this.#origin = this.#followedAt;
  }

  /** The grid's own time in ms: every multiple of a pace is a tick of that pace. */
  now(): number {
    return this.#clock.monotonic() - this.#origin;
  }

  /** The next tick of a pace, at least half a pace ahead. */
  nextMultiple(pace: number): number {
    return Math.ceil(this.now() / pace + 0.5) * pace;
  }

  /** Moves a little towards the wall clock. */
  follow(): void {
    const ahead = (this.#clock.now() - this.#base / 2 - this.now()) % this.#base;
    const error = ahead > this.#base / 2 ? ahead - this.#base : ahead < -this.#base / 2 ? ahead + this.#base : ahead;
    const monotonic = this.#clock.monotonic();
    const most = (monotonic - this.#followedAt) * MAX_SLEW;
    this.#followedAt = monotonic;
    this.#origin -= Math.max(-most, Math.min(most, error));
  }
}
