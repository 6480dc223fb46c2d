import { encodeBlock, type Host, PROTOCOL } from '@telltale/shared';
import type { Clock } from '../clock.ts';
import type { Entry, EventLog } from './event-log.ts';
import { planJoin } from './join.ts';
import { type Selection, selectionKey, selects } from './selection.ts';
import { checkpoint, type Sink, Subscriber } from './subscriber.ts';

/** After this long without a byte a subscriber is sent a heartbeat; below the 60 s at which proxies give up. */
export const HEARTBEAT_MS = 15_000;
const HEARTBEAT_CHECK_MS = 500;
/** Readers come back after a while of their own, so that they do not come back all at once. */
const RETRY_MS = { least: 1_000, spread: 2_000 };

export interface BroadcastOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly random: () => number;
  readonly version: string;
  readonly host: () => Pick<Host, 'id' | 'name'>;
  /** Keeps a metric sampled while somebody reads it; answers how to let go. */
  readonly hold: (selection: Selection) => () => void;
}

export interface Membership {
  /** To be called when the kernel has taken what was waiting. */
  drained(): void;
  /** To be called when the connection has gone. */
  leave(): void;
}

interface Group {
  readonly selection: Selection;
  readonly members: Set<Subscriber>;
}

/** All subscribers, in groups that are sent the same bytes. */
export class Broadcast {
  readonly #options: BroadcastOptions;
  readonly #groups = new Map<string, Group>();
  #cancelTimer: (() => void) | null = null;
  #size = 0;

  constructor(options: BroadcastOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  /** Sends entries that were just appended to the log: one write per subscriber. */
  publish(entries: readonly Entry[]): void {
    const { log } = this.#options;
    for (const { selection, members } of this.#groups.values()) {
      const mine = entries.filter((entry) => selects(selection, entry));
      const last = mine.at(-1);
      if (!last) continue;
      const frames = mine.map(({ frame }) => frame);
      // Whoever reads a part of the log moves on with the whole of it.
      if (last.seq !== log.newestSeq) frames.push(checkpoint(log, log.newestSeq));
      const bytes = Buffer.concat(frames);
      for (const member of members) member.deliver(bytes, log.newestSeq);
    }
  }

  /** Opens the stream on a connection. Replay and live join in this one synchronous step, so nothing falls between. */
  join(sink: Sink, selection: Selection, cursor: string | null): Membership {
    const { log, clock, random, version, host, hold } = this.#options;
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
      encodeBlock({ retry: retryMs(random) }) + encodeBlock({ event: 'hello', id: plan.helloId, data: hello });

    const subscriber = new Subscriber(log, sink, selection, clock);
    const key = selectionKey(selection);
    const group = this.#groups.get(key) ?? { selection, members: new Set() };
    this.#groups.set(key, group);
    group.members.add(subscriber);
    this.#size++;
    this.#cancelTimer ??= this.#schedule();
    subscriber.open(Buffer.from(preamble), plan);

    return {
      drained: () => subscriber.drained(),
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

  /** Says goodbye to everybody, each with a moment of its own to come back. */
  close(): void {
    const { random } = this.#options;
    for (const { members } of this.#groups.values()) {
      for (const member of members) {
        const wait = retryMs(random);
        // Whoever is not done with its replay may not be told that it is.
        const bye = encodeBlock({ event: 'bye', id: member.cursor, data: { reason: 'shutdown', retryMs: wait } });
        member.end(Buffer.from(encodeBlock({ retry: wait }) + bye));
      }
    }
  }

  /** One timer for all, and none while nobody listens. */
  #schedule(): () => void {
    const { log, clock } = this.#options;
    return clock.after(HEARTBEAT_CHECK_MS, () => {
      this.#cancelTimer = this.#schedule();
      const now = clock.now();
      const heartbeat = encodeBlock({ event: 'heartbeat', id: log.cursorAt(log.newestSeq), data: { at: now } });
      const bytes = Buffer.from(heartbeat);
      for (const { members } of this.#groups.values()) {
        for (const member of members) member.idle(bytes, HEARTBEAT_MS);
      }
    });
  }
}

const retryMs = (random: () => number) => RETRY_MS.least + Math.floor(random() * RETRY_MS.spread);
