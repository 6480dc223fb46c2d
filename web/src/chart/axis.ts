import { formatValue, niceCeiling, type Unit } from '@telltale/shared';

/** A scale that is much too tall is lowered only after this long, so that it does not breathe with every burst. */
const SHRINK_AFTER_MS = 15_000;
const SHRINK_BELOW = 0.35;

/** The top of a value axis that follows its data without jumping. */
export class AxisTop {
  readonly #unit: Unit;
  #top = 0;
  #smallSince: number | null = null;

  constructor(unit: Unit) {
    this.#unit = unit;
  }

  /** The top for data whose largest value is `most`. Grows at once, shrinks late. */
  follow(most: number, now: number): number {
    const wanted = Math.max(niceCeiling(most * 1.05, this.#unit), leastTop(this.#unit));
    if (wanted > this.#top) {
      this.#top = wanted;
      this.#smallSince = null;
    } else if (wanted < this.#top && most < this.#top * SHRINK_BELOW) {
      this.#smallSince ??= now;
      if (now - this.#smallSince >= SHRINK_AFTER_MS) {
        this.#top = wanted;
        this.#smallSince = null;
      }
    } else {
      this.#smallSince = null;
    }
    return this.#top;
  }
}

/** An idle machine's noise is not blown up to fill the chart. */
function leastTop(unit: Unit): number {
  if (unit === 'bytesPerSecond') return 10_000;
  if (unit === 'bitsPerSecond') return 100_000;
  if (unit === 'bytes') return 1_024;
  return 1;
}

/** A round value as the value axis shows it: without the decimals that a round number does not need. */
export function formatTick(value: number, unit: Unit): string {
  const { text, symbol } = formatValue(value, unit);
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return symbol === '' ? short : `${short}\u00a0${symbol}`;
}
