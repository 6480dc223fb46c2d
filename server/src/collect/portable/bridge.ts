import { Worker } from 'node:worker_threads';
import type { Clock } from '../../clock.ts';
import type { Answers, Call, Reply, Request } from './worker.ts';

/** A call that has not come back after this long is given up. */
const TIMEOUT_MS = 10_000;
/** A worker that nobody asks anything for this long is ended: it holds some megabytes. */
const IDLE_MS = 60_000;
/** What failed is left alone for a while that doubles from the first to the second. */
const FIRST_REST_MS = 1_000;
const MAX_REST_MS = 60_000;
/** One that hangs in the kernel does not end when told to. This many may be left behind before no other is started. */
const MAX_LEFT = 2;
/** The library takes up to 100 MB from a program. One that grows beyond this is ended by Node, as a failure. */
const MAX_HEAP_MB = 512;

interface Waiting {
  readonly promise: Promise<unknown>;
  readonly askedAt: number;
  /** Hands the answer on and forgets the call. */
  readonly settle: (reply: Reply) => void;
}

interface Rest {
  readonly failures: number;
  readonly until: number;
  readonly reason: string;
}

/** What collectors ask systeminformation through. */
export interface PortableCalls {
  /** The answer of one call, as the library gave it. Rejects with what went wrong. */
  call<C extends Call>(call: C): Promise<Answers[C]>;
}

/**
 * Asks the worker, which runs while it is needed and is replaced when it fails. A kind of call that was under way when
 * the worker failed, or that never came back, is left alone for a while, so that it does not take the others with it.
 */
export class PortableBridge implements PortableCalls {
  readonly #file: URL;
  readonly #clock: Clock;
  /** By the kind of call, as are the rests: of each, one at most is under way. */
  readonly #waiting = new Map<Call, Waiting>();
  readonly #rests = new Map<Call, Rest>();
  #worker: Worker | null = null;
  /** What this worker was asked so far. */
  readonly #asked = new Set<Call>();
  /** Workers that have not ended yet. */
  #alive = 0;
  #heardAt = Number.NEGATIVE_INFINITY;
  #cancelIdle: () => void = () => {};

  constructor(file: URL, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  /** Whether a worker that was told to end has not: a process that exits waits for it. */
  get hangs(): boolean {
    return this.#alive > (this.#worker ? 1 : 0);
  }

  /** Rejects within {@link TIMEOUT_MS} in any case. Whoever asks for what is under way shares its answer. */
  call<C extends Call>(call: C): Promise<Answers[C]> {
    return (this.#waiting.get(call)?.promise ?? this.#ask(call)) as Promise<Answers[C]>;
  }

  /** Ends the worker; what it has not answered is rejected. */
  stop(): void {
    this.#end('stopped');
  }

  #ask(call: Call): Promise<unknown> {
    const rest = this.#rests.get(call);
    if (rest && this.#clock.monotonic() < rest.until) return Promise.reject(failure(rest.reason));
    try {
      this.#worker ??= this.#start();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#blame(call, reason);
      return Promise.reject(failure(reason));
    }
    this.#cancelIdle();
    this.#worker.postMessage({ call } satisfies Request);
    this.#asked.add(call);
    const cancelTimeout = this.#clock.after(TIMEOUT_MS, () => this.#giveUp(call));
    let settle: Waiting['settle'] = () => {};
    const promise = new Promise<unknown>((resolve, reject) => {
      settle = (reply) => {
        cancelTimeout();
        this.#waiting.delete(call);
        this.#cancelIdle();
        if (this.#waiting.size === 0) this.#cancelIdle = this.#clock.after(IDLE_MS, () => this.#end('idle'));
        if ('error' in reply) reject(failure(reply.error));
        else resolve(reply.value);
      };
    });
    this.#waiting.set(call, { promise, askedAt: this.#clock.monotonic(), settle });
    return promise;
  }

  #start(): Worker {
    if (this.#alive > MAX_LEFT) throw new Error('its workers hang and do not end');
    const worker = new Worker(this.#file, { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
    this.#alive++;
    const isCurrent = () => this.#worker === worker;
    worker.on('message', (reply: Reply) => isCurrent() && this.#take(reply));
    worker.on('error', (error) => isCurrent() && this.#crashed(error.message));
    worker.on('exit', () => {
      this.#alive--;
      if (isCurrent()) this.#crashed('its worker ended');
    });
    worker.unref();
    return worker;
  }

  /** What comes after it was given up on is welcome as well: it says that the call works again. */
  #take(reply: Reply): void {
    this.#heardAt = this.#clock.monotonic();
    if ('value' in reply) this.#rests.delete(reply.call);
    this.#waiting.get(reply.call)?.settle(reply);
  }

  /** Any of the calls under way may be to blame; where there is none, what one of those before has left behind. */
  #crashed(reason: string): void {
    const suspects = this.#waiting.size > 0 ? this.#waiting : this.#asked;
    for (const call of suspects.keys()) this.#blame(call, reason);
    this.#end(reason);
  }

  /**
   * The others go on where the worker has said anything meanwhile. But it may have lost the call, so it is replaced at
   * the second time, the fourth, the eighth: what really hangs, such as a dead file server, is hardly piled up.
   */
  #giveUp(call: Call): void {
    const reason = `${call} took longer than ${TIMEOUT_MS / 1000} s`;
    const waiting = this.#waiting.get(call);
    const failures = this.#blame(call, reason);
    const isSilent = this.#heardAt < (waiting?.askedAt ?? 0);
    waiting?.settle({ call, error: reason });
    if (isSilent || (failures > 1 && Number.isInteger(Math.log2(failures)))) this.#end(reason);
  }

  /** Answers how often it has failed in a row. */
  #blame(call: Call, reason: string): number {
    const failures = (this.#rests.get(call)?.failures ?? 0) + 1;
    const restMs = Math.min(MAX_REST_MS, FIRST_REST_MS * 2 ** (failures - 1));
    this.#rests.set(call, { failures, until: this.#clock.monotonic() + restMs, reason });
    return failures;
  }

  #end(reason: string): void {
    const worker = this.#worker;
    this.#worker = null;
    this.#asked.clear();
    for (const [call, { settle }] of [...this.#waiting]) settle({ call, error: reason });
    this.#cancelIdle();
    void worker?.terminate();
  }
}

const failure = (reason: string) => new Error(`systeminformation: ${reason}`);
