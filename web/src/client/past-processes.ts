import { Declined, type Endpoint, getProcesses, type TopProcesses } from './api.ts';
import type { World } from './world.ts';

/** Whoever moves along a chart is asked for only where they stay for a moment. */
const STAY_MS = 120;
const MINUTE_MS = 60_000;
/** As many minutes as anybody points at in a row; the first goes. */
const MAX_MINUTES = 64;

/** What used most at moments in the past, asked for when somebody points there, a minute at a time. */
export class PastProcesses {
  readonly #world: World;
  readonly #endpoint: Endpoint;
  readonly #onChange: () => void;
  /** `null` where nothing was recorded. */
  readonly #minutes = new Map<number, TopProcesses | null>();
  #waiting: { readonly minute: number; readonly cancel: () => void } | null = null;

  constructor(world: World, endpoint: Endpoint, onChange: () => void) {
    this.#world = world;
    this.#endpoint = endpoint;
    this.#onChange = onChange;
  }

  /** Those of the minute of a moment; `null` where none were recorded, `undefined` until that is known. */
  at(moment: number): TopProcesses | null | undefined {
    const minute = Math.floor(moment / MINUTE_MS);
    const known = this.#minutes.get(minute);
    if (known === undefined && this.#waiting?.minute !== minute) this.#wait(minute, moment);
    return known;
  }

  close(): void {
    this.#waiting?.cancel();
    this.#waiting = null;
  }

  #wait(minute: number, moment: number): void {
    this.#waiting?.cancel();
    const cancel = this.#world.after(STAY_MS, () => {
      void getProcesses(this.#world, this.#endpoint, moment).then(
        (top) => this.#keep(minute, top),
        (error: unknown) => {
          if (error instanceof Declined && error.status === 404) this.#keep(minute, null);
          else if (this.#waiting?.minute === minute) this.#waiting = null;
        },
      );
    });
    this.#waiting = { minute, cancel };
  }

  #keep(minute: number, top: TopProcesses | null): void {
    if (this.#waiting?.minute === minute) this.#waiting = null;
    this.#minutes.set(minute, top);
    const [first] = this.#minutes.keys();
    if (this.#minutes.size > MAX_MINUTES && first !== undefined) this.#minutes.delete(first);
    this.#onChange();
  }
}
