import { parentPort, workerData } from 'node:worker_threads';
import { HttpProblem } from '../errors.ts';
import { type HistoryType, writeHistory } from './formats.ts';
import { openEngine } from './open-engine.ts';
import type { HistoryQuery } from './query.ts';
import type { HistoryReport } from './report.ts';
import type { Retention } from './retention.ts';
import { FolderInUse } from './shelf/lock.ts';
import type { Tick } from './tick.ts';

/** What a worker is started with. */
export interface WorkerData {
  readonly folder: string | null;
  readonly retention: Retention;
  readonly pid: number;
}

/** What can be asked of the worker. It is answered in the order in which it was asked. */
export type Request =
  | { readonly call: 'write'; readonly ticks: readonly Tick[]; readonly flush: boolean }
  | { readonly call: 'query'; readonly query: HistoryQuery; readonly type: HistoryType; readonly cursor: string | null }
  /** The next piece of an answer; `null` when there is none. */
  | { readonly call: 'next'; readonly reader: number }
  | { readonly call: 'leave'; readonly reader: number }
  | { readonly call: 'processesAt'; readonly moment: number }
  | { readonly call: 'catalogue' }
  | { readonly call: 'forget'; readonly from: number; readonly to: number }
  | { readonly call: 'close' };

export type Message =
  | { readonly kind: 'ready'; readonly report: HistoryReport }
  /** It cannot be used at all, and trying again would not help. */
  | { readonly kind: 'refused'; readonly reason: string; readonly inUse: boolean }
  | { readonly kind: 'told'; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown; readonly report?: HistoryReport }
  | { readonly kind: 'problem'; readonly id: number; readonly status: number; readonly message: string };

/** Answers that are being read at the same time; beyond that the oldest is taken to have been forgotten. */
const MAX_READERS = 64;

const port = parentPort;
if (port) {
  const say = (message: Message) => port.postMessage(message);
  try {
    run(say);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say({ kind: 'refused', reason, inUse: error instanceof FolderInUse });
  }
}

function run(say: (message: Message) => void): void {
  const { folder, retention, pid } = workerData as WorkerData;
  const engine = openEngine({
    folder,
    retention,
    pid,
    now: () => Date.now(),
    tell: (message) => say({ kind: 'told', message }),
  });
  const readers = new Map<number, Generator<string>>();

  const answer = (id: number, request: Request): unknown => {
    switch (request.call) {
      case 'write':
        for (const tick of request.ticks) engine.write(tick);
        if (request.flush) engine.flush();
        return null;
      case 'query':
        readers.set(id, writeHistory(engine.query(request.query), request.type, request.cursor));
        for (const oldest of [...readers.keys()].slice(0, -MAX_READERS)) readers.delete(oldest);
        return id;
      case 'next': {
        const { value, done } = readers.get(request.reader)?.next() ?? { done: true };
        if (done) readers.delete(request.reader);
        return done ? null : value;
      }
      case 'leave':
        return readers.delete(request.reader);
      case 'processesAt':
        return engine.processesAt(request.moment);
      case 'catalogue':
        return engine.catalogue();
      case 'forget':
        return engine.forget(request.from, request.to);
      case 'close':
        return engine.close();
    }
  };

  port?.on('message', ({ id, request }: { id: number; request: Request }) => {
    try {
      const value = answer(id, request);
      const isReport = request.call === 'forget' || (request.call === 'write' && request.flush);
      say({ kind: 'answer', id, value, ...(isReport ? { report: engine.report() } : {}) });
    } catch (error) {
      const [status, message] =
        error instanceof HttpProblem
          ? [error.status, error.message]
          : [500, error instanceof Error ? error.message : String(error)];
      say({ kind: 'problem', id, status, message });
    }
  });
  say({ kind: 'ready', report: engine.report() });
}
