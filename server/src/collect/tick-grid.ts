import type { Clock } from '../clock.ts';

/** How far the grid may move in one tick to follow the wall clock; NTP slews by at most 0.5 ms a second. */
const MAX_SLEW_MS = 2;

/**
 * When to sample. Ticks run on monotonic time, so a jump of the wall clock never makes a burst or a hole; and they are
 * kept halfway between multiples of the base pace on the wall clock, so that every step of a history grid, which ends
 * on such a multiple, holds exactly one sample.
 */
export class TickGrid {
  readonly #base: number;
  readonly #clock: Clock;
  /** Monotonic time at which the grid's own time is 0. */
  #origin: number;

  constructor(base: number, clock: Clock) {
    this.#base = base;
    this.#clock = clock;
    this.#origin = clock.monotonic() - ((clock.now() - base / 2) % base);
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
    this.#origin -= Math.max(-MAX_SLEW_MS, Math.min(MAX_SLEW_MS, error));
  }
}
