import type { LoadedRecording } from './loaded-recording.ts';
import { ReplayServer } from './replay-server.ts';
import { Source } from './source.ts';
import { provideSource } from './sources.ts';
import type { World } from './world.ts';

/** Between two of these the position moves on without an event. */
const TICK_MS = 200;
/** A source that has not heard of its server within this is shown all the same. */
const READY_MS = 1_000;
let replays = 0;

/** What elements read, from one jump to the next: a source is only ever told what comes later. */
interface Session {
  readonly base: string;
  readonly server: ReplayServer;
  readonly source: Source;
  readonly end: () => void;
}

/** Plays a recording to the elements of this page. */
export class Replay {
  readonly recording: LoadedRecording;
  readonly #world: World;
  readonly #listeners = new Set<() => void>();
  #session: Session;
  /** The one that takes over when it has what the other shows, so that nothing is empty in between. */
  #next: { readonly session: Session; readonly cancel: () => void } | null = null;
  /** Where to jump when the jump under way is over. */
  #wanted: number | null = null;
  #offset = 0;
  #speed = 1;
  #playing = false;
  #cancelTick: (() => void) | null = null;
  #tickedAt = 0;

  constructor(recording: LoadedRecording, world: World) {
    this.recording = recording;
    this.#world = world;
    this.#session = this.#open(1);
  }

  /** Where elements find it: what they take for their `src`. It changes with every jump. */
  get base(): string {
    return this.#session.base;
  }

  /** Ms after the beginning. */
  get offset(): number {
    return this.#wanted ?? this.#offset;
  }

  /** The time in the recording, epoch ms. */
  get at(): number {
    return this.recording.timeAfter(this.recording.countAt(this.offset));
  }

  get playing(): boolean {
    return this.#playing;
  }

  get ended(): boolean {
    return this.#offset >= this.recording.durationMs;
  }

  get speed(): number {
    return this.#speed;
  }

  /** Calls after each change; the answer ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Goes on; from the beginning where it had come to its end. */
  play(): void {
    if (this.#playing) return;
    if (this.ended) this.seek(0);
    this.#playing = true;
    this.#tickedAt = this.#world.now();
    this.#tick();
    this.#tell();
  }

  pause(): void {
    this.#playing = false;
    this.#cancelTick?.();
    this.#tell();
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#tell();
  }

  /** Jumps. While a jump is under way only the last one that is wished counts. */
  seek(offset: number): void {
    const to = Math.max(0, Math.min(offset, this.recording.durationMs));
    this.#wanted = to;
    if (this.#next === null) this.#jump(to);
    this.#tell();
  }

  close(): void {
    this.#listeners.clear();
    this.pause();
    this.#next?.cancel();
    this.#next?.session.end();
    this.#session.end();
  }

  #open(count: number): Session {
    const server = new ReplayServer(this.recording, Math.min(count, this.recording.length), () => this.#speed);
    const world: World = {
      ...this.#world,
      fetch: server.fetch,
      // Time passes with the events alone: nothing is ever late, and what stands still is as new as it was.
      now: () => this.recording.timeAfter(1) + this.recording.offset(Math.max(0, server.count - 1)),
      // There is nothing to be saved by going away, and nobody to share it with.
      page: { hidden: false, offline: false, listen: () => () => {} },
      openChannel: null,
    };
    // A name that no network has (RFC 2606).
    const base = `http://recording-${++replays}.invalid/`;
    const source = new Source({ base, token: null }, world);
    return { base, server, source, end: provideSource(base, source) };
  }

  #jump(offset: number): void {
    const session = this.#open(Math.max(1, this.recording.countAt(offset)));
    const { metrics, series } = this.#session.server;
    session.source.need({ metrics: [...metrics], series: [...series] });
    const takeOver = () => {
      cancel();
      this.#next = null;
      const before = this.#session;
      this.#session = session;
      this.#offset = offset;
      this.#tickedAt = this.#world.now();
      const wanted = this.#wanted;
      this.#wanted = null;
      this.#tell();
      before.end();
      if (wanted !== null && wanted !== offset) this.seek(wanted);
    };
    const unsubscribe = session.source.subscribe(() => {
      if (session.source.status.state === 'live') takeOver();
    });
    const cancelLate = this.#world.after(READY_MS, takeOver);
    const cancel = () => {
      unsubscribe();
      cancelLate();
    };
    this.#next = { session, cancel };
  }

  #tick(): void {
    this.#cancelTick = this.#world.after(TICK_MS, () => {
      this.#move();
      if (this.#playing) this.#tick();
    });
  }

  #move(): void {
    const now = this.#world.now();
    const passed = now - this.#tickedAt;
    this.#tickedAt = now;
    // A jump under way goes on from where it ends.
    if (this.#wanted !== null) return;
    this.#offset = Math.min(this.recording.durationMs, this.#offset + Math.max(0, passed) * this.#speed);
    this.#session.server.advance(this.recording.countAt(this.#offset));
    if (this.ended) this.#playing = false;
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
