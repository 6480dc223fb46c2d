import type { Writable } from 'node:stream';
import type { Clock } from '../clock.ts';

/** What making a recording needs of the world; tests pass their own. */
export interface RecordingWorld {
  readonly clock: Clock;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** The version of this program. */
  readonly version: string;
  /** Somebody wants it to end. */
  readonly stopped: AbortSignal;
  /** Where a recording goes that is called `-`. */
  readonly output: Writable;
  /** Tells the user something while it goes on; a line without its end. */
  readonly say: (line: string) => void;
}

/** Waits, but not beyond the wish to end. */
export function pause(ms: number, clock: Clock, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stopped.aborted) return resolve();
    const done = () => {
      cancel();
      stopped.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    stopped.addEventListener('abort', done, { once: true });
  });
}
