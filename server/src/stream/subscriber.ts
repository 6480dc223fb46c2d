import { encodeBlock } from '@telltale/shared';
import type { Clock } from '../clock.ts';
import type { EventLog } from './event-log.ts';
import { type JoinPlan, planGap } from './join.ts';
import { type Selection, selects } from './selection.ts';

/** Where a subscriber's bytes go. */
export interface Sink {
  write(bytes: Buffer): void;
  /** Bytes that were written and that the kernel has not taken yet. */
  pending(): number;
  /** Ends the response after what was written. */
  end(): void;
  /** Drops the connection at once. */
  destroy(): void;
}

/** A subscriber with more than this waiting in our memory is slow: it is told the newest only. */
export const MAX_PENDING_BYTES = 256 * 1024;
/** A replay is written in pieces of about this size, the next when the last has gone. */
const REPLAY_BYTES = 64 * 1024;
/** A slow subscriber that takes nothing for this long is dropped. */
export const MAX_STALL_MS = 300_000;

/**
 * One reader of the stream. `replay`: reads what it missed from the log, as fast as it takes it. `live`: is handed what
 * everybody is handed. `slow`: took too long, so it is skipped until it has read everything, and then told the gap.
 */
export class Subscriber {
  readonly selection: Selection;
  readonly #log: EventLog;
  readonly #sink: Sink;
  readonly #clock: Clock;
  #mode: 'replay' | 'live' | 'slow' = 'replay';
  /** Everything up to here was sent or is not for this reader. */
  #position: number;
  /** The newest position that the reader was told. */
  #told: number;
  /** Monotonic, so that a jump of the wall clock neither silences the heartbeat nor drops anybody. */
  #lastWriteAt: number;
  /** Epoch ms. */
  #lastEventAt: number;

  constructor(log: EventLog, sink: Sink, selection: Selection, clock: Clock) {
    this.#log = log;
    this.#sink = sink;
    this.#clock = clock;
    this.selection = selection;
    this.#position = log.newestSeq;
    this.#told = log.newestSeq;
    this.#lastWriteAt = clock.monotonic();
    this.#lastEventAt = clock.now();
  }

  /** From here a reconnect loses nothing, whatever the mode. */
  get cursor(): string {
    return this.#log.cursorAt(this.#position);
  }

  /** Writes the beginning of the stream and everything that was missed. */
  open(preamble: Buffer, plan: JoinPlan): void {
    this.#begin(preamble, plan);
    this.#replay();
  }

  #begin(preamble: Buffer, plan: Omit<JoinPlan, 'helloId'>): void {
    const blocks = [preamble];
    if (plan.gap) blocks.push(Buffer.from(encodeBlock({ event: 'gap', id: plan.gap.id, data: plan.gap.data })));
    for (const { frame } of plan.snapshot) blocks.push(frame);
    this.#position = plan.position;
    // Without a snapshot nothing after `hello` has moved the reader on yet.
    this.#told = plan.snapshot.at(-1)?.seq ?? (plan.resumed ? plan.position : -1);
    this.#lastEventAt = this.#clock.now();
    this.#write(Buffer.concat(blocks));
  }

  /** Hands over what is new, encoded once for all with this selection. `bytes` ends at position `seq`. */
  deliver(bytes: Buffer, seq: number): void {
    if (this.#mode === 'live') {
      const pending = this.#sink.pending();
      // Whoever has taken everything is not slow, however much comes at once.
      if (pending > 0 && pending + bytes.length > MAX_PENDING_BYTES) {
        this.#mode = 'slow';
        return;
      }
      this.#position = seq;
      this.#told = seq;
      this.#lastEventAt = this.#clock.now();
      this.#write(bytes);
    } else if (this.#mode === 'slow' && this.#sink.pending() === 0) {
      this.#catchUp();
    }
  }

  /** To be called when the kernel has taken what was waiting. */
  drained(): void {
    if (this.#mode === 'replay') this.#replay();
    else if (this.#mode === 'slow') this.#catchUp();
  }

  /** To be called every now and then: keeps the connection alive, and drops one that is not. */
  idle(heartbeat: Buffer, heartbeatMs: number): void {
    const silentMs = this.#clock.monotonic() - this.#lastWriteAt;
    if (this.#mode === 'live') {
      if (silentMs >= heartbeatMs) this.deliver(heartbeat, this.#log.newestSeq);
    } else if (silentMs >= MAX_STALL_MS) {
      this.#sink.destroy();
    }
  }

  end(farewell: Buffer): void {
    this.#sink.write(farewell);
    this.#sink.end();
  }

  #replay(): void {
    if (this.#position < this.#log.oldestPosition) return this.#catchUp();
    while (this.#sink.pending() < REPLAY_BYTES && this.#position < this.#log.newestSeq) {
      const frames: Buffer[] = [];
      let size = 0;
      for (const entry of this.#log.after(this.#position)) {
        this.#position = entry.seq;
        if (!selects(this.selection, entry)) continue;
        frames.push(entry.frame);
        this.#told = entry.seq;
        size += entry.frame.length;
        if (size >= REPLAY_BYTES) break;
      }
      if (frames.length > 0) this.#write(Buffer.concat(frames));
    }
    if (this.#position < this.#log.newestSeq) return;
    this.#mode = 'live';
    // The end of a replay is the first moment at which the newest position is the reader's own.
    if (this.#told !== this.#position) this.#write(checkpoint(this.#log, this.#position));
    this.#told = this.#position;
  }

  #catchUp(): void {
    const gap = { from: this.#lastEventAt, to: this.#clock.now(), reason: 'slow' } as const;
    this.#mode = 'replay';
    this.#begin(Buffer.alloc(0), planGap(this.#log, this.selection, gap, this.#position));
    this.#replay();
  }

  #write(bytes: Buffer): void {
    this.#lastWriteAt = this.#clock.monotonic();
    this.#sink.write(bytes);
  }
}

/** An id alone moves the reader's cursor on and fires nothing (HTML Living Standard 9.2.6). */
export function checkpoint(log: EventLog, seq: number): Buffer {
  return Buffer.from(encodeBlock({ id: log.cursorAt(seq) }));
}
