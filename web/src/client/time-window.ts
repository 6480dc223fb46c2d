/** What a chart shows of the past, in ms: the last so-and-so long, going on with the time, or what lies between two moments. */
export type Span = { readonly lastMs: number } | { readonly from: number; readonly to: number };

/** The two ends of what is shown, in epoch ms of the server. */
export interface Edges {
  readonly from: number;
  readonly to: number;
}

/** What a page shows that says nothing about it. */
const DEFAULT_SPAN: Span = { lastMs: 300_000 };

export const isLive = (span: Span): span is { readonly lastMs: number } => 'lastMs' in span;

export const lengthOf = (span: Span): number => (isLive(span) ? span.lastMs : span.to - span.from);

export const edgesOf = (span: Span, now: number): Edges => (isLive(span) ? { from: now - span.lastMs, to: now } : span);

export function sameSpan(a: Span, b: Span): boolean {
  if (isLive(a) || isLive(b)) return isLive(a) && isLive(b) && a.lastMs === b.lastMs;
  return a.from === b.from && a.to === b.to;
}

/**
 * What the charts of a page show: one object that whoever draws reads, and whoever offers a choice sets, so that no
 * element has to hand it on to another.
 */
export class TimeWindow {
  readonly #listeners = new Set<() => void>();
  #span: Span = DEFAULT_SPAN;

  get span(): Span {
    return this.#span;
  }

  show(span: Span): void {
    if (sameSpan(span, this.#span)) return;
    this.#span = span;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls after each change; the answer ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** The page's own. */
export const pageWindow: TimeWindow = new TimeWindow();
