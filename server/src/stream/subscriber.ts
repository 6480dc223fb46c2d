import { encodeBlock } from '@telltale/shared';
import type { Clock } from '../clock.ts';
import type { Body } from './encoding.ts';
import type { EventLog } from './event-log.ts';
import { type JoinPlan, planGap } from './join.ts';
import type { KernelSocket } from './kernel-sockets.ts';
import { Lag } from './lag.ts';
import { type Selection, selects } from './selection.ts';
import { frame, type Sink } from './sink.ts';

/** A subscriber with more than this waiting in our memory is slow. */
export const MAX_PENDING_BYTES = 256 * 1024;
/** So is one that has not taken what is as old as this, wherever it waits: the kernel alone holds megabytes. */
const SLOW_MS = 5_000;
/** A replay is written in pieces of about this size, the next when the last has gone. */
const REPLAY_BYTES = 64 * 1024;
/** A subscriber that takes nothing at all for this long is dropped. */
export const MAX_STALL_MS = 300_000;
/** One whose machine does not even answer the kernel is gone, and dropped after this long. */
const DEAD_MS = 15_000;
/** One that has not taken what is as old as this may be slow soon. */
const LATE_MS = 1_000;

export interface SubscriberOptions {
  readonly log: EventLog;
  readonly sink: Sink;
  readonly body: Body;
  readonly selection: Selection;
  readonly clock: Clock;
  readonly tally: Tally;
}

/** What all subscribers together were sent and not sent, since the server started. */
export interface Tally {
  sentBytes: number;
  /** Events that slow subscribers were skipped by. */
  conflated: number;
}

/**
 * One reader of the stream. `replay`: reads what it missed from the log, as fast as it takes it. `live`: is handed what
 * everybody is handed. `slow`: is behind, so it is skipped until it has read everything, and then told the gap.
 */
export class Subscriber {
  readonly selection: Selection;
  readonly inode: string | null;
  readonly #log: EventLog;
  readonly #sink: Sink;
  readonly #body: Body;
  readonly #clock: Clock;
  readonly #lag: Lag;
  readonly #tally: Tally;
  #mode: 'replay' | 'live' | 'slow' = 'replay';
  /** Everything up to here was sent or is not for this reader. */
  #position: number;
  /** The newest position that the reader was told. */
  #told: number;
  /** Monotonic, so that a jump of the wall clock neither silences the heartbeat nor drops anybody. */
  #lastWriteAt: number;
  /** Epoch ms. */
  #lastEventAt: number;
  /**
   * How many bytes may wait for one that was slow, until it has taken everything again: what it takes in {@link SLOW_MS}.
   * A link that carries less than the stream would otherwise be filled after each gap with what is old when it arrives.
   */
  #limit = Number.POSITIVE_INFINITY;
  /** How old the first event of a replay was, in ms: whoever cannot keep even this distance never gets to the end of it. */
  #replayAgeMs = 0;

  constructor({ log, sink, body, selection, clock, tally }: SubscriberOptions) {
    this.#log = log;
    this.#sink = sink;
    this.#body = body;
    this.#clock = clock;
    this.selection = selection;
    this.#tally = tally;
    this.inode = sink.inode;
    this.#position = log.newestSeq;
    this.#told = log.newestSeq;
    this.#lastWriteAt = clock.monotonic();
    this.#lag = new Lag(this.#lastWriteAt);
    this.#lastEventAt = clock.now();
  }

  /** From here a reconnect loses nothing, whatever the mode. */
  get cursor(): string {
    return this.#log.cursorAt(this.#position);
  }

  /** When it was last sent anything, on the monotonic clock. */
  get writtenAt(): number {
    return this.#lastWriteAt;
  }

  /** Whether it has to be looked at often: it is slow, or was until just now, or may be soon. */
  get slow(): boolean {
    return (
      this.#mode === 'slow' ||
      this.#limit < Number.POSITIVE_INFINITY ||
      this.#lag.ageMs(this.#clock.monotonic()) > LATE_MS
    );
  }

  /** Writes the beginning of the stream and everything that was missed. */
  open(preamble: Buffer, plan: JoinPlan): void {
    this.#write(frame(this.#sink.framing, this.#body.head));
    this.#begin(preamble, plan);
    this.#replayAgeMs = this.#nextAgeMs();
    this.#replay();
  }

  #begin(preamble: Buffer, plan: Omit<JoinPlan, 'helloId'>): void {
    const blocks = [preamble];
    if (plan.gap) blocks.push(Buffer.from(encodeBlock({ event: 'gap', id: plan.gap.id, data: plan.gap.data })));
    blocks.push(...plan.standing);
    for (const { frame } of plan.snapshot) blocks.push(frame);
    this.#position = plan.position;
    // Without a snapshot nothing after `hello` has moved the reader on yet.
    this.#told = plan.snapshot.at(-1)?.seq ?? (plan.resumed ? plan.position : -1);
    this.#lastEventAt = this.#clock.now();
    this.#writeAlone(Buffer.concat(blocks));
  }

  /** Hands over what is new, `events` encoded and framed once for all of the group. `bytes` ends at position `seq`. */
  deliver(bytes: Buffer, seq: number, events: number): void {
    if (this.#mode === 'slow') this.#tally.conflated += events;
    if (this.#mode !== 'live') return;
    const pending = this.#sink.pending();
    // Whoever has taken everything is not slow, however much comes at once.
    const isFull = pending > 0 && pending + bytes.length > MAX_PENDING_BYTES;
    if (isFull || this.#lag.waiting + bytes.length > this.#limit) {
      this.#tally.conflated += events;
      return this.#fallBehind();
    }
    this.#position = seq;
    this.#told = seq;
    this.#lastEventAt = this.#clock.now();
    this.#write(bytes);
  }

  /** To be called when the kernel has taken what was waiting. */
  drained(): void {
    if (this.#mode === 'replay') this.#replay();
  }

  /**
   * To be called every few seconds with what the kernel knows of the connection, if it tells: notices who is behind,
   * who has caught up, and who is gone.
   */
  observe(kernel: KernelSocket | undefined): void {
    const now = this.#clock.monotonic();
    const waiting = this.#sink.pending() + this.#sink.unacknowledged(kernel?.unackedBytes ?? 0);
    const lag = this.#lag;
    lag.observe(waiting, now);
    const stalledMs = lag.stalledMs(now);
    if (kernel?.silent && stalledMs >= DEAD_MS) return this.#sink.abandon();
    if (stalledMs >= MAX_STALL_MS) return this.#sink.destroy();
    if (this.#mode === 'slow' && waiting === 0) {
      // A link that was not seen to be full again may carry more than it did.
      const carries = lag.fullRate === null ? this.#limit : lag.fullRate * SLOW_MS;
      this.#limit = Math.max(carries, lag.rate * SLOW_MS);
      this.#catchUp();
    } else if (waiting === 0) this.#limit = Number.POSITIVE_INFINITY;
    else if (this.#mode === 'live' && lag.ageMs(now) > SLOW_MS) this.#fallBehind();
    else if (this.#mode === 'replay' && this.#nextAgeMs() - this.#replayAgeMs > SLOW_MS) this.#fallBehind();
  }

  /** To be called every now and then: keeps a connection alive on which nothing happens. */
  idle(heartbeat: Buffer, heartbeatMs: number): void {
    if (this.#mode !== 'live' || this.#clock.monotonic() - this.#lastWriteAt < heartbeatMs) return;
    this.#position = this.#log.newestSeq;
    this.#told = this.#position;
    this.#writeAlone(heartbeat);
  }

  end(farewell: Buffer): void {
    const bytes = Buffer.concat([this.#body.alone(farewell), this.#body.tail()]);
    this.#sink.write(frame(this.#sink.framing, bytes));
    this.#sink.end();
  }

  #replay(): void {
    if (this.#position < this.#log.oldestPosition) return this.#catchUp();
    while (this.#sink.pending() < REPLAY_BYTES && this.#position < this.#log.newestSeq) {
      const frames: Buffer[] = [];
      let size = 0;
      for (const entry of this.#log.after(this.#position)) {
        this.#position = entry.seq;
        // Whatever a gap has to name begins here, not when the reader joined.
        this.#lastEventAt = entry.at;
        if (!selects(this.selection, entry)) continue;
        frames.push(entry.frame);
        this.#told = entry.seq;
        size += entry.frame.length;
        if (size >= REPLAY_BYTES) break;
      }
      if (frames.length > 0) this.#writeAlone(Buffer.concat(frames));
    }
    if (this.#position < this.#log.newestSeq) return;
    this.#mode = 'live';
    // The end of a replay is the first moment at which the newest position is the reader's own.
    if (this.#told !== this.#position) this.#writeAlone(checkpoint(this.#log, this.#position));
    this.#told = this.#position;
    this.#body.follow();
  }

  /** How old the event is that this reader is given next, in ms; 0 when it has been given all. */
  #nextAgeMs(): number {
    const next = this.#log.at(this.#position + 1);
    return next ? this.#clock.now() - next.at : 0;
  }

  #fallBehind(): void {
    this.#mode = 'slow';
    this.#lag.forget();
    this.#body.leave();
  }

  #catchUp(): void {
    const gap = { from: this.#lastEventAt, to: this.#clock.now(), reason: 'slow' } as const;
    this.#mode = 'replay';
    this.#begin(Buffer.alloc(0), planGap(this.#log, this.selection, gap, this.#position));
    this.#replay();
  }

  #writeAlone(bytes: Buffer): void {
    if (bytes.length > 0) this.#write(frame(this.#sink.framing, this.#body.alone(bytes)));
  }

  #write(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#lastWriteAt = this.#clock.monotonic();
    this.#lag.wrote(bytes.length, this.#lastWriteAt);
    this.#tally.sentBytes += bytes.length;
    this.#sink.write(bytes);
  }
}

/** An id alone moves the reader's cursor on and fires nothing (HTML Living Standard 9.2.6). */
export function checkpoint(log: EventLog, seq: number): Buffer {
  return Buffer.from(encodeBlock({ id: log.cursorAt(seq) }));
}
