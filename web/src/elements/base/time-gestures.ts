import { type Edges, isLive, pageWindow } from '../../client/index.ts';
import { TelltalePointEvent, TelltaleSpanEvent } from './events.ts';

/** What hands move over. */
export interface Plot {
  /** The moment under a pixel from the left edge of the plot's box, or `null` beside it. */
  timeAt(x: number): number | null;
  /** What is shown, or `null` while nothing is. */
  edges(): Edges | null;
  /** How far apart points are, in ms. */
  stepMs(): number;
}

/** A hand that moved less than this, in pixels, meant a point and no range. */
const DRAG_PX = 6;
const ZOOM = 2;
/** Whoever holds Shift for so long wants something of it alone. */
const HOLD_MS = 250;

/** What the keys do, for whoever cannot see it. */
export const KEY_HELP =
  'Left and right arrow walk through time, plus and minus zoom, page up and page down move, space stops and goes on, shift held down compares with the period before, escape leads back.';

/** Moves the time of the page by mouse, finger and keyboard: whatever is drawn over time lets the same hands do the same. */
export class TimeGestures {
  readonly #element: HTMLElement;
  readonly #plot: Plot;
  readonly #update: () => void;
  /** Where a drag began: pixels and epoch ms. */
  #start: { readonly x: number; readonly at: number } | null = null;
  /** What is being marked, from where to where, epoch ms. */
  selection: Edges | null = null;
  /** Whether the cursor was moved here, and how: who moves it by keyboard may not see it. */
  by: 'pointer' | 'keyboard' | null = null;
  #holding: ReturnType<typeof setTimeout> | undefined;
  /** Whether the page compares because of a key that is held here. */
  #compares = false;

  constructor(element: HTMLElement, plot: Plot, update: () => void) {
    this.#element = element;
    this.#plot = plot;
    this.#update = update;
  }

  readonly down = (event: PointerEvent): void => {
    this.move(event);
    const at = pageWindow.cursor;
    // A finger that moves along the plot points; two buttons of a mouse are something else.
    if (event.button !== 0 || event.pointerType === 'touch' || at === null) return;
    this.#start = { x: event.clientX, at };
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  };

  readonly move = (event: PointerEvent): void => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const at = this.#plot.timeAt(event.clientX - box.left);
    this.by = at === null ? null : 'pointer';
    if (this.#start && at !== null && Math.abs(event.clientX - this.#start.x) >= DRAG_PX) {
      this.selection = { from: Math.min(this.#start.at, at), to: Math.max(this.#start.at, at) };
    }
    this.#point(at ?? (this.#start ? pageWindow.cursor : null));
    this.#update();
  };

  readonly up = (): void => {
    const { selection } = this;
    this.#start = null;
    this.selection = null;
    if (selection) this.#turn(() => pageWindow.zoom(selection.from, selection.to, this.#now()));
    this.#update();
  };

  /** A finger covers what it points at: the mark stays when it is lifted. */
  readonly leave = (event: PointerEvent): void => {
    if (event.pointerType === 'touch' || this.#start) return;
    this.drop();
  };

  readonly drop = (): void => {
    this.#start = null;
    this.selection = null;
    if (this.by === null) return;
    this.by = null;
    this.#point(null);
    this.#update();
  };

  readonly reset = (): void => {
    this.#turn(() => pageWindow.reset());
  };

  /** The keyboard is elsewhere, or nobody is here any more. */
  readonly blur = (): void => {
    this.#release();
    this.drop();
  };

  readonly keyUp = (event: KeyboardEvent): void => {
    if (event.key === 'Shift') this.#release();
  };

  readonly key = (event: KeyboardEvent): void => {
    if (event.key === 'Shift') {
      if (!event.repeat) this.#hold();
      return;
    }
    // With another key it means what that key means.
    clearTimeout(this.#holding);
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#press(event.key, event.shiftKey)) return;
    event.preventDefault();
    this.#update();
  };

  #hold(): void {
    clearTimeout(this.#holding);
    this.#holding = setTimeout(() => {
      if (pageWindow.comparing) return;
      this.#compares = true;
      pageWindow.compare(true);
    }, HOLD_MS);
  }

  #release(): void {
    clearTimeout(this.#holding);
    if (this.#compares) pageWindow.compare(false);
    this.#compares = false;
  }

  /** Answers whether the key means something here. */
  #press(key: string, fast: boolean): boolean {
    const edges = this.#plot.edges();
    if (!edges) return false;
    const now = this.#now();
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowRight':
        this.#walk(edges, (key === 'ArrowLeft' ? -1 : 1) * this.#plot.stepMs() * (fast ? 10 : 1));
        return true;
      case 'Home':
      case 'End':
        this.by = 'keyboard';
        this.#point(key === 'Home' ? edges.from : edges.to);
        return true;
      case '+':
      case '=':
      case '-':
        this.#turn(() => pageWindow.scale(key === '-' ? ZOOM : 1 / ZOOM, now));
        return true;
      case 'PageUp':
      case 'PageDown':
        this.#turn(() => pageWindow.move(key === 'PageUp' ? -0.5 : 0.5, now));
        return true;
      case ' ':
        this.#turn(() => (isLive(pageWindow.span) ? pageWindow.pause(now) : pageWindow.resume()));
        return true;
      case 'Escape':
        // One thing at a time: the mark first, then the zoom; a page may have a use for the key when there is neither.
        if (this.selection || pageWindow.cursor !== null) {
          this.by ??= 'keyboard';
          this.drop();
          return true;
        }
        if (!pageWindow.away) return false;
        this.reset();
        return true;
      default:
        return false;
    }
  }

  #walk({ from, to }: Edges, by: number): void {
    this.by = 'keyboard';
    this.#point(Math.min(to, Math.max(from, (pageWindow.cursor ?? to) + by)));
  }

  #now(): number {
    const edges = this.#plot.edges();
    return edges && isLive(pageWindow.span) ? edges.to : Date.now();
  }

  #point(at: number | null): void {
    if (at === pageWindow.cursor) return;
    pageWindow.point(at);
    this.#element.dispatchEvent(new TelltalePointEvent(at));
  }

  #turn(change: () => void): void {
    const before = pageWindow.span;
    change();
    if (pageWindow.span !== before) this.#element.dispatchEvent(new TelltaleSpanEvent(pageWindow.span));
  }
}
