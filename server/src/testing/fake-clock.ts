import type { Clock } from '../clock.ts';

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

/** A clock that only moves when told to; timers run in order, at their time. */
export class FakeClock implements Clock {
  #wall: number;
  #monotonic = 0;
  #boot = 60_000;
  readonly #drift: number;
  #timers: Timer[] = [];

  /** `driftPpm`: how much faster the wall clock runs than monotonic time, in parts per million. */
  constructor(wall = 1_800_000_000_000, driftPpm = 0) {
    this.#wall = wall;
    this.#drift = 1 + driftPpm / 1_000_000;
  }

  get timers(): number {
    return this.#timers.length;
  }

  now(): number {
    return Math.floor(this.#wall);
  }

  monotonic(): number {
    return this.#monotonic;
  }

  boot(): number {
    return this.#boot;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { due: this.#monotonic + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Lets time pass. */
  advance(ms: number): void {
    const end = this.#monotonic + ms;
    for (;;) {
      const next = this.#timers.reduce<Timer | null>((a, b) => (a && a.due <= b.due ? a : b), null);
      if (!next || next.due > end) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.stall(Math.max(0, next.due - this.#monotonic));
      next.run();
    }
    this.stall(end - this.#monotonic);
  }

  /** Time passes and no timer runs: the process is stopped, or busy. */
  stall(ms: number): void {
    this.#monotonic += ms;
    this.sleep(ms);
  }

  /** The machine is suspended. */
  sleep(ms: number): void {
    this.#boot += ms;
    this.#wall += ms * this.#drift;
  }

  /** Somebody sets the wall clock. */
  jump(ms: number): void {
    this.#wall += ms;
  }
}
