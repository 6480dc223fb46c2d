import { type Box, type Drop, dropAt, placeAfter } from './board-drag.ts';

/** What is dragged about. */
export interface Draggable {
  /** Where the panels are at this moment. */
  boxes(): readonly Box[];
  /** A panel was let go of elsewhere. */
  drop(from: number, to: number): void;
  /** Something of the drag has changed. */
  update(): void;
}

/** A hand that moved less than this, in pixels, meant the button. */
const DRAG_PX = 6;
/** So near to an edge of the window the page follows, so fast with each move. */
const EDGE_PX = 48;
const SCROLL_PX = 18;

/** Moves a panel by mouse, finger or pen: only what is marked moves until it is let go of, so nothing slips away below. */
export class PanelDrag {
  readonly #target: Draggable;
  #start: { readonly index: number; readonly x: number; readonly y: number } | null = null;
  /** What is on its way, or `null`. */
  from: number | null = null;
  /** Where it would come, or `null`. */
  drop: Drop | null = null;

  constructor(target: Draggable) {
    this.#target = target;
  }

  down(event: PointerEvent, index: number): void {
    if (event.button !== 0 || !event.isPrimary) return;
    this.#start = { index, x: event.clientX, y: event.clientY };
    addEventListener('pointermove', this.#move);
    addEventListener('pointerup', this.#up);
    addEventListener('pointercancel', this.cancel);
    addEventListener('keydown', this.#key, { capture: true });
  }

  readonly cancel = (): void => {
    this.#start = null;
    this.from = null;
    this.drop = null;
    removeEventListener('pointermove', this.#move);
    removeEventListener('pointerup', this.#up);
    removeEventListener('pointercancel', this.cancel);
    removeEventListener('keydown', this.#key, { capture: true });
    this.#target.update();
  };

  readonly #move = ({ clientX: x, clientY: y, isPrimary }: PointerEvent): void => {
    const start = this.#start;
    if (!start || !isPrimary) return;
    if (this.from === null && Math.hypot(x - start.x, y - start.y) < DRAG_PX) return;
    if (y < EDGE_PX) scrollBy(0, -SCROLL_PX);
    else if (y > innerHeight - EDGE_PX) scrollBy(0, SCROLL_PX);
    this.from = start.index;
    this.drop = dropAt(this.#target.boxes(), x, y);
    this.#target.update();
  };

  readonly #up = (): void => {
    const { from, drop } = this;
    if (from !== null) swallowClick();
    this.cancel();
    if (from !== null && drop) this.#target.drop(from, placeAfter(from, drop));
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.from === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.cancel();
  };
}

/** A drag that ends on the button where it began is a click to the browser. */
function swallowClick(): void {
  const swallow = (event: Event) => event.stopPropagation();
  addEventListener('click', swallow, { capture: true });
  setTimeout(() => removeEventListener('click', swallow, { capture: true }));
}
