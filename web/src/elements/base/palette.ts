import type { ChartTheme } from '../../chart/index.ts';

/** What somebody looks at may change its colours at any time; it is asked again this often at most, since asking costs. */
const AGAIN_MS = 2_000;
const PROBED = ['--_muted', '--_rule', '--_paper', '--_ink', '--_series-1', '--_signal', '--_alarm'] as const;
const HUES = 8;

/** The colours of an element as its page sets them: a canvas cannot resolve custom properties, so an element does. */
export class Palette {
  readonly #element: HTMLElement;
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');
  readonly #onChange: () => void;
  #readAt = Number.NEGATIVE_INFINITY;
  #key = '';
  #theme: ChartTheme | null = null;
  #hues: readonly string[] = [];

  /** `onChange` is told that another scheme is in force. */
  constructor(element: HTMLElement, onChange: () => void) {
    this.#element = element;
    this.#onChange = () => {
      this.#readAt = Number.NEGATIVE_INFINITY;
      onChange();
    };
  }

  watch(): void {
    this.#scheme.addEventListener('change', this.#onChange);
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  unwatch(): void {
    this.#scheme.removeEventListener('change', this.#onChange);
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
    const root = this.#element.shadowRoot as ShadowRoot;
    const probe = document.createElement('i');
    probe.hidden = true;
    root.append(probe);
    const style = getComputedStyle(probe);
    const read = (name: string) => {
      probe.style.color = `var(${name})`;
      return style.color;
    };
    const [ink, grid, paper, strong, series, signal, alarm] = PROBED.map(read) as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const hues = Array.from({ length: HUES }, (_, i) => read(`--_series-${i + 1}`));
    const { fontFamily } = style;
    probe.remove();
    const key = [ink, grid, paper, strong, series, signal, alarm, fontFamily, ...hues].join();
    if (key === this.#key) return;
    this.#key = key;
    this.#hues = hues;
    this.#theme = { ink, grid, paper, strong, series, signal, alarm, fontFamily, fontSize: 11 };
  }
}
