import type { MetricName } from '@telltale/shared';
import type { World } from './world.ts';

/** A page that is scrolled to and fro must not open its stream anew each time. */
const LINGER_MS = 10_000;

interface Watched {
  users: number;
  /** By our clock. */
  readonly since: number;
  cancel: (() => void) | null;
}

/** The metrics that are read only while somebody looks, as they cost the machine something. */
export class WatchedMetrics {
  readonly #world: World;
  readonly #onLetGo: () => void;
  readonly #watched = new Map<MetricName, Watched>();

  /** `onLetGo`: nobody has looked at one of them for a while. */
  constructor(world: World, onLetGo: () => void) {
    this.#world = world;
    this.#onLetGo = onLetGo;
  }

  get size(): number {
    return this.#watched.size;
  }

  get names(): MetricName[] {
    return [...this.#watched.keys()];
  }

  /** Since when a metric has been read; `null` where it is not for this that it is. */
  since(metric: MetricName): number | null {
    return this.#watched.get(metric)?.since ?? null;
  }

  /** The answer ends it. */
  watch(metric: MetricName): () => void {
    const entry = this.#watched.get(metric) ?? { users: 0, since: this.#world.now(), cancel: null };
    this.#watched.set(metric, entry);
    entry.users++;
    entry.cancel?.();
    entry.cancel = null;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      entry.users--;
      if (entry.users === 0 && this.#watched.get(metric) === entry) {
        entry.cancel = this.#world.after(LINGER_MS, () => {
          this.#watched.delete(metric);
          this.#onLetGo();
        });
      }
    };
  }

  close(): void {
    for (const { cancel } of this.#watched.values()) cancel?.();
    this.#watched.clear();
  }
}
