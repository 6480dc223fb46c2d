import { type ByeReason, encodeBlock, type Host, PROTOCOL } from '@telltale/shared';
import type { Clock } from '../clock.ts';
import { type Encoder, GzipEncoder, identity } from './encoding.ts';
import type { Entry, EventLog } from './event-log.ts';
import { planJoin } from './join.ts';
import type { KernelSocket } from './kernel-sockets.ts';
import { type Selection, selectionKey, selects } from './selection.ts';
import { type Framing, frame, type Sink } from './sink.ts';
import { checkpoint, Subscriber, type Tally } from './subscriber.ts';

/** After this long without a byte a subscriber is sent a heartbeat; below the 60 s at which proxies give up. */
export const HEARTBEAT_MS = 15_000;
/** The least time between two looks at all subscribers. */
const CHECK_MS = 500;
/** Timers may fire a little early; what is due within this is done now. */
const EARLY_MS = 1;
/**
 * How often the kernel is asked. It takes milliseconds to answer, so seldom while all keep up: who is slow is known within
 * this time of becoming so. While somebody is slow it is asked more often, to see the end of it: the longer an answer
 * takes the less often, so that it costs about a quarter percent of a core.
 */
const OBSERVE_MS = { calm: 5_000, least: 1_000, most: 2_500 };
const OBSERVE_SHARE = 400;
/** Readers come back after a while of their own, longer the more they are, so that they do not come back all at once. */
const RETRY_MS = { least: 1_000, spread: 2_000, each: 4 };
/** A compressor costs as much for one reader as for a thousand; beyond this many the others are sent it plain. */
const MAX_GZIP_GROUPS = 8;
/** How goodbyes are spread: this many at once, and the rest over so long. */
const CLOSE_AT_ONCE = 50;
const CLOSE_SLICES = 25;
const CLOSE_SLICE_MS = 100;

export interface BroadcastOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly random: () => number;
  readonly version: string;
  readonly host: () => Pick<Host, 'id' | 'name'>;
  /** Keeps a metric sampled while somebody reads it; answers how to let go. */
  readonly hold: (selection: Selection) => () => void;
  /** What the kernel knows of connections that are behind, by inode; empty where it does not tell. */
  readonly kernelSockets: () => ReadonlyMap<string, KernelSocket>;
}

export interface Membership {
  /** To be called when the kernel has taken what was waiting. */
  drained(): void;
  /** To be called when the connection has gone. */
  leave(): void;
  /** Says goodbye and ends the stream. */
  dismiss(reason: ByeReason): void;
}

/** Those who are sent the same bytes. */
interface Group {
  readonly selection: Selection;
  readonly encoder: Encoder;
  readonly framing: Framing;
  readonly members: Set<Subscriber>;
}

/** All subscribers, in groups that are sent the same bytes. */
export class Broadcast {
  readonly tally: Tally = { sentBytes: 0, conflated: 0 };
  readonly #options: BroadcastOptions;
  readonly #groups = new Map<string, Group>();
  #cancelTimer: (() => void) | null = null;
  #observeAt = 0;
  /** Before this nobody is due a heartbeat: who writes or joins moves his own later. */
  #heartbeatAt = 0;
  #size = 0;
  #closing = false;

  constructor(options: BroadcastOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether everybody is being sent away. */
  get closing(): boolean {
    return this.#closing;
  }

  /** Sends entries that were just appended to the log: one write per subscriber. */
  publish(entries: readonly Entry[]): void {
    const { log } = this.#options;
    for (const { selection, encoder, framing, members } of this.#groups.values()) {
      const mine = entries.filter((entry) => selects(selection, entry));
      const last = mine.at(-1);
      if (!last) continue;
      const frames = mine.map(({ frame }) => frame);
      // Whoever reads a part of the log moves on with the whole of it.
      if (last.seq !== log.newestSeq) frames.push(checkpoint(log, log.newestSeq));
      const bytes = frame(framing, encoder.shared(Buffer.concat(frames)));
      for (const member of members) member.deliver(bytes, log.newestSeq, mine.length);
    }
  }

  /** The coding that a reader of this selection would be sent, if it takes gzip. */
  codingFor(selection: Selection, gzip: boolean): Encoder['name'] {
    if (!gzip) return null;
    const groups = [...this.#groups.values()].filter(({ encoder }) => encoder.name === 'gzip');
    const key = selectionKey(selection);
    if (groups.some((group) => selectionKey(group.selection) === key)) return 'gzip';
    const others = groups.length;
    return others < MAX_GZIP_GROUPS ? 'gzip' : null;
  }

  /** Opens the stream on a connection. Replay and live join in this one synchronous step, so nothing falls between. */
  join(sink: Sink, selection: Selection, cursor: string | null, coding: Encoder['name'] = null): Membership {
    const { log, clock, version, host, hold } = this.#options;
    const release = hold(selection);
    const now = clock.now();
    const plan = planJoin(log, selection, cursor, now);
    const hello = {
      protocol: PROTOCOL,
      version,
      epoch: log.epoch,
      host: host(),
      heartbeatMs: HEARTBEAT_MS,
      resumed: plan.resumed,
      metrics: Object.fromEntries(selection),
      at: now,
    };
    const preamble =
      encodeBlock({ retry: this.#retryMs() }) + encodeBlock({ event: 'hello', id: plan.helloId, data: hello });

    const { framing } = sink;
    const key = `${coding} ${framing} ${selectionKey(selection)}`;
    const encoder = coding === 'gzip' ? new GzipEncoder() : identity;
    const group = this.#groups.get(key) ?? { selection, encoder, framing, members: new Set() };
    const subscriber = new Subscriber({ log, sink, body: group.encoder.open(), selection, clock, tally: this.tally });
    this.#groups.set(key, group);
    group.members.add(subscriber);
    this.#size++;
    this.#cancelTimer ??= this.#schedule();
    subscriber.open(Buffer.from(preamble), plan);

    return {
      drained: () => subscriber.drained(),
      dismiss: (reason) => this.#sendAway(subscriber, reason),
      leave: () => {
        if (!group.members.delete(subscriber)) return;
        this.#size--;
        if (group.members.size === 0) this.#groups.delete(key);
        if (this.#size === 0) {
          this.#cancelTimer?.();
          this.#cancelTimer = null;
        }
        release();
      },
    };
  }

  /** Says goodbye to everybody, in slices when they are many, each with a moment of its own to come back. */
  close(): void {
    const { clock } = this.#options;
    this.#closing = true;
    const members = [...this.#groups.values()].flatMap(({ members }) => [...members]);
    const slice = Math.max(CLOSE_AT_ONCE, Math.ceil(members.length / CLOSE_SLICES));
    for (let i = 0; i * slice < members.length; i++) {
      const some = members.slice(i * slice, (i + 1) * slice);
      const sendAway = () => {
        for (const member of some) this.#sendAway(member, 'shutdown');
      };
      if (i === 0) sendAway();
      else clock.after(i * CLOSE_SLICE_MS, sendAway);
    }
  }

  #sendAway(member: Subscriber, reason: ByeReason): void {
    const retryMs = this.#retryMs();
    // Whoever is not done with its replay may not be told that it is.
    const bye = encodeBlock({ event: 'bye', id: member.cursor, data: { reason, retryMs } });
    member.end(Buffer.from(encodeBlock({ retry: retryMs }) + bye));
  }

  #retryMs(): number {
    const spread = Math.max(RETRY_MS.spread, this.#size * RETRY_MS.each);
    return RETRY_MS.least + Math.floor(this.#options.random() * spread);
  }

  /**
   * One timer for all, and none while nobody listens. It fires when something is due rather than twice a second: a process
   * that wakes up finds its caches cold, and finding that nothing is due cost a twentieth of what 100 subscribers cost.
   */
  #schedule(): () => void {
    const { clock } = this.#options;
    const wait = Math.min(this.#observeAt, this.#heartbeatAt) - clock.monotonic();
    return clock.after(Math.max(CHECK_MS, wait), () => {
      this.#observe();
      this.#keepAlive();
      this.#cancelTimer = this.#size > 0 ? this.#schedule() : null;
    });
  }

  #keepAlive(): void {
    const { log, clock } = this.#options;
    const now = clock.monotonic();
    if (now + EARLY_MS < this.#heartbeatAt) return;
    let heartbeat: Buffer | null = null;
    let oldest = now;
    for (const { members } of this.#groups.values()) {
      for (const member of members) {
        if (now - member.writtenAt >= HEARTBEAT_MS) {
          const data = { at: clock.now() };
          heartbeat ??= Buffer.from(encodeBlock({ event: 'heartbeat', id: log.cursorAt(log.newestSeq), data }));
          member.idle(heartbeat, HEARTBEAT_MS);
        }
        oldest = Math.min(oldest, member.writtenAt);
      }
    }
    this.#heartbeatAt = oldest + HEARTBEAT_MS;
  }

  #observe(): void {
    const { clock, kernelSockets } = this.#options;
    const startedAt = clock.monotonic();
    if (startedAt + EARLY_MS < this.#observeAt) return;
    const sockets = kernelSockets();
    const rest = OBSERVE_SHARE * (clock.monotonic() - startedAt);
    let anybodySlow = false;
    for (const { members } of this.#groups.values()) {
      for (const member of members) {
        member.observe(member.inode === null ? undefined : sockets.get(member.inode));
        anybodySlow ||= member.slow;
      }
    }
    this.#observeAt =
      startedAt + (anybodySlow ? Math.min(OBSERVE_MS.most, Math.max(OBSERVE_MS.least, rest)) : OBSERVE_MS.calm);
  }
}
