import { css } from 'lit';
import type { ChartTheme } from '../../chart/index.ts';

/** What somebody looks at may change its colours at any time; it is asked again this often at most, since asking costs. */
const AGAIN_MS = 5_000;

const PRINTING = ['beforeprint', 'afterprint'] as const;

/** Where the colours stand for {@link Palette} to be read, all of them at once: each as some property that takes a colour. */
export const paletteStyles = css`
  .palette {
    background-color: var(--_series-1);
    border-color: var(--_series-2) var(--_series-3) var(--_series-4) var(--_series-5);
    caret-color: var(--_series-6);
    color: var(--_muted);
    column-rule-color: var(--_series-7);
    display: none;
    fill: var(--_rule);
    outline-color: var(--_series-8);
    stroke: var(--_paper);
    text-decoration-color: var(--_ink);
  }
`;

/** The colours of an element as its page sets them: a canvas cannot resolve custom properties, so an element does. */
export class Palette {
  readonly #element: HTMLElement;
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');
  readonly #onChange: () => void;
  #readAt = Number.NEGATIVE_INFINITY;
  #key = '';
  #theme: ChartTheme | null = null;
  #hues: readonly string[] = [];

  /** `onChange` is told that another scheme is in force, or will be on paper, and draws at once. The element has {@link paletteStyles} and a `.palette`. */
  constructor(element: HTMLElement, onChange: () => void) {
    this.#element = element;
    this.#onChange = () => {
      this.#readAt = Number.NEGATIVE_INFINITY;
      onChange();
    };
  }

  watch(): void {
    this.#scheme.addEventListener('change', this.#onChange);
    for (const name of PRINTING) addEventListener(name, this.#onChange);
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  unwatch(): void {
    this.#scheme.removeEventListener('change', this.#onChange);
    for (const name of PRINTING) removeEventListener(name, this.#onChange);
  }

  /** For axes and grid; another object when, and only when, something of it has changed. */
  get theme(): ChartTheme {
    this.#read();
    return this.#theme as ChartTheme;
  }

  /** The colour of a line, `hue` from 1. */
  color(hue: number): string {
    this.#read();
    return this.#hues[hue - 1] ?? 'gray';
  }

  #read(): void {
    const now = performance.now();
    if (now - this.#readAt < AGAIN_MS) return;
    this.#readAt = now;
    const style = getComputedStyle(this.#element.shadowRoot?.querySelector('.palette') ?? this.#element);
    const hues = [
      ...[style.backgroundColor, style.borderTopColor, style.borderRightColor, style.borderBottomColor],
      ...[style.borderLeftColor, style.caretColor, style.columnRuleColor, style.outlineColor],
    ];
    const { color: ink, fill: grid, stroke: paper, textDecorationColor: strong, fontFamily } = style;
    const key = [ink, grid, paper, strong, fontFamily, ...hues].join();
    if (key === this.#key) return;
    this.#key = key;
    this.#hues = hues;
    this.#theme = { ink, grid, paper, strong, series: hues[0] as string, fontFamily, fontSize: 11 };
  }
}
