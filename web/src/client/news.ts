import type { World } from './world.ts';

/** What is told in one frame; who has not heard by then hears in the next, so that the first is drawn meanwhile. */
const FRAME_MS = 12;
/** The first news is waited for: as long as nobody would call it a stall. */
const FIRST_MS = 50;
/** What a listener leads to is done within so many microtasks. */
const TURNS = 5;

/** Tells listeners that there is news: once a frame, however much of it, and one after the other. */
export class News {
  readonly #world: World;
  readonly #listeners = new Set<() => void>();
  #cancelFrame: (() => void) | null = null;
  #cancelHush: (() => void) | null = null;
  /** Until all are told, while what there is is kept back; `null` while it is not. */
  hushed: Promise<void> | null = null;
  #endHush = () => {};
  #telling = false;
  /** There is news since all were told last. */
  #untold = false;
  #closed = false;

  constructor(world: World) {
    this.#world = world;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keeps what there is to itself, until {@link speak} or so many ms have passed. Who waited that long waits for no frame. */
  hush(ms: number): void {
    this.hushed = new Promise((resolve) => {
      this.#endHush = resolve;
    });
    this.#cancelHush = this.#world.after(ms, () => this.speak());
  }

  speak(): void {
    this.#cancelHush?.();
    this.#cancelHush = null;
    this.hushed = null;
    this.#endHush();
    this.#cancelFrame?.();
    this.#cancelFrame = null;
    if (this.#closed || this.#telling) this.tell();
    else void this.#tellAll(FIRST_MS);
  }

  tell(): void {
    this.#untold = true;
    if (this.#closed || this.#cancelHush || this.#telling) return;
    this.#cancelFrame ??= this.#world.nextFrame(() => {
      this.#cancelFrame = null;
      void this.#tellAll();
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancelHush?.();
    this.#endHush();
    this.#cancelFrame?.();
  }

  /** Of what comes meanwhile all are told once more, and not before each has heard of this. */
  async #tellAll(most = FRAME_MS): Promise<void> {
    this.#untold = false;
    this.#telling = true;
    let frame = this.#world.now();
    for (const listener of [...this.#listeners]) {
      if (this.#world.now() - frame > most) {
        await new Promise<void>((resolve) => this.#world.nextFrame(resolve));
        frame = this.#world.now();
      }
      try {
        if (this.#listeners.has(listener)) listener();
      } catch (error) {
        // One that fails is reported, and must not keep the others from hearing this and all that follows.
        void Promise.reject(error);
      }
      for (let turn = 0; turn < TURNS; turn++) await null;
    }
    this.#telling = false;
    if (this.#untold) this.tell();
  }
}
