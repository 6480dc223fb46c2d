import { formatDuration, type History } from '@telltale/shared';
import { type ChartLine, type Points, stack } from '../../chart/index.ts';
import { isLive, lengthOf, type Source, type Span, sameSpan } from '../../client/index.ts';
import type { Palette } from '../base/palette.ts';
import type { Line } from './lines.ts';

/** What is asked, and where it stands. */
type Asker = Pick<Source, 'ask' | 'edges' | 'span'>;

interface Asked {
  readonly source: Asker;
  readonly series: string;
  readonly span: Span;
  readonly from: number;
}

/** As many steps as what is live has, so that both are of one density. */
const POINTS = 721;
/** A window that goes on with the time is asked about anew after this share of its length, and as much is had in advance. */
const AHEAD = 0.25;
const NOTHING: ReadonlyMap<string, Points> = new Map();

/** The lines of an answer, `byMs` later than they were; one of which nothing was recorded is left out. */
export function moved(
  { times, series, stepMs }: Pick<History, 'times' | 'series' | 'stepMs'>,
  byMs: number,
): Map<string, Points> {
  const lines = new Map<string, Points>();
  for (const [name, { avg }] of Object.entries(series)) {
    const known = times.flatMap((_, i) => (typeof avg[i] === 'number' ? [i] : []));
    if (known.length === 0) continue;
    lines.set(name, {
      stepMs,
      // A time of history is the end of its step, that of a point the middle.
      times: Float64Array.from(known, (i) => (times[i] as number) - stepMs / 2 + byMs),
      values: Float64Array.from(known, (i) => avg[i] as number),
      low: null,
      high: null,
    });
  }
  return lines;
}

/**
 * What the lines of a chart were in the period before the one that it shows, as long as that and moved onto it. There is
 * one only while somebody compares.
 */
export class PeriodBefore {
  readonly #onChange: () => void;
  #asked: Asked | null = null;
  #state: 'asking' | 'known' | 'failed' = 'asking';
  #lines = NOTHING;
  #total: { readonly key: string; readonly points: Points | null } | null = null;

  /** `onChange`: there is an answer. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** By the name of the line; empty until they are known. */
  get lines(): ReadonlyMap<string, Points> {
    return this.#lines;
  }

  /** What dashed lines are, or why there are none. */
  get words(): string {
    const period = `the ${formatDuration(lengthOf(this.#asked?.span ?? { lastMs: 0 }))} before`;
    if (this.#state === 'failed') return `${period} could not be loaded`;
    return this.#state === 'known' && this.#lines.size === 0
      ? `nothing was recorded in ${period}`
      : `dashed: ${period}`;
  }

  /** Asks if another window is shown, or if it has moved on; called as often as the chart is told something. */
  follow(source: Asker, series: readonly string[]): void {
    const { span, edges } = source;
    const { from } = edges;
    const length = lengthOf(span);
    const before = this.#asked;
    const asked = { source, series: series.join(), span, from };
    const same = before?.source === source && before.series === asked.series && sameSpan(before.span, span);
    // A clock that is set may lead back, too.
    if (same && Math.abs(from - before.from) < AHEAD * length) return;
    this.#asked = asked;
    if (!same) {
      this.#state = 'asking';
      this.#show(NOTHING);
    }
    const ends = { from: Math.floor(from - length), to: Math.ceil(from + (isLive(span) ? AHEAD * length : 0)) };
    const points = isLive(span) ? Math.ceil(POINTS * (1 + AHEAD)) : POINTS;
    source.ask({ series, ...ends, points }).then(
      (history) => {
        if (this.#asked !== asked) return;
        this.#state = 'known';
        this.#show(moved(history, length));
        this.#onChange();
      },
      () => {
        if (this.#asked !== asked) return;
        // It is asked for again when the window is another, or has moved on; until then what is known stays.
        if (this.#lines.size === 0) this.#state = 'failed';
        this.#onChange();
      },
    );
  }

  /** Several lines added up; `null` where one of them is not known. */
  total(names: readonly string[]): Points | null {
    const key = names.join();
    if (this.#total?.key === key) return this.#total.points;
    const layers = names.flatMap((name) => this.#lines.get(name) ?? []);
    const points = layers.length === names.length ? (stack(layers).at(-1) ?? null) : null;
    this.#total = { key, points };
    return points;
  }

  /** What is still to be answered is not waited for. */
  stop(): void {
    this.#asked = null;
  }

  #show(lines: ReadonlyMap<string, Points>): void {
    this.#lines = lines;
    this.#total = null;
  }
}

/**
 * What there is to be drawn behind the lines that are shown. Of a stack the whole alone: layers of two periods over each
 * other could not be told apart.
 */
export function linesBefore(
  before: PeriodBefore,
  shown: readonly Line[],
  pointed: string | null,
  palette: Pick<Palette, 'color' | 'theme'>,
  stacked: boolean,
): ChartLine[] {
  const look = { dash: [], faint: false };
  if (stacked) {
    const points = before.total(shown.map(({ name }) => name));
    return points === null ? [] : [{ ...look, color: palette.theme.strong, points }];
  }
  return shown.flatMap(({ name, hue }) => {
    const points = before.lines.get(name);
    const apart = pointed !== null && pointed !== name;
    return points === undefined || apart ? [] : [{ ...look, color: palette.color(hue), points }];
  });
}
