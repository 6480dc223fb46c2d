import { isMetricName } from './metrics/registry.ts';
import type { RecordedEvent, RecordingHead } from './recording.ts';

/** Without an event for this long, and for three paces, nothing was recorded: nobody sits through that. */
const HOLE_MS = 60_000;
const HOLE_PACES = 3;
/** How long such a hole takes instead. */
const HOLE_TAKES_MS = 1_000;
/** Events of one moment do not come in the order of their times; what is further back is a clock that was set. */
const DISORDER_MS = 2_000;

/**
 * When the events of a recording come while it is played, in ms after its beginning. They keep the distances of their
 * times, but for holes, which are passed over in a second, and clocks that were set back.
 */
export class RecordingTime {
  readonly #holeMs: number;
  #at: number | null = null;
  #offset = 0;

  constructor({ metrics }: Pick<RecordingHead, 'metrics'>) {
    const paces = Object.values(metrics);
    this.#holeMs = Math.max(HOLE_MS, HOLE_PACES * (paces.length > 0 ? Math.min(...paces) : 0));
  }

  /** The time of the newest measurement so far, epoch ms. */
  get at(): number | null {
    return this.#at;
  }

  /** To be called with each event, in order. A gap or a fault comes with what was measured before it. */
  next(event: RecordedEvent): number {
    if (!isMetricName(event.name)) return this.#offset;
    const { at } = event.data as { readonly at: number };
    const passed = this.#at === null ? 0 : at - this.#at;
    if (passed < 0 && passed > -DISORDER_MS) return this.#offset;
    this.#at = at;
    this.#offset += passed > this.#holeMs ? HOLE_TAKES_MS : Math.max(0, passed);
    return this.#offset;
  }
}
