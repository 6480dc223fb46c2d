import { Worker } from 'node:worker_threads';
import type { Clock } from '../../clock.ts';
import type { Call, Reply, Request } from './worker.ts';

/** A call that has not come back after this long never will. */
const TIMEOUT_MS = 10_000;
/** A worker that fails is started again after a while that doubles up to this. */
const MAX_BACKOFF_MS = 60_000;

/** Asks the worker, which runs only once it is needed and is replaced when it fails. */
export class PortableBridge {
  readonly #file: URL;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #worker: Worker | null = null;
  #nextId = 0;
  #failures = 0;
  #notBefore = 0;

  constructor(file: URL, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  /** The answer of one call. Rejects with what went wrong, and within {@link TIMEOUT_MS} in any case. */
  call(call: Call): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (!this.#worker && this.#clock.monotonic() < this.#notBefore) {
        reject(new Error('systeminformation failed and is being given a rest'));
        return;
      }
      this.#worker ??= this.#start();
      const cancel = this.#clock.after(TIMEOUT_MS, () => this.#fail(`${call} took longer than ${TIMEOUT_MS / 1000} s`));
      this.#waiting.set(id, (reply) => {
        cancel();
        if ('error' in reply) reject(new Error(`systeminformation: ${reply.error}`));
        else resolve(reply.value);
      });
      this.#worker.postMessage({ id, call } satisfies Request);
    });
  }

  stop(): void {
    const worker = this.#worker;
    this.#worker = null;
    void worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#file);
    worker.unref();
    worker.on('message', (reply: Reply) => {
      this.#failures = 0;
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    });
    worker.on('error', (error) => this.#fail(error.message));
    worker.on('exit', () => {
      if (this.#worker === worker) this.#fail('its worker ended');
    });
    return worker;
  }

  #fail(reason: string): void {
    this.stop();
    this.#failures++;
    this.#notBefore = this.#clock.monotonic() + Math.min(MAX_BACKOFF_MS, 500 * 2 ** this.#failures);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [id, settle] of waiting) settle({ id, error: reason });
  }
}
