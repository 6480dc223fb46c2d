import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { HttpProblem } from '../errors.ts';
import type { HistoryType } from './formats.ts';
import type { MinuteProcesses } from './minute-processes.ts';
import type { HistoryQuery } from './query.ts';
import { type HistoryReport, NO_REPORT } from './report.ts';
import type { HistoryStore } from './store.ts';
import type { Tick } from './tick.ts';
import type { Message, Request, WorkerData } from './worker.ts';

/** A crash loses no more than was seen in this time. */
const FLUSH_MS = 5_000;
/** A worker that has not answered for this long waits for a disk. */
const LATE_MS = 15_000;
/** What it is not given meanwhile; beyond that the oldest goes. At the fastest pace this is a minute, else ten. */
const MAX_TICKS = 600;
/** A worker that has failed is started again after this long. */
const REST_MS = 5_000;

export interface ThreadOptions extends WorkerData {
  readonly file: URL;
  /** Whether memory will do where another process uses the folder: nobody has asked for this one by name. */
  readonly orMemory: boolean;
  readonly clock: Clock;
  /** Told what was set aside or is damaged. */
  readonly tell: (message: string) => void;
  /** Told when the history begins to fail, with the reason, and with `null` when it is well again. */
  readonly onFault: (reason: string | null) => void;
}

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

class InUse extends Error {}

/** The history in a thread of its own: a slow disk, a long query or ten minutes being packed hold up nobody. */
export class HistoryThread implements HistoryStore {
  readonly #options: ThreadOptions;
  #folder: string | null;
  #worker: Worker | null = null;
  readonly #calls = new Map<number, Call>();
  #nextId = 1;
  #ticks: Tick[] = [];
  #report = NO_REPORT;
  #fault: string | null = null;
  /** When the flush that has not come back was asked for. */
  #flushingSince: number | null = null;
  #cancelFlush: () => void = () => {};
  #closed = false;

  constructor(options: ThreadOptions) {
    this.#options = options;
    this.#folder = options.folder;
  }

  /** Resolves when the history can be asked. Rejects when it cannot be used, with what to do about it. */
  async start(): Promise<void> {
    try {
      await this.#startWorker();
    } catch (error) {
      if (!(error instanceof InUse) || !this.#options.orMemory) throw error;
      this.#options.tell(`${error.message}. History is kept in memory now`);
      this.#folder = null;
      await this.#startWorker();
    }
    this.#flushLater();
  }

  get report(): HistoryReport {
    return { ...this.#report, fault: this.#fault };
  }

  write(tick: Tick): void {
    this.#ticks.push(tick);
    if (this.#ticks.length > MAX_TICKS) this.#ticks.shift();
  }

  async flush(): Promise<void> {
    this.#flushingSince ??= this.#options.clock.monotonic();
    try {
      await this.#send(true);
    } finally {
      this.#flushingSince = null;
    }
  }

  async query(query: HistoryQuery, type: HistoryType, cursor: string | null): Promise<AsyncIterable<string>> {
    const reader = (await this.#ask({ call: 'query', query, type, cursor })) as number;
    const next = () => this.#call({ call: 'next', reader }) as Promise<string | null>;
    const leave = () => void this.#call({ call: 'leave', reader }).catch(() => {});
    return (async function* () {
      try {
        for (let piece = await next(); piece !== null; piece = await next()) yield piece;
      } finally {
        leave();
      }
    })();
  }

  processesAt(moment: number): Promise<MinuteProcesses | null> {
    return this.#ask({ call: 'processesAt', moment }) as Promise<MinuteProcesses | null>;
  }

  catalogue(): Promise<readonly string[]> {
    return this.#ask({ call: 'catalogue' }) as Promise<readonly string[]>;
  }

  async forget(from: number, to: number): Promise<void> {
    await this.#ask({ call: 'forget', from, to });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelFlush();
    if (!this.#worker) return;
    await this.#ask({ call: 'close' });
    await this.#worker.terminate();
  }

  #startWorker(): Promise<void> {
    const { file, retention, pid } = this.#options;
    const worker = new Worker(file, { workerData: { folder: this.#folder, retention, pid } satisfies WorkerData });
    // What holds the process is the server, not its history.
    worker.unref();
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      worker.on('message', (message: Message) => {
        if (message.kind === 'ready') {
          this.#hear(message.report);
          resolve();
        } else if (message.kind === 'refused') {
          this.#worker = null;
          reject(message.inUse ? new InUse(message.reason) : new Error(message.reason));
          void worker.terminate();
        } else this.#receive(message);
      });
      worker.on('error', (error) => this.#failed(worker, error));
      worker.on('exit', () => {
        const error = new Error('the history ended by itself');
        reject(error);
        this.#failed(worker, error);
      });
    });
  }

  #receive(message: Message): void {
    if (message.kind === 'told') this.#options.tell(message.message);
    if (message.kind !== 'answer' && message.kind !== 'problem') return;
    const call = this.#calls.get(message.id);
    this.#calls.delete(message.id);
    if (message.kind === 'problem') {
      const { status, message: text } = message;
      call?.reject(status < 500 ? new HttpProblem(status, text) : new Error(text));
      return;
    }
    if (message.report) this.#hear(message.report);
    call?.resolve(message.value);
  }

  #hear(report: HistoryReport): void {
    this.#report = report;
    this.#say(report.fault);
  }

  #say(fault: string | null): void {
    if (fault === this.#fault) return;
    this.#fault = fault;
    this.#options.onFault(fault);
  }

  #failed(worker: Worker, error: Error): void {
    if (worker !== this.#worker || this.#closed) return;
    this.#worker = null;
    for (const { reject } of this.#calls.values()) reject(error);
    this.#calls.clear();
    this.#say(error.message);
    this.#startLater();
  }

  #startLater(): void {
    this.#options.clock.after(REST_MS, () => {
      if (this.#closed) return;
      this.#startWorker().catch((error: Error) => {
        this.#say(error.message);
        this.#startLater();
      });
    });
  }

  #flushLater(): void {
    this.#cancelFlush = this.#options.clock.after(FLUSH_MS, () => {
      this.#flushLater();
      const { clock } = this.#options;
      if (this.#flushingSince === null) this.flush().catch(() => {});
      else if (clock.monotonic() - this.#flushingSince > LATE_MS) this.#say('the disk does not answer');
    });
  }

  /** Asks what must know all that was written. */
  #ask(request: Request): Promise<unknown> {
    if (this.#flushingSince === null) this.#send(false).catch(() => {});
    return this.#call(request);
  }

  #send(flush: boolean): Promise<unknown> {
    const ticks = this.#ticks;
    if (ticks.length === 0 && !flush) return Promise.resolve();
    this.#ticks = [];
    return this.#call({ call: 'write', ticks, flush });
  }

  #call(request: Request): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!this.#worker) {
        reject(new HttpProblem(503, 'the history cannot be asked just now; what is live goes on'));
        return;
      }
      const id = this.#nextId++;
      this.#calls.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request });
    });
  }
}
