import { type Events, encodeBlock, parseCursor } from '@telltale/shared';
import type { Entry, EventLog } from './event-log.ts';
import { hearsOf, type Selection } from './selection.ts';

/** How a reader enters the stream. */
export interface JoinPlan {
  /** The position that `hello` carries: from it a reconnect loses nothing and repeats nothing. */
  readonly helloId: string;
  /** Everything after the reader's cursor follows. */
  readonly resumed: boolean;
  readonly gap: { readonly id: string; readonly data: Events['gap'] } | null;
  /**
   * Faults that began before and have not ended: they were said only once. They come with the position before the
   * snapshot, so that whoever is cut off here is not led back to when they began.
   */
  readonly standing: readonly Buffer[];
  /** What is sent before the log goes on after `position`: the newest of each metric, or nothing on a resume. */
  readonly snapshot: readonly Entry[];
  readonly position: number;
}

/** The newest event of each selected metric after a position, in the order of the log. */
function snapshotOf(log: EventLog, selection: Selection, since: number): Entry[] {
  return [...selection]
    .flatMap(([metric, pace]) => log.newest(metric, pace) ?? [])
    .filter(({ seq }) => seq > since)
    .sort((a, b) => a.seq - b.seq);
}

/** The newest events and the position before the first of them, where a reader that knows nothing begins. */
function fromNewest(log: EventLog, selection: Selection, since = 0) {
  const snapshot = snapshotOf(log, selection, since);
  const before = log.cursorAt(snapshot[0] ? snapshot[0].seq - 1 : log.newestSeq);
  const standing = log
    .standingFaults(since)
    .filter(({ metric }) => hearsOf(selection, metric))
    .map((data) => Buffer.from(encodeBlock({ event: 'fault', id: before, data })));
  return { snapshot, standing, before, position: log.newestSeq };
}

/**
 * A reader that missed something it cannot be given: one `gap` names the span, then it goes on with the newest. What it
 * was sent already, up to `since`, is not repeated: ids would go back, and a reconnect would repeat the rest.
 */
export function planGap(log: EventLog, selection: Selection, gap: Events['gap'], since = 0): Omit<JoinPlan, 'helloId'> {
  const { before, ...rest } = fromNewest(log, selection, since);
  return { resumed: false, gap: { id: before, data: gap }, ...rest };
}

/**
 * Decides what a reader gets for its cursor, whatever it holds: the exact rest, or one gap, never an error.
 * O(metrics), however old the cursor is.
 */
export function planJoin(log: EventLog, selection: Selection, cursorText: string | null, now: number): JoinPlan {
  if (cursorText === null) {
    const { before, ...rest } = fromNewest(log, selection);
    return { helloId: before, resumed: false, gap: null, ...rest };
  }
  const cursor = parseCursor(cursorText);
  const gap = (reason: Events['gap']['reason'], from: number | null = null): JoinPlan => ({
    // What cannot be read cannot be said back. The log's beginning loses nothing either.
    helloId: cursor ? cursorText : log.cursorAt(0),
    ...planGap(log, selection, { from, to: now, reason }),
  });
  if (!cursor) return gap('unknown');
  if (cursor.epoch !== log.epoch) return gap('restart');
  if (cursor.seq > log.newestSeq) return gap('unknown');
  if (cursor.seq < log.oldestPosition) return gap('evicted');
  for (const [metric, pace] of selection) {
    if (!log.isContinuous(metric, pace, cursor.seq)) return gap('idle', log.at(cursor.seq)?.at ?? null);
  }
  return { helloId: cursorText, resumed: true, gap: null, standing: [], snapshot: [], position: cursor.seq };
}
