import { formatDuration, formatText, metrics, parseSeries } from '@telltale/shared';
import type { Source } from '../../client/index.ts';

/** What is looked at: what says "slow" or "busy", each with a floor below which nothing is worth a word. */
const WATCHED: readonly (readonly [series: string, floor: number])[] = [
  ['cpu.usage', 20],
  ['cpu.load1', 1],
  ['memory.usedBytes', 64 * 2 ** 20],
  ['network.rxBytesPerSecond', 100_000],
  ['network.txBytesPerSecond', 100_000],
  ['disk.readBytesPerSecond', 1_000_000],
  ['disk.writeBytesPerSecond', 1_000_000],
  ['pressure.cpuSome', 5],
  ['pressure.memorySome', 2],
  ['pressure.ioSome', 5],
];

/** The quantile beyond which a value is unusual. */
const QUANTILE = 0.99;
/** It has to be so for this long. */
const LASTING_MS = 30_000;
const WEEK_MS = 7 * 86_400_000;
/** Before a day is known, everything is unusual. */
const ENOUGH_MS = 86_400_000;
/** The week is asked for again after this long. */
const AGAIN_MS = 3_600_000;
const TRY_AGAIN_MS = 60_000;
const POINTS = 2_000;
/** What is usual is no part of the first screen: it is asked for when that has long been there. */
const FIRST_MS = 8_000;

/** What a machine does most of the time. */
export interface Usual {
  /** How long was recorded, in ms. */
  readonly knownMs: number;
  /** By series, the value that 99 of 100 steps of the week stay below; `null` where it was hardly ever recorded. */
  readonly limits: ReadonlyMap<string, number | null>;
}

/** Something that goes beyond what this machine does most of the time. */
export interface Unusual {
  readonly series: string;
  readonly title: string;
  /** How much it is, and how much is usual, in words. */
  readonly text: string;
}

/** The quantile of what is there, by nearest rank; `null` with less than a hundred values. */
export function quantile(values: readonly (number | null)[], share: number): number | null {
  const present = values.filter((value) => value !== null).sort((a, b) => a - b);
  return present.length < 100 ? null : (present[Math.ceil(share * present.length) - 1] as number);
}

/** A week as history answers it: a column for each of what is looked at. */
interface Week {
  readonly stepMs: number;
  readonly columns: readonly (readonly (number | null)[])[];
}

export function toUsual({ stepMs, columns }: Week): Usual {
  const steps = Math.max(0, ...columns.map((values) => values.filter((value) => value !== null).length));
  return {
    knownMs: steps * stepMs,
    limits: new Map(WATCHED.map(([name], i) => [name, quantile(columns[i] ?? [], QUANTILE)])),
  };
}

/** What lasted beyond the usual. `valuesOf`: the values of a series over the last {@link LASTING_MS}. */
export function unusualOf(usual: Usual, valuesOf: (series: string) => readonly number[]): Unusual[] {
  if (usual.knownMs < ENOUGH_MS) return [];
  return WATCHED.flatMap(([name, floor]) => {
    const limit = usual.limits.get(name) ?? null;
    const values = valuesOf(name);
    const least = Math.min(...values);
    const series = parseSeries(name);
    if (limit === null || values.length === 0 || least <= Math.max(limit, floor) || series instanceof Error) return [];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const { unit, title } = series.meta;
    return {
      series: name,
      title: `${metrics[series.metric].title}: ${title}`,
      text: `${formatText(mean, unit)}, where 99 of 100 moments of the last week stay below ${formatText(limit, unit)}`,
    };
  });
}

/** Says what is known, where that is too short to judge by. */
export const shortNote = ({ knownMs }: Usual): string =>
  knownMs >= ENOUGH_MS
    ? ''
    : `Too early to say what is unusual here: ${formatDuration(knownMs)} known of a day at least.`;

/** Asks a source for its week, now and then, and says what goes beyond it. */
export class UnusualWatch {
  static readonly series: readonly string[] = WATCHED.map(([series]) => series);
  readonly #onChange: () => void;
  #source: Source | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  usual: Usual | null = null;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** To be called with every update; asks at most once an hour. */
  follow(source: Source): void {
    if (source !== this.#source) {
      this.#source = source;
      this.#askedAt = performance.now() - AGAIN_MS + FIRST_MS;
      this.usual = null;
    }
    if (performance.now() - this.#askedAt < AGAIN_MS) return;
    this.#askedAt = performance.now();
    void this.#ask(source);
  }

  unusual(source: Source): Unusual[] {
    const { usual } = this;
    const { now } = source;
    if (!usual || now === null) return [];
    return unusualOf(usual, (series) => {
      const points = source.points(series);
      if (!points) return [];
      const first = points.times.findIndex((at) => at >= now - LASTING_MS);
      const values = first < 0 ? [] : [...points.values.subarray(first)];
      // A hole is no evidence.
      return values.some(Number.isNaN) || (points.times.at(0) ?? now) > now - LASTING_MS ? [] : values;
    });
  }

  async #ask(source: Source): Promise<void> {
    try {
      const week = await source.askMeans({ series: UnusualWatch.series, from: `-${WEEK_MS / 1_000}s`, points: POINTS });
      if (source !== this.#source) return;
      this.usual = toUsual(week);
      this.#onChange();
    } catch {
      // The page says less, and asks again soon.
      this.#askedAt = performance.now() - AGAIN_MS + TRY_AGAIN_MS;
    }
  }
}
