import { toAttribute } from '../attribute-text.ts';

/** What a panel of the dashboard shows: series over time, or one of the elements with all that belongs to it. */
export type PanelSpec = ChartPanel | ElementPanel;

export interface ChartPanel {
  readonly heading: string;
  /** As `<telltale-chart>` takes it. */
  readonly series: string;
  readonly stacked?: boolean;
  /** The top of the value axis; without one it follows the data. */
  readonly max?: number;
}

export interface ElementPanel {
  readonly heading: string;
  /** `cores` for `<telltale-cores>`. */
  readonly element: PanelElement;
}

/** The elements that may be panels, each with the whole of its topic. */
export const PANEL_ELEMENTS = [
  'cpu',
  'memory',
  'network',
  'disk',
  'filesystem',
  'pressure',
  'sensors',
  'gpu',
  'processes',
  'cores',
] as const;

export type PanelElement = (typeof PANEL_ELEMENTS)[number];

export const isChart = (spec: PanelSpec): spec is ChartPanel => 'series' in spec;

/** Two panels are the same when they show the same, whatever they are called. */
export const keyOf = (spec: PanelSpec): string =>
  isChart(spec) ? `${spec.series}${spec.stacked ? ' stacked' : ''}` : `<${spec.element}>`;

/** The tag and attributes with which a panel is written into a page: `telltale-chart series="cpu.load1"`. */
export function markupOf(spec: PanelSpec): string {
  if (!isChart(spec)) return `telltale-${spec.element}`;
  const facts = [`heading="${toAttribute(spec.heading)}"`, `series="${toAttribute(spec.series)}"`];
  if (spec.stacked) facts.push('stacked');
  if (spec.max !== undefined) facts.push(`max="${spec.max}"`);
  return ['telltale-chart', ...facts].join(' ');
}
