/** What a chart shows of the past, in ms: the last so-and-so long, going on with the time, or what lies between two moments. */
export type Span = { readonly lastMs: number } | { readonly from: number; readonly to: number };

/** The two ends of what is shown, in epoch ms of the server. */
export interface Edges {
  readonly from: number;
  readonly to: number;
}

/** What a page shows that says nothing about it. */
const DEFAULT_SPAN: Span = { lastMs: 300_000 };
/** Of less than this a chart has hardly a point; nobody keeps more. */
export const LEAST_SPAN_MS = 10_000;
export const MOST_SPAN_MS = 10 * 366 * 86_400_000;

export const isLive = (span: Span): span is { readonly lastMs: number } => 'lastMs' in span;

export const lengthOf = (span: Span): number => (isLive(span) ? span.lastMs : span.to - span.from);

export const edgesOf = (span: Span, now: number): Edges => (isLive(span) ? { from: now - span.lastMs, to: now } : span);

export function sameSpan(a: Span, b: Span): boolean {
  if (isLive(a) || isLive(b)) return isLive(a) && isLive(b) && a.lastMs === b.lastMs;
  return a.from === b.from && a.to === b.to;
}

/** A range in whole seconds that is no shorter than the least, nor longer than the most, and does not reach beyond now. */
function inBounds(from: number, to: number, now: number): Span {
  const length = Math.min(MOST_SPAN_MS, Math.max(LEAST_SPAN_MS, to - from));
  const end = Math.ceil(Math.min(now, (from + to + length) / 2) / 1_000) * 1_000;
  return { from: end - Math.ceil(length / 1_000) * 1_000, to: end };
}

/**
 * The time of a page: what its charts show, and the instant that all of them mark. One object that whoever draws reads,
 * and whoever offers a choice sets, so that no element has to hand it on to another, wherever on the page they are.
 */
export class TimeWindow {
  readonly #listeners = new Set<() => void>();
  readonly #pointers = new Set<() => void>();
  #span: Span = DEFAULT_SPAN;
  /** What was chosen; zooming and pausing lead away from it, and back. */
  #home: Span = DEFAULT_SPAN;
  #cursor: number | null = null;
  #comparing = false;

  get span(): Span {
    return this.#span;
  }

  /** The instant that is marked, epoch ms, or `null`. */
  get cursor(): number | null {
    return this.#cursor;
  }

  /** Whether charts show the period just before, too. */
  get comparing(): boolean {
    return this.#comparing;
  }

  /** Whether {@link reset} leads elsewhere. */
  get away(): boolean {
    return !sameSpan(this.#span, this.#home);
  }

  /** With a choice of windows at hand: a quarter of an hour, as long as nobody has chosen. */
  begin(): void {
    if (this.#span === DEFAULT_SPAN) this.show({ lastMs: 900_000 });
  }

  /** Shows what was chosen. */
  show(span: Span): void {
    this.#home = span;
    this.#turn(span);
  }

  /** Shows a part for a while. */
  zoom(from: number, to: number, now: number): void {
    this.#turn(inBounds(Math.min(from, to), Math.max(from, to), now));
  }

  /** Shows so many times as much: around the cursor where it stands still, else up to now. */
  scale(factor: number, now: number): void {
    const span = this.#span;
    if (isLive(span)) {
      this.#turn({ lastMs: Math.min(MOST_SPAN_MS, Math.max(LEAST_SPAN_MS, Math.round(span.lastMs * factor))) });
      return;
    }
    const { from, to } = span;
    const middle = this.#cursor === null ? (from + to) / 2 : Math.min(to, Math.max(from, this.#cursor));
    this.zoom(middle - (middle - from) * factor, middle + (to - middle) * factor, now);
  }

  /** Shows what lies before or after, by a share of what is shown. */
  move(share: number, now: number): void {
    const { from, to } = edgesOf(this.#span, now);
    const by = share * (to - from);
    if (to + by >= now && isLive(this.#home)) this.#turn({ lastMs: Math.round((to - from) / 1_000) * 1_000 });
    else this.zoom(from + by, to + by, now);
  }

  /** Stands still at what is shown. */
  pause(now: number): void {
    if (isLive(this.#span)) this.zoom(now - this.#span.lastMs, now, now);
  }

  /** Back to what was chosen. */
  reset(): void {
    this.#turn(this.#home);
  }

  /** On with the time. */
  resume(): void {
    if (isLive(this.#home)) this.reset();
    else this.show({ lastMs: lengthOf(this.#span) });
  }

  /** Marks an instant on all charts, or none. */
  point(at: number | null): void {
    if (at === this.#cursor) return;
    this.#cursor = at;
    for (const listener of [...this.#pointers]) listener();
  }

  /** Shows the period just before behind what is shown, or no longer. */
  compare(on: boolean): void {
    if (on === this.#comparing) return;
    this.#comparing = on;
    this.#tell();
  }

  /** Calls after each change of what is shown, and of whether it is compared; the answer ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls after each move of the cursor; the answer ends that. */
  onPoint(listener: () => void): () => void {
    this.#pointers.add(listener);
    return () => void this.#pointers.delete(listener);
  }

  #turn(span: Span): void {
    if (sameSpan(span, this.#span)) return;
    this.#span = span;
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The page's own. */
export const pageWindow: TimeWindow = new TimeWindow();
