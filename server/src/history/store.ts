import type { HistoryType } from './formats.ts';
import type { MinuteProcesses } from './minute-processes.ts';
import type { HistoryQuery } from './query.ts';
import type { HistoryReport } from './report.ts';
import type { Tick } from './tick.ts';

/**
 * What every history can do, wherever it keeps what it is given. It answers with all that was written before it was asked,
 * flushed or not.
 */
export interface HistoryStore {
  /** Takes in what one tick saw. Never waits and never throws: a store that is in trouble says so in its report. */
  write(tick: Tick): void;
  /** Resolves when all that was written would outlive a crash, or the report says why it would not. */
  flush(): Promise<void>;
  /**
   * The text of the answer, piece by piece, made as it is read. Rejects with an `HttpProblem` for what may not be asked
   * for. `cursor`: where a stream continues the answer, or `null`.
   */
  query(query: HistoryQuery, type: HistoryType, cursor: string | null): Promise<AsyncIterable<string>>;
  /** The top processes of the minute that holds a moment, or of the nearest within a minute. */
  processesAt(moment: number): Promise<MinuteProcesses | null>;
  /** Every series of which there is something, by name. */
  catalogue(): Promise<readonly string[]>;
  /** Removes what was recorded after `from` up to and with `to`, epoch ms. */
  forget(from: number, to: number): Promise<void>;
  /** What it holds and how it fares, as of the last time that it was told something. */
  readonly report: HistoryReport;
  close(): Promise<void>;
}
