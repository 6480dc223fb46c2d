import { eachNumber } from './event-numbers.ts';
import { type MinuteProcesses, topOfMinute } from './minute-processes.ts';
import { Rows } from './rows.ts';
import type { Mark } from './shelf/shelf.ts';
import { readEvent } from './tick.ts';
import { TIERS } from './tiers.ts';

/** Beyond this many samples of a metric a generation is full: at ten a second, after two minutes. */
const MAX_ROWS = 1_200;

/** What was sampled since the last chunks were packed, of all metrics, and becomes the next. */
export class Generation {
  readonly id: number;
  readonly rows = new Map<string, Rows>();
  readonly processes: MinuteProcesses[] = [];
  readonly marks: Mark[] = [];
  /** The end of the window that it belongs to; unknown before its first event. */
  #windowEnd: number | null = null;

  constructor(id: number) {
    this.id = id;
  }

  get isEmpty(): boolean {
    return this.rows.size === 0 && this.processes.length === 0 && this.marks.length === 0;
  }

  get firstAt(): number {
    return Math.min(...[...this.rows.values()].map(({ firstAt }) => firstAt));
  }

  get lastAt(): number {
    return Math.max(...[...this.rows.values()].map(({ lastAt }) => lastAt));
  }

  /**
   * Whether an event of this time belongs here. Where time goes back a new generation begins, so that in each the rows of
   * a metric are in the order of time, and nothing is written over.
   */
  takes(metric: string, at: number): boolean {
    if (this.#windowEnd === null) return true;
    const rows = this.rows.get(metric);
    const { windowMs } = TIERS.raw;
    // What took long to read may still come in after the border; it does not make a chunk of its own.
    const isInWindow = at <= this.#windowEnd && at > this.#windowEnd - 2 * windowMs;
    return isInWindow && (rows === undefined || (at > rows.lastAt && rows.length < MAX_ROWS));
  }

  mark({ from, to, reason }: Mark): void {
    this.marks.push({ from: Math.min(from, to), to: Math.max(from, to), reason });
  }

  add(metric: string, at: number, event: object): void {
    const { windowMs } = TIERS.raw;
    this.#windowEnd ??= Math.ceil(at / windowMs) * windowMs;
    if (metric === 'process') {
      const top = topOfMinute(event);
      if (top) this.processes.push(top);
    }
    const rows = this.rows.get(metric) ?? new Rows();
    this.rows.set(metric, rows);
    rows.add(at, (put) => eachNumber(metric, event, put));
  }

  /** Takes in what the journal holds of it, as it was taken in before. */
  replay(text: string): void {
    for (const line of text.split('\n')) {
      const space = line.indexOf(' ');
      const name = line.slice(0, Math.max(0, space));
      const seen = readEvent(name, line.slice(space + 1));
      if (seen?.kind === 'gap') this.mark(seen);
      else if (seen) this.add(name, seen.at, seen.event);
    }
  }
}
