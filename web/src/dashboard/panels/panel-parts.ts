import { deepElements } from '../commands/deep.ts';

/** A line in the legend of a plot. */
export interface LegendEntry {
  readonly label: string;
  readonly value: string;
  readonly color: string;
  readonly dashed: boolean;
  /** From nothing to the colour. */
  readonly ramp: boolean;
}

/** A drawn plot of a panel as it is at this moment. */
export interface PlotPart {
  readonly canvas: HTMLCanvasElement;
  /** What stands above it; empty where that is the panel's own. */
  readonly heading: string;
  readonly legend: readonly LegendEntry[];
}

/** What a panel shows, found where its elements keep it: in their shadow roots. */
export interface PanelParts {
  readonly heading: string;
  readonly plots: readonly PlotPart[];
}

const isDrawn = (element: Element): element is HTMLCanvasElement =>
  element instanceof HTMLCanvasElement && element.clientWidth > 0 && element.clientHeight > 0 && element.width > 0;

const textOf = (element: Element | null) => element?.textContent?.replace(/\s+/g, ' ').trim() ?? '';

/** Lines that somebody has switched off are not in the picture either. */
const legendOf = (list: Element): LegendEntry[] =>
  [...list.querySelectorAll('[aria-pressed="true"]')].map((button) => {
    const swatch = button.querySelector('.swatch');
    return {
      label: textOf(button.querySelector('.muted')),
      value: textOf(button.querySelector('.live')),
      color: swatch ? getComputedStyle(swatch).color : 'gray',
      dashed: swatch?.classList.contains('dashed') ?? false,
      ramp: false,
    };
  });

/** What the depth of a colour stands for. */
const scaleOf = (scale: Element, canvas: HTMLCanvasElement): LegendEntry => {
  const palette = canvas.parentElement?.querySelector('.palette') ?? scale;
  const [least = '', most = ''] = [...scale.childNodes].map((node) => node.textContent?.trim() ?? '').filter(Boolean);
  return {
    label: `${least} to`,
    value: most,
    color: getComputedStyle(palette).backgroundColor,
    dashed: false,
    ramp: true,
  };
};

export function partsOf(panel: Element): PanelParts {
  let heading: string | null = null;
  let pending = '';
  const plots: PlotPart[] = [];
  for (const element of deepElements(panel)) {
    if (/^H[2-4]$/.test(element.tagName)) {
      const text = textOf(element);
      if (heading === null) heading = text;
      else pending = text;
    } else if (isDrawn(element)) {
      plots.push({ canvas: element, heading: pending, legend: [] });
      pending = '';
    } else if (element.matches('[part=legend]')) {
      const last = plots.pop();
      if (last) plots.push({ ...last, legend: legendOf(element) });
    } else if (element.matches('.scale')) {
      const last = plots.pop();
      if (last) plots.push({ ...last, legend: [scaleOf(element, last.canvas)] });
    }
  }
  return { heading: heading ?? '', plots };
}

/** The series that are drawn in a panel, each once: those of its charts, and of the map of the cores. */
export function seriesIn(panel: Element): string[] {
  const series = new Set<string>();
  for (const element of deepElements(panel)) {
    if (element.localName === 'telltale-cores') series.add('cpu.cores.usage:*');
    if (element.localName !== 'telltale-chart') continue;
    const { series: names } = element as HTMLElement & { readonly series?: unknown };
    if (typeof names === 'string') for (const name of names.split(',')) series.add(name.trim());
  }
  series.delete('');
  return [...series];
}
