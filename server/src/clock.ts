/** Time as the server sees it. It is passed in everywhere, so that a test can replay a day in a second. */
export interface Clock {
  /** Wall clock, epoch ms. It may jump. */
  now(): number;
  /** Ms since some moment; never jumps back and does not follow the wall clock. */
  monotonic(): number;
  /** Ms since the machine was started, the time in which it was suspended included; to 10 ms or so. */
  boot(): number;
  /** Calls `run` once after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): () => void;
}
