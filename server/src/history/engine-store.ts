import type { HistoryEngine } from './engine.ts';
import { type HistoryType, writeHistory } from './formats.ts';
import type { MinuteProcesses } from './minute-processes.ts';
import type { HistoryQuery } from './query.ts';
import type { HistoryReport } from './report.ts';
import type { HistoryStore } from './store.ts';
import type { Tick } from './tick.ts';

/** An engine as a store, in this very thread: for tests, and for commands that have nothing else to do. */
export class EngineStore implements HistoryStore {
  readonly #engine: HistoryEngine;

  constructor(engine: HistoryEngine) {
    this.#engine = engine;
  }

  get report(): HistoryReport {
    return this.#engine.report();
  }

  write(tick: Tick): void {
    this.#engine.write(tick);
  }

  async flush(): Promise<void> {
    this.#engine.flush();
  }

  async query(query: HistoryQuery, type: HistoryType, cursor: string | null): Promise<AsyncIterable<string>> {
    const pieces = writeHistory(this.#engine.query(query), type, cursor);
    return (async function* () {
      yield* pieces;
    })();
  }

  async processesAt(moment: number): Promise<MinuteProcesses | null> {
    return this.#engine.processesAt(moment);
  }

  async catalogue(): Promise<readonly string[]> {
    return this.#engine.catalogue();
  }

  async forget(from: number, to: number): Promise<void> {
    this.#engine.forget(from, to);
  }

  async close(): Promise<void> {
    this.#engine.close();
  }
}
