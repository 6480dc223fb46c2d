import type { Writable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { OwnCost } from '../collect/self.ts';

/** What the commands need of the process and of what is around it. `main.ts` makes the one there is. */
export interface World {
  /** The version of this program. */
  readonly version: string;
  readonly clock: Clock;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As Node names it. */
  readonly platform: string;
  readonly pid: number;
  readonly isRoot: boolean;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** What was built beside this program. */
  readonly files: { readonly historyWorker: URL; readonly portableWorker: URL; readonly web: URL };
  /** What the process has cost since it started. */
  readonly cost: () => Pick<OwnCost, 'cpuUs' | 'residentBytes'>;
  /** Tells the user something beside the output; a line without its end. */
  readonly tell: (line: string) => void;
  /** Starts a program that lives on by itself. Whether there is one is not told. */
  readonly launch: (program: string, args: readonly string[]) => void;
  /** Told each time that somebody wants the process to end, which it then does not do by itself. */
  readonly onSignal: (heard: (signal: NodeJS.Signals) => void) => void;
  /** What ends a command before its time, from now on; a signal that comes again ends the process. */
  readonly stopped: () => AbortSignal;
  /** A process that exits waits for its threads, one of which may wait for a dead file server; a signal waits for nobody. */
  readonly dieOf: (signal: NodeJS.Signals) => void;
  readonly exit: (code: number) => never;
  /** The process ends with this once nothing is left to do. */
  readonly endWith: (code: number) => void;
  /** Ends the process for an error, and says which. */
  readonly fail: (error: unknown) => never;
}
